from django.urls import path

from buurtwerk.outbox import views

app_name = "outbox"

# /team/beheer/berichten/
urlpatterns = [
    path("team/beheer/berichten/", views.message_list, name="list"),
    path("team/beheer/berichten/opnieuw/", views.message_try_all_again, name="try-all-again"),
    path("team/beheer/berichten/<int:pk>/", views.message_detail, name="detail"),
    path("team/beheer/berichten/<int:pk>/opnieuw/", views.message_try_again, name="try-again"),
]
