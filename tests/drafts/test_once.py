import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import BadRequest
from django.db import connection, transaction

from buurtwerk.accounts.rowlevel import asking
from buurtwerk.drafts.models import SavedOnce
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_second_submit_learns_what_the_first_led_to():
    token, noor = uuid.uuid4(), make_user()

    SavedOnce.objects.claim(token, by=noor).led_to("/team/gezinnen/HH-2026-0001/")

    assert SavedOnce.objects.claim(token, by=noor).result == "/team/gezinnen/HH-2026-0001/"


def test_a_token_of_someone_else_is_refused_and_tells_nothing():
    token, noor, els = uuid.uuid4(), make_user(), make_user()
    SavedOnce.objects.claim(token, by=noor).led_to("/team/gezinnen/HH-2026-0001/")

    with asking(centres=[], user=els.pk), pytest.raises(BadRequest):
        SavedOnce.objects.claim(token, by=els)


@pytest.mark.django_db(transaction=True)
def test_of_two_submits_at_once_exactly_one_saves():
    token, noor = uuid.uuid4(), make_user()

    def submit(number):
        try:
            with asking(centres=[], user=noor.pk), transaction.atomic():
                once = SavedOnce.objects.claim(token, by=noor)
                if once.result:
                    return "seen"
                once.led_to(f"/{number}/")
                return "saved"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(submit, range(4))) == ["saved", "seen", "seen", "seen"]


@pytest.mark.django_db(transaction=True)
def test_a_save_that_failed_leaves_the_token_free():
    token, noor = uuid.uuid4(), make_user()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        SavedOnce.objects.claim(token, by=noor)
        raise ZeroDivisionError

    assert not SavedOnce.objects.filter(token=token).exists()
