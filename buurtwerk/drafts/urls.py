from django.urls import path

from buurtwerk.drafts import views

app_name = "drafts"
urlpatterns = [
    path("", views.draft_list, name="list"),
    path("bewaar/", views.keep, name="keep"),
    path("<int:pk>/weg/", views.discard, name="discard"),
    path("ongedaan/<str:token>/", views.take_back, name="take-back"),
]
