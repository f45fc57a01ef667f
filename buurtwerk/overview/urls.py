from django.urls import path

from buurtwerk.overview import views

app_name = "overview"
urlpatterns = [
    path("team/", views.today, name="today"),
    path("health/", views.health, name="health"),
]
