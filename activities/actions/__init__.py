from activities.actions.series import change_series, plan_series
from activities.actions.session import UNDO_CANCEL, cancel, moment_in_words, reopen, take_back_cancel

__all__ = [
    "UNDO_CANCEL",
    "cancel",
    "change_series",
    "moment_in_words",
    "plan_series",
    "reopen",
    "take_back_cancel",
]
