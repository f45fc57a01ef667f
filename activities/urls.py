from django.urls import path

from activities import views
from buurtwerk.interface.language import in_every_language

app_name = "activities"

# /
public_urls = [
    path("", views.agenda, name="agenda"),
    path("agenda/insluiten/", views.agenda_embedded, name="agenda-embedded"),
    path("kalender.ics", views.calendar_feed, name="calendar-feed"),
    path("kalender.rss", views.news_feed, name="news-feed"),
    path("open-data/activiteiten.jsonld", views.open_data, name="open-data-feed"),
    path("kalender/", views.calendar_help, name="calendar"),
    path("activiteit/<slug:slug>/", views.activity, name="activity"),
    path("activiteit/<slug:slug>/inschrijven/", views.activity_register, name="activity-register"),
    path("moment/<slug:code>.ics", views.moment_feed, name="moment-feed"),
    path("moment/<slug:code>/", views.moment, name="moment"),
    path("moment/<slug:code>/inschrijven/", views.moment_register, name="moment-register"),
    path("inschrijving/<str:token>/", views.registration, name="registration"),
    path("kind/<str:token>/", views.care_by_link, name="care-by-link"),
]

# /team/activiteiten/
series_urls = [
    path("team/activiteiten/", views.series_list, name="series-list"),
    path("team/activiteiten/nieuw/", views.series_create, name="series-create"),
    path("team/activiteiten/bezetting/", views.staffing_overview, name="staffing"),
    path("team/activiteiten/bezetting/norm/", views.ratios, name="ratios"),
    path("team/activiteiten/vertalingen/", views.translations, name="translations"),
    path("team/activiteiten/sluitingsdagen/", views.closures, name="closures"),
    path("team/activiteiten/sluitingsdagen/<int:pk>/weg/", views.closure_remove, name="closure-remove"),
    path("team/activiteiten/sluitingsdagen/<slug:slug>/11-juli/", views.flemish_day, name="flemish-day"),
    path("team/activiteiten/<slug:slug>/", views.series, name="series"),
    path("team/activiteiten/<slug:slug>/vertalingen/", views.series_translations, name="series-translations"),
    path("team/activiteiten/<slug:slug>/aanpassen/", views.series_change, name="series-change"),
    path("team/activiteiten/<slug:slug>/datum/", views.series_date, name="series-date"),
]

# /team/momenten/<code>/
session_urls = [
    path("team/momenten/<slug:code>/", views.session, name="session"),
    path("team/momenten/<slug:code>/uren/", views.session_hours, name="session-hours"),
    path("team/momenten/<slug:code>/gaat-niet-door/", views.session_cancel, name="session-cancel"),
    path("team/momenten/<slug:code>/gaat-toch-door/", views.session_reopen, name="session-reopen"),
    path("team/momenten/<slug:code>/verplaatsen/", views.session_move, name="session-move"),
    path("team/momenten/<slug:code>/afsluiten/", views.session_close, name="session-close"),
    path("team/momenten/<slug:code>/heropenen/", views.session_open_again, name="session-open-again"),
    path("team/momenten/<slug:code>/bellen/", views.call_list, name="call-list"),
    path("team/momenten/<slug:code>/bellen/afdrukken/", views.call_list_print, name="call-list-print"),
    path("team/momenten/<slug:code>/bellen/<int:pk>/", views.call_noted, name="call-noted"),
]

