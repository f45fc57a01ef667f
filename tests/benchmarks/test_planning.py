"""Planning a school year of 200 series, and a second time when all is there.

Run with `uv run pytest tests/benchmarks/test_planning.py -s -n0`.
"""

import time
from datetime import date

import pytest

from activities.clock import plan_moments
from activities.models import Session
from tests.activities.factories import load_holidays, make_series
from tests.factories import make_centre

SERIES = 200


@pytest.mark.django_db(transaction=True)
def test_a_school_year_of_200_series():
    load_holidays()
    centre = make_centre()
    for number in range(SERIES):
        day = ["MO", "TU", "WE", "TH", "FR"][number % 5]
        make_series(
            centre=centre,
            rrule=f"FREQ=WEEKLY;BYDAY={day}",
            first_date=date(2026, 9, 1),
            holiday_policy="skip",
            public_holiday_policy="skip",
        )
    for label in ("first time", "nothing to do"):
        started = time.monotonic()
        plan_moments()
        print(f"\n{label}: {Session.objects.count()} moments, {time.monotonic() - started:.1f} s")
