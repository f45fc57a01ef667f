from datetime import timedelta

import pytest
from django.utils import timezone

from activities.models import Attendance, HeadCount, Posting, Session
from activities.ratio import staffing
from activities.roll import roll_of
from buurtwerk.demo.activities import load_activities
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.demo.presence import load_presence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded():
    load_places()
    load_people()
    load_activities()
    load_presence()


def test_tom_stands_today_with_twenty_five_children():
    session = Session.objects.on(timezone.localdate()).get(series__slug="speelnamiddag")

    assert len(roll_of(session).rows) == 25 and not roll_of(session).here
    assert session.postings.get().user.username == "tom"


def test_a_second_time_changes_nothing():
    tables = (Attendance, HeadCount, Posting, Session)
    before = [table.objects.count() for table in tables]

    load_presence()

    assert before == [table.objects.count() for table in tables]


def test_the_weeks_that_were_give_a_forecast():
    today = timezone.localdate()
    rows = staffing(Session.objects.all(), first=today, last=today + timedelta(days=13))

    assert any(row.drop_in for row in rows if row.session.series.slug == "speelnamiddag")
    assert any(row.short for row in rows)
