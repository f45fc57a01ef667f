from activities.forms.series import NewSeriesForm, SeriesFilter, SeriesForm
from activities.forms.session import CancelForm

__all__ = ["CancelForm", "NewSeriesForm", "SeriesFilter", "SeriesForm"]
