import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from buurtwerk.interface.text import (
    FreeLine,
    FreeText,
    has_national_number,
    refuse_control_characters,
    refuse_national_number,
    search_key,
)

BASES = st.integers(min_value=0, max_value=999_999_999)
GAP = st.sampled_from(["", " ", "."])
SEPARATORS = st.tuples(GAP, GAP, st.sampled_from(["", " ", "-"]), GAP)


def written(base, check, separators):
    digits = f"{base:09}{check:02}"
    parts = digits[:2], digits[2:4], digits[4:6], digits[6:9], digits[9:]
    return "".join(part + separator for part, separator in zip(parts, [*separators, ""], strict=True))


def test_a_search_key_knows_no_accents_spaces_or_dashes():
    assert search_key("El-Amrani", None, "Fatíma") == "elamranifatima"
    assert search_key("Straße") == search_key("STRASSE")


@given(st.text())
def test_a_search_key_is_only_letters_and_digits_and_stays_what_it_is(text):
    key = search_key(text)

    assert key == "" or key.isalnum()
    assert search_key(key) == key


@given(BASES, SEPARATORS, st.booleans())
def test_a_national_number_is_found_however_it_is_written(base, separators, born_after_2000):
    check = 97 - (2_000_000_000 + base if born_after_2000 else base) % 97

    assert has_national_number(f"Haar nummer is {written(base, check, separators)}, zegt ze.")


@given(BASES, st.integers(min_value=0, max_value=99))
def test_eleven_digits_that_fail_the_check_are_just_digits(base, check):
    right = {97 - base % 97, 97 - (2_000_000_000 + base) % 97}

    assert has_national_number(written(base, check, [""] * 4)) == (check in right)


@pytest.mark.parametrize("text", ["", None, "0475 12 34 56", "BE68 5390 0754 7034", "850730033281", "185073003328"])
def test_other_numbers_are_welcome(text):
    assert not has_national_number(text)


def test_a_national_number_is_refused_in_words():
    with pytest.raises(ValidationError, match="Haal het weg"):
        refuse_national_number("85.07.30-033.28")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\x1b", "\x7f"])
def test_an_invisible_character_is_refused(character):
    with pytest.raises(ValidationError, match="onzichtbaar teken"):
        refuse_control_characters(f"hallo{character}daar")


def test_new_lines_and_tabs_are_just_text():
    refuse_control_characters("een\r\ntwee\tdrie")


@pytest.mark.parametrize("field", [FreeText(max_length=20), FreeLine(max_length=20)])
@pytest.mark.parametrize("text", ["85.07.30-033.28", "een\x00twee", "x" * 21])
def test_free_text_refuses_what_may_not_be_kept(field, text):
    with pytest.raises(ValidationError):
        field.run_validators(text)
