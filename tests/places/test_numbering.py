from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from buurtwerk.places.numbering import next_code

pytestmark = pytest.mark.django_db


def test_codes_count_up_per_prefix_and_year():
    year = timezone.localdate().year

    assert [next_code("HH"), next_code("HH"), next_code("S")] == [
        f"HH-{year}-0001",
        f"HH-{year}-0002",
        f"S-{year}-0001",
    ]


@pytest.mark.django_db(transaction=True)
def test_no_code_is_given_twice_at_the_same_moment():
    def take(_):
        try:
            with transaction.atomic():
                return next_code("HH")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(take, range(12)))

    assert len(set(codes)) == 12


@pytest.mark.django_db(transaction=True)
def test_a_save_that_failed_gives_its_number_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        next_code("HH")
        raise ZeroDivisionError

    assert next_code("HH").endswith("-0001")
