from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.utils import timezone

from buurtwerk.interface.templatetags import look

BRUSSELS = ZoneInfo("Europe/Brussels")


def days_from_now(days):
    return timezone.localdate() + timedelta(days=days)


def test_times_are_written_as_in_flanders():
    assert look.clock(time(9, 5)) == "09.05 uur"
    assert look.clock(datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("UTC"))) == "14.00 uur"
    assert look.clock(None) == ""


def test_a_day_has_its_weekday_and_only_another_year_is_named(settings):
    this_year = timezone.localdate().year

    assert look.day(date(2020, 12, 2)) == "woensdag 2 december 2020"
    assert str(this_year) not in look.day(date(this_year, 12, 2))
    assert look.day(None) == ""


def test_a_moment_belongs_to_the_day_it_has_in_brussels():
    late_in_greenwich = datetime(2020, 7, 1, 23, 0, tzinfo=ZoneInfo("UTC"))

    assert look.day(late_in_greenwich) == "donderdag 2 juli 2020"


@pytest.mark.parametrize(
    "days, words",
    [(-3, "3 dagen te laat"), (-1, "1 dag te laat"), (0, "vandaag"), (1, "morgen"), (5, "over 5 dagen")],
)
def test_what_is_due_is_said_in_words(days, words):
    assert look.due(days_from_now(days)) == words


@pytest.mark.parametrize("days, words", [(0, "vandaag"), (-1, "gisteren"), (-12, "12 dagen geleden")])
def test_what_is_past_is_said_in_words(days, words):
    noon = datetime.combine(days_from_now(days), time(12), tzinfo=BRUSSELS)

    assert look.ago(days_from_now(days)) == words
    assert look.ago(noon) == words


def test_an_icon_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in look.icon("house")


def test_lines_of_an_icon_become_one_and_circles_stay_whole():
    sun, bike = look.icon("sun"), look.icon("bike")
    assert '<circle cx="12" cy="12" r="4"/><path d="M' in sun
    assert sun.count("<path") < 8
    assert '<circle cx="18.5" cy="17.5" r="3.5"/>' in bike


def test_the_undo_token_is_among_the_tags():
    assert look.undo_token(Message(25, "Bewaard.", extra_tags="undo:abc")) == "abc"
    assert look.undo_token(Message(25, "Bewaard.")) == ""


def test_a_phone_number_is_dialled_without_its_spaces():
    assert look.dialled("+32 3 123.45/67") == "+3231234567"


class Visit(forms.Form):
    note = forms.CharField(label="Nota")
    place = forms.ChoiceField(label="Waar?", choices=[("street", "Straat")], widget=forms.RadioSelect)
    who = forms.CharField(error_messages={"required": "Kies met wie je sprak."})


@pytest.mark.parametrize(
    "field, sentence",
    [("note", "Vul “Nota” in."), ("place", "Kies iets bij “Waar?”."), ("who", "Kies met wie je sprak.")],
)
def test_an_empty_field_says_what_to_do(field, sentence):
    assert look.problems(Visit({})[field]) == [sentence]


def test_an_error_leads_to_the_first_control_of_its_field():
    assert look.first_control(Visit({})["note"]) == "id_note"
    assert look.first_control(Visit({})["place"]) == "id_place_0"


def test_an_error_at_a_choice_without_choices_leads_to_the_field_itself():
    form = Visit({})
    form.fields["place"].choices = []

    assert look.first_control(form["place"]) == "div_id_place"
