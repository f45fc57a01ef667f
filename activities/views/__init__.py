from activities.views.agenda import agenda, agenda_embedded, calendar_feed, calendar_help
from activities.views.calls import call_list, call_list_print, call_noted
from activities.views.care import (
    care,
    care_link,
    care_print,
    care_sheet,
    carer_create,
    carer_edit,
    carer_first,
    carer_remove,
    consent_withdraw,
    consents,
    pickup_create,
    pickup_edit,
    pickup_remove,
)
from activities.views.care_by_link import care_by_link
from activities.views.closure import closure_remove, closures, flemish_day
from activities.views.date import series_date
from activities.views.enrolments import (
    registration_decide,
    series_desk,
    series_registrations,
    session_desk,
    session_registrations,
)
from activities.views.head_count import head_count
from activities.views.hours import session_hours
from activities.views.moving import session_move
from activities.views.opendata import news_feed, open_data
from activities.views.participants import participant, participant_change, participant_link, participant_list
from activities.views.pickup import emergency_cards, pickup
from activities.views.posting import posting_remove, postings
from activities.views.presence import (
    presence,
    presence_everyone,
    presence_history,
    presence_home,
    presence_missing,
    presence_stand,
    presence_tick,
)
from activities.views.presence_new import presence_find, presence_known, presence_new
from activities.views.presence_paper import presence_here, presence_paper, presence_sheet
from activities.views.public import activity, moment, moment_feed
from activities.views.ratio import ratios, staffing_overview
from activities.views.registration import activity_register, moment_register, registration
from activities.views.series import series, series_change, series_create, series_list
from activities.views.session import session, session_cancel, session_close, session_open_again, session_reopen
from activities.views.translation import series_translations, translations

__all__ = [
    "participant",
    "participant_change",
    "participant_link",
    "participant_list",
    "registration_decide",
    "series_desk",
    "series_registrations",
    "session_desk",
    "session_registrations",
    "care",
    "care_by_link",
    "care_link",
    "care_print",
    "care_sheet",
    "carer_create",
    "carer_edit",
    "carer_first",
    "carer_remove",
    "consent_withdraw",
    "consents",
    "emergency_cards",
    "pickup",
    "pickup_create",
    "pickup_edit",
    "pickup_remove",
    "activity",
    "activity_register",
    "agenda",
    "agenda_embedded",
    "call_list",
    "call_list_print",
    "call_noted",
    "calendar_feed",
    "calendar_help",
    "head_count",
    "closure_remove",
    "closures",
    "flemish_day",
    "moment",
    "moment_feed",
    "moment_register",
    "posting_remove",
    "postings",
    "presence",
    "presence_everyone",
    "presence_find",
    "presence_here",
    "presence_history",
    "presence_home",
    "presence_known",
    "presence_missing",
    "presence_new",
    "presence_paper",
    "presence_sheet",
    "presence_stand",
    "presence_tick",
    "ratios",
    "registration",
    "news_feed",
    "open_data",
    "series",
    "series_change",
    "series_create",
    "series_date",
    "series_list",
    "series_translations",
    "session",
    "session_cancel",
    "session_close",
    "session_move",
    "session_open_again",
    "session_hours",
    "session_reopen",
    "staffing_overview",
    "translations",
]
