from django.urls import path

from buurtwerk.interface.language import in_every_language
from buurtwerk.places import views

app_name = "places"
urlpatterns = in_every_language([path("centrum/<slug:slug>/", views.centre, name="centre")])
