import pytest

from activities.models import Session, SessionChange
from buurtwerk.demo.activities import load_activities
from buurtwerk.demo.moments import load_moments
from buurtwerk.demo.people import load_people
from buurtwerk.demo.places import load_places
from buurtwerk.outbox.models import Message

pytestmark = pytest.mark.django_db


def test_one_moment_is_cancelled_with_half_of_its_calls_made_and_one_is_moved_however_often_it_is_loaded():
    load_places()
    load_people()
    load_activities()
    for _ in range(2):
        load_moments()

    assert sorted(SessionChange.objects.exclude(by=None).values_list("kind", flat=True)) == ["cancelled", "moved"]
    assert sorted(Message.objects.calls().values_list("fate", "tries")) == [
        ("called", 1),
        ("called", 1),
        ("queued", 0),
        ("queued", 1),
    ]
    # Two families and the volunteer who stood there.
    assert Message.objects.mails().queued().count() == 3
    moved = Session.objects.get(moved_from__isnull=False)
    assert moved.place and moved.starts_at > moved.moved_from
