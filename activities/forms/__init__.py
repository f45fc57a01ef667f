from activities.forms.moving import MoveForm
from activities.forms.series import NewSeriesForm, SeriesFilter, SeriesForm
from activities.forms.session import CancelForm

__all__ = ["CancelForm", "MoveForm", "NewSeriesForm", "SeriesFilter", "SeriesForm"]
