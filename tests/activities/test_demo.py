import pytest

from activities.models import ActivitySeries, Session
from buurtwerk.demo.activities import load_activities
from tests.activities.factories import load_holidays
from tests.factories import make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    load_holidays()
    for slug in ("buurtcentrum-hoogland", "ketteland"):
        make_centre(slug=slug)


def test_the_demo_week_is_loaded_with_moments_and_two_that_are_off():
    load_activities()

    assert ActivitySeries.objects.count() == 20
    assert Session.objects.count() > 200
    assert Session.objects.filter(status="cancelled").count() == 2


def test_loading_again_changes_nothing_that_people_changed():
    load_activities()
    before = Session.objects.count()
    ActivitySeries.objects.filter(slug="naaiatelier").update(title="Naaien op maandag")
    Session.objects.filter(status="cancelled").update(status="planned", reason_public="")

    load_activities()

    assert ActivitySeries.objects.get(slug="naaiatelier").title == "Naaien op maandag"
    assert Session.objects.count() == before
    assert not Session.objects.filter(status="cancelled").exists()
