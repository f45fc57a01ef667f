from activities.models.series import ActivitySeries
from activities.models.session import Session

__all__ = ["ActivitySeries", "Session"]
