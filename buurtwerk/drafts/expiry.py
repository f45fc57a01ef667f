from buurtwerk.daily.work import every_day
from buurtwerk.drafts.models import Draft


@every_day("Concepten van meer dan 7 dagen gewist")
def erase_outdated_drafts():
    """What someone typed about people and did not save, does not stay for ever."""
    return Draft.objects.outdated().delete()[0]
