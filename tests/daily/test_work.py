import pytest
from django.core.management import CommandError, call_command

from buurtwerk.daily import work
from buurtwerk.daily.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.setattr(work, "_parts", [])


def test_every_part_is_done_and_remembered(parts, capsys):
    work.every_day("Ramen zemen")(lambda: 3)

    call_command("daily")

    assert capsys.readouterr().out == "Ramen zemen: 3\n"
    assert Run.objects.get().done == [{"label": "Ramen zemen", "result": 3, "failed": False}]


def test_a_part_that_fails_leaves_the_others_done_and_tells_nothing_of_what_it_held(parts, capsys):
    def fail():
        raise ValueError("Samira")

    work.every_day("Eerst")(fail)
    work.every_day("Daarna")(lambda: 1)

    with pytest.raises(CommandError):
        call_command("daily")

    assert capsys.readouterr().out == "Eerst: MISLUKT, ValueError\nDaarna: 1\n"
