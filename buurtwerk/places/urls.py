from django.urls import path

from buurtwerk.places import views

app_name = "places"
urlpatterns = [
    path("<slug:slug>/", views.centre, name="centre"),
]
