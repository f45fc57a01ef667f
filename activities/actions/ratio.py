from django.db import transaction

from activities.models import Ratio


@transaction.atomic
def settle_ratio(*, centre, band, children, valid_from, by):
    """From this day on. A second number for the same day replaces the first; the history keeps both."""
    ratio, _ = Ratio.objects.update_or_create(
        centre=centre, band=band, valid_from=valid_from, defaults={"children": children, "by": by}
    )
    return ratio
