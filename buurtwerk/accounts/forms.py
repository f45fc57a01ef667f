"""allauth's own forms, in our words."""

from allauth.account import forms as allauth

from buurtwerk.interface.forms import helper, say_when_empty


class Worded:
    """Mixin: labels of our own instead of allauth's placeholders."""

    labels = {}
    button = "Bewaar"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(self.button)
        for name, label in self.labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(Worded, allauth.LoginForm):
    labels = {"login": "Naam of e-mail", "password": "Wachtwoord"}
    button = "Meld aan"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Nobody may think that only an e-mail address will do; password managers look for `username`.
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        say_when_empty(self, login="Vul je naam of je e-mail in.", password="Vul je wachtwoord in.")

    def add_prefix(self, field_name):
        return super().add_prefix("username" if field_name == "login" else field_name)


class ChangePasswordForm(Worded, allauth.ChangePasswordForm):
    labels = {
        "oldpassword": "Je wachtwoord van nu",
        "password1": "Nieuw wachtwoord",
        "password2": "Nieuw wachtwoord, nog eens",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = "Minstens 12 tekens. Enkele woorden na elkaar onthoud je het best."
        say_when_empty(
            self,
            oldpassword="Vul je wachtwoord van nu in.",
            password1="Kies een nieuw wachtwoord.",
            password2="Typ het nieuwe wachtwoord nog eens.",
        )


class ReauthenticateForm(Worded, allauth.ReauthenticateForm):
    labels = {"password": "Wachtwoord"}
    button = "Ga verder"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        say_when_empty(self, password="Vul je wachtwoord in.")
