from activities.forms.closure import ClosureForm
from activities.forms.date import DateForm
from activities.forms.hours import HoursForm, ask_about_people
from activities.forms.moving import MoveForm
from activities.forms.series import NewSeriesForm, SeriesFilter, SeriesForm
from activities.forms.session import CancelForm

__all__ = [
    "CancelForm",
    "ClosureForm",
    "DateForm",
    "HoursForm",
    "MoveForm",
    "NewSeriesForm",
    "SeriesFilter",
    "SeriesForm",
    "ask_about_people",
]
