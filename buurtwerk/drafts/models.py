from buurtwerk.drafts.once import SavedOnce
from buurtwerk.drafts.typed import Draft
from buurtwerk.drafts.undo import Undo

__all__ = ["Draft", "SavedOnce", "Undo"]
