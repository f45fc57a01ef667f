from activities.views.agenda import agenda, calendar_feed, calendar_help
from activities.views.public import activity, moment, moment_feed
from activities.views.registration import activity_register, moment_register, registration
from activities.views.series import series, series_change, series_create, series_list
from activities.views.session import session, session_cancel, session_reopen

__all__ = [
    "activity",
    "activity_register",
    "agenda",
    "calendar_feed",
    "calendar_help",
    "moment",
    "moment_feed",
    "moment_register",
    "registration",
    "series",
    "series_change",
    "series_create",
    "series_list",
    "session",
    "session_cancel",
    "session_reopen",
]
