"""Once more the password, before what is most private: a session that was left open is not enough for it."""

from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.shortcuts import redirect
from django.urls import reverse


def is_confirmed(request):
    """Whether who is signed in gave the password again, in the last five minutes."""
    return did_recently_reauthenticate(request)


def ask_password(request):
    """To the page that asks the password, and from there back to this one."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
