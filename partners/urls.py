from django.urls import include, path

from buurtwerk.interface.language import in_every_language
from partners.views import guide, organisation, service

app_name = "partners"

# /wegwijzer/
guide_urls = [
    path("", guide.guide, name="guide"),
    path("<slug:slug>/", guide.guide_card, name="guide-card"),
]

# /team/partners/<slug>/aanbod/
service_urls = [
    path("nieuw/", service.create, name="service-create"),
    path("<slug:service_slug>/bewerk/", service.edit, name="service-edit"),
    path("<slug:service_slug>/nagekeken/", service.check, name="service-check"),
]

# /team/partners/
organisation_urls = [
    path("", organisation.organisation_list, name="list"),
    path("nieuw/", organisation.create, name="create"),
    path("<slug:slug>/", organisation.detail, name="detail"),
    path("<slug:slug>/bewerk/", organisation.edit, name="edit"),
    path("<slug:slug>/aanbod/", include(service_urls)),
]

urlpatterns = [
    *in_every_language([path("wegwijzer/", include(guide_urls))]),
    path("team/partners/", include(organisation_urls)),
]
