from django.urls import path

from buurtwerk.notices import views

app_name = "notices"

urlpatterns = [path("team/meldingen/<int:pk>/", views.open_notice, name="open")]
