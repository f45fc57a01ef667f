from allauth.account.adapter import DefaultAccountAdapter


class TeamAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Colleagues are added by an administrator; nobody signs up."""
        return False
