from allauth.account import views as allauth
from django.urls import path

from buurtwerk.accounts import views

# Our own choice from allauth's pages: nobody signs up, and a forgotten password goes through a colleague.
urlpatterns = [
    path("aanmelden/", allauth.login, name="account_login"),
    path("aanmelden/nieuw/", allauth.signup, name="account_signup"),
    path("aanmelden/blijf/", views.stay, name="account_stay"),
    path("afmelden/", allauth.logout, name="account_logout"),
    path("wachtwoord/", allauth.password_change, name="account_change_password"),
    path("wachtwoord/bevestig/", allauth.reauthenticate, name="account_reauthenticate"),
    path("niet-actief/", allauth.account_inactive, name="account_inactive"),
]
