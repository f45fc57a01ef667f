from activities.actions.closing import close, follow_the_clock, open_again, still_missing
from activities.actions.moving import UNDO_MOVE, move, take_back_move
from activities.actions.series import change_series, plan_series
from activities.actions.session import (
    UNDO_CANCEL,
    UNDO_REOPEN,
    cancel,
    cancelling_of,
    moment_in_words,
    reopen,
    take_back_cancel,
)

__all__ = [
    "UNDO_CANCEL",
    "UNDO_MOVE",
    "UNDO_REOPEN",
    "cancel",
    "cancelling_of",
    "change_series",
    "close",
    "follow_the_clock",
    "moment_in_words",
    "move",
    "open_again",
    "plan_series",
    "reopen",
    "still_missing",
    "take_back_cancel",
    "take_back_move",
]
