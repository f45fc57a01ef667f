from allauth.account.adapter import DefaultAccountAdapter

NOT_TOGETHER = "Deze naam en dit wachtwoord horen niet bij elkaar. Kijk na wat je typte en probeer opnieuw."


class TeamAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": NOT_TOGETHER,
        "email_password_mismatch": NOT_TOGETHER,
        "too_many_login_attempts": "Te veel pogingen. Probeer opnieuw over 5 minuten.",
        "enter_current_password": "Dit is niet je wachtwoord van nu.",
        "incorrect_password": "Dit is niet je wachtwoord.",
    }

    def is_open_for_signup(self, request):
        """Colleagues are added by an administrator; nobody signs up."""
        return False
