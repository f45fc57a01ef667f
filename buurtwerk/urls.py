"""The whole site. Residents have no prefix, the team lives under /team/; each app draws its own part."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("activities.urls")),
    path("", include("partners.urls")),
    path("", include("households.urls")),
    path("", include("signals.urls")),
    path("", include("buurtwerk.overview.urls")),
    path("", include("buurtwerk.notices.urls")),
    path("", include("buurtwerk.outbox.urls")),
    path("", include("buurtwerk.places.urls")),
    path("team/", include("buurtwerk.accounts.urls")),
    path("team/concepten/", include("buurtwerk.drafts.urls")),
    path("beheer-django/", admin.site.urls),
]

handler400 = "buurtwerk.interface.views.bad_request"
handler403 = "buurtwerk.interface.views.forbidden"
handler404 = "buurtwerk.interface.views.not_found"
handler429 = "buurtwerk.interface.views.too_many_requests"
handler500 = "buurtwerk.interface.views.server_error"
