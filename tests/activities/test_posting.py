"""Who stands at a moment."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.generation import generate
from activities.models import Posting
from buurtwerk.accounts.models import Role
from buurtwerk.drafts.models import Undo
from tests.activities.factories import make_posting, make_series, make_session, make_session_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_session_now(series_title="Speelnamiddag")


@pytest.fixture
def worker(client, session):
    user = make_user(Role.WORKER, centre=session.centre)
    client.force_login(user)
    return user


def address(session):
    return reverse("activities:postings", args=[session.code])


def test_a_colleague_is_put_at_a_moment_once(client, session, worker):
    monitor = make_user(Role.MONITOR, centre=session.centre)
    client.post(address(session), {"user": monitor.pk})
    answer = client.post(address(session), {"user": monitor.pk})

    assert "die er nog niet bij staat" in answer.content.decode()
    assert [posting.user for posting in Posting.objects.all()] == [monitor]
    assert str(monitor) in client.get(session.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.READER, None])
def test_who_does_not_work_with_groups_here_is_not_put_at_a_moment(client, session, worker, role):
    other = make_user(role, centre=session.centre)
    elsewhere = make_user(Role.MONITOR)
    for user in (other, elsewhere):
        assert "Kies een collega" in client.post(address(session), {"user": user.pk}).content.decode()

    assert not Posting.objects.exists()


def test_taking_someone_away_can_be_undone(client, session, worker):
    monitor = make_user(Role.MONITOR, centre=session.centre)
    posting = make_posting(session, monitor)
    client.post(reverse("activities:posting-remove", args=[session.code, posting.pk]))
    assert not Posting.objects.exists()

    client.post(reverse("drafts:take-back", args=[Undo.objects.get().token]))

    assert Posting.objects.get().user == monitor


def test_the_fixed_staff_of_a_series_stands_at_each_new_moment():
    series = make_series(first_date=timezone.localdate() + timedelta(days=1))
    monitor, elsewhere = make_user(Role.MONITOR, centre=series.centre), make_user(Role.MONITOR)
    series.staff.set([monitor, elsewhere])

    sessions = generate(series, until=timezone.localdate() + timedelta(days=20))

    assert sessions and set(Posting.objects.values_list("session", "user")) == {
        (one.pk, monitor.pk) for one in sessions
    }
    generate(series, until=timezone.localdate() + timedelta(days=20))
    assert Posting.objects.count() == len(sessions)


def test_vandaag_of_a_monitor_opens_with_the_list(client, session):
    monitor = make_user(Role.MONITOR, centre=session.centre)
    client.force_login(monitor)
    today = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0)
    type(session).objects.filter(pk=session.pk).update(starts_at=today, ends_at=today + timedelta(hours=2))
    assert "Jouw momenten vandaag" not in client.get("/team/").content.decode()
    make_posting(session, monitor)
    make_posting(make_session(session.series), monitor)

    html = client.get("/team/").content.decode()

    assert html.count("Wie is er?") == 1
    assert html.index("btn-1") == html.index(f'btn-1" href="{reverse("activities:presence", args=[session.code])}')
