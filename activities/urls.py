from django.urls import path

from activities import views

app_name = "activities"

# /
public_urls = [
    path("", views.agenda, name="agenda"),
    path("kalender.ics", views.calendar_feed, name="calendar-feed"),
    path("kalender/", views.calendar_help, name="calendar"),
    path("activiteit/<slug:slug>/", views.activity, name="activity"),
    path("activiteit/<slug:slug>/inschrijven/", views.activity_register, name="activity-register"),
    path("moment/<slug:code>.ics", views.moment_feed, name="moment-feed"),
    path("moment/<slug:code>/", views.moment, name="moment"),
    path("moment/<slug:code>/inschrijven/", views.moment_register, name="moment-register"),
    path("inschrijving/<str:token>/", views.registration, name="registration"),
]

# /team/activiteiten/
series_urls = [
    path("team/activiteiten/", views.series_list, name="series-list"),
    path("team/activiteiten/nieuw/", views.series_create, name="series-create"),
    path("team/activiteiten/<slug:slug>/", views.series, name="series"),
    path("team/activiteiten/<slug:slug>/aanpassen/", views.series_change, name="series-change"),
]

# /team/momenten/<code>/
session_urls = [
    path("team/momenten/<slug:code>/", views.session, name="session"),
    path("team/momenten/<slug:code>/gaat-niet-door/", views.session_cancel, name="session-cancel"),
    path("team/momenten/<slug:code>/gaat-toch-door/", views.session_reopen, name="session-reopen"),
]

urlpatterns = public_urls + series_urls + session_urls
