"""Work on series and the moments that follow from them."""

from django.db import transaction

from activities.generation import generate, replan


@transaction.atomic
def plan_series(series):
    """Keep a new series and make its moments up to the end of the school year."""
    series.save()
    return generate(series)


@transaction.atomic
def change_series(series):
    """Keep a changed series and bring its coming moments in line."""
    series.save()
    return replan(series)
