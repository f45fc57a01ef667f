from django.urls import include, path, register_converter

from signals import views
from signals.models import REFERENCE


class Reference:
    """S-2026-0042"""

    regex = REFERENCE.strip("^$")

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Reference, "reference")

# /team/signalen/<reference>/
signal_urls = [
    path("", views.detail, name="detail"),
    path("genoteerd/", views.noted, name="noted"),
    path("contact/", views.contact, name="contact"),
    path("beoordeel/", views.triage, name="triage"),
    path("oppakken/", views.pick_up, name="pick-up"),
    path("toewijzen/", views.assign, name="assign"),
    path("wachten/", views.wait, name="wait"),
    path("sluiten/", views.close, name="close"),
    path("heropenen/", views.reopen, name="reopen"),
    path("spam/", views.spam, name="spam"),
    path("geen-spam/", views.not_spam, name="not-spam"),
    path("nota/", views.note, name="note"),
]

app_name = "signals"
urlpatterns = [
    path("team/signalen/", views.signal_list, name="list"),
    path("team/signalen/nieuw/", views.new, name="new"),
    path("team/signalen/<reference:reference>/", include(signal_urls)),
]
