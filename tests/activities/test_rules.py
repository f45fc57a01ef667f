import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from activities.rules import check_rule, in_words, monthly_like, weekly


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "één keer"),
        ("FREQ=WEEKLY;BYDAY=WE", "elke woensdag"),
        ("FREQ=WEEKLY", "elke week"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,FR", "elke maandag, dinsdag en vrijdag"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "om de 2 weken op maandag"),
        ("FREQ=MONTHLY;BYDAY=2TU", "elke tweede dinsdag van de maand"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "elke laatste vrijdag van de maand"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1SA", "om de 3 maanden, de eerste zaterdag"),
        ("FREQ=YEARLY;BYMONTH=12;BYDAY=2SU", "elk jaar, de tweede zondag van december"),
        ("FREQ=DAILY", "elke dag"),
        ("FREQ=DAILY;BYMONTH=7,8", "elke dag, in juli en augustus"),
    ],
)
def test_a_rule_is_read_aloud(rule, words):
    if rule:
        check_rule(rule)

    assert in_words(rule) == words


@pytest.mark.parametrize(
    "rule",
    [
        "elke woensdag",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=²",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY",
        "FREQ=YEARLY;BYMONTH=13;BYDAY=MO",
        "FREQ=WEEKLY;FREQ=HOURLY",
        "FREQ=WEEKLY;BYSETPOS=1",
        "FREQ=WEEKLY;COUNT=100000",
        "DTSTART:20260101T000000\nRRULE:FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=WE\n",
    ],
)
def test_a_rule_that_never_ends_or_means_nothing_is_refused(rule):
    with pytest.raises(ValidationError):
        check_rule(rule)


@given(st.text(alphabet="FREQ=WKLYMONTHDAI;BYINVAL0123456789,-", max_size=60))
def test_any_text_is_a_sound_rule_or_a_refusal(text):
    try:
        check_rule(text)
    except ValidationError:
        return
    assert in_words(text)


def test_tiles_become_a_rule():
    from datetime import date

    assert weekly(["WE", "MO"]) == "FREQ=WEEKLY;BYDAY=MO,WE"
    assert weekly(["MO"], every=2) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    assert monthly_like(date(2026, 11, 17)) == "FREQ=MONTHLY;BYDAY=3TU"
    assert monthly_like(date(2026, 11, 30)) == "FREQ=MONTHLY;BYDAY=-1MO"