# /team/momenten/<code>/aanwezig/
presence_urls = [
    path("team/momenten/<slug:code>/aanwezig/", views.presence, name="presence"),
    path("team/momenten/<slug:code>/aanwezig/tik/", views.presence_tick, name="presence-tick"),
    path("team/momenten/<slug:code>/aanwezig/stand/", views.presence_stand, name="presence-stand"),
    path("team/momenten/<slug:code>/aanwezig/iedereen/", views.presence_everyone, name="presence-everyone"),
    path("team/momenten/<slug:code>/aanwezig/naar-huis/", views.presence_home, name="presence-home"),
    path("team/momenten/<slug:code>/aanwezig/niet-gekomen/", views.presence_missing, name="presence-missing"),
    path("team/momenten/<slug:code>/aanwezig/verloop/", views.presence_history, name="presence-history"),
    path("team/momenten/<slug:code>/aanwezig/erbij/", views.presence_find, name="presence-find"),
    path("team/momenten/<slug:code>/aanwezig/erbij/gekend/", views.presence_known, name="presence-known"),
    path("team/momenten/<slug:code>/aanwezig/erbij/nieuw/", views.presence_new, name="presence-new"),
    path("team/momenten/<slug:code>/aanwezig/blad/", views.presence_sheet, name="presence-sheet"),
    path("team/momenten/<slug:code>/aanwezig/invullen/", views.presence_paper, name="presence-paper"),
    path("team/momenten/<slug:code>/aanwezig/nu-hier/", views.presence_here, name="presence-here"),
    path("team/momenten/<slug:code>/tellen/", views.head_count, name="head-count"),
    path("team/momenten/<slug:code>/begeleiding/", views.postings, name="postings"),
    path("team/momenten/<slug:code>/begeleiding/<int:pk>/weg/", views.posting_remove, name="posting-remove"),
]

# /team/momenten/<code>/ and /team/activiteiten/<slug>/
enrolment_urls = [
    path("team/momenten/<slug:code>/inschrijvingen/", views.session_registrations, name="session-registrations"),
    path("team/momenten/<slug:code>/inschrijven/", views.session_desk, name="session-desk"),
    path("team/activiteiten/<slug:slug>/inschrijvingen/", views.series_registrations, name="series-registrations"),
    path("team/activiteiten/<slug:slug>/inschrijven/", views.series_desk, name="series-desk"),
    path("team/inschrijvingen/<int:pk>/<slug:what>/", views.registration_decide, name="registration-decide"),
]

# /team/deelnemers/
participant_urls = [
    path("team/deelnemers/", views.participant_list, name="participant-list"),
    path("team/deelnemers/<slug:code>/", views.participant, name="participant"),
    path("team/deelnemers/<slug:code>/aanpassen/", views.participant_change, name="participant-change"),
    path("team/deelnemers/<slug:code>/koppel/", views.participant_link, name="participant-link"),
]

# /team/deelnemers/<code>/zorg/
care_urls = [
    path("team/deelnemers/<slug:code>/zorg/", views.care, name="care"),
    path("team/deelnemers/<slug:code>/zorg/afdruk/", views.care_print, name="care-print"),
    path("team/deelnemers/<slug:code>/zorg/fiche/", views.care_sheet, name="care-sheet"),
    path("team/deelnemers/<slug:code>/zorg/zorgfiguren/nieuw/", views.carer_create, name="carer-create"),
    path("team/deelnemers/<slug:code>/zorg/zorgfiguren/<int:pk>/", views.carer_edit, name="carer-edit"),
    path("team/deelnemers/<slug:code>/zorg/zorgfiguren/<int:pk>/weg/", views.carer_remove, name="carer-remove"),
    path("team/deelnemers/<slug:code>/zorg/zorgfiguren/<int:pk>/eerst/", views.carer_first, name="carer-first"),
    path("team/deelnemers/<slug:code>/zorg/afhalers/nieuw/", views.pickup_create, name="pickup-create"),
    path("team/deelnemers/<slug:code>/zorg/afhalers/<int:pk>/", views.pickup_edit, name="pickup-edit"),
    path("team/deelnemers/<slug:code>/zorg/afhalers/<int:pk>/weg/", views.pickup_remove, name="pickup-remove"),
    path("team/deelnemers/<slug:code>/zorg/toestemmingen/", views.consents, name="consents"),
    path(
        "team/deelnemers/<slug:code>/zorg/toestemmingen/<slug:purpose>/intrekken/",
        views.consent_withdraw,
        name="consent-withdraw",
    ),
    path("team/deelnemers/<slug:code>/zorg/link/", views.care_link, name="care-link"),
    path("team/momenten/<slug:code>/ophalen/<slug:participant_code>/", views.pickup, name="pickup"),
    path("team/momenten/<slug:code>/noodkaarten/", views.emergency_cards, name="emergency-cards"),
]

urlpatterns = (
    in_every_language(public_urls)
    + series_urls
    + session_urls
    + presence_urls
    + enrolment_urls
    + participant_urls
    + care_urls
)
