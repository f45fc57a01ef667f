import re

import pytest
from crispy_forms.layout import Fieldset, Layout, Row
from crispy_forms.utils import render_crispy_form
from django import forms

from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty

PLACES = [("", "---------"), ("street", "Op straat"), ("home", "Thuis")]


class Visit(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(label="Nota", help_text="Hou het kort.")
    place = forms.ChoiceField(label="Waar?", choices=PLACES, widget=TileSelect(icons={"street": "map-pin"}))
    mood = forms.ChoiceField(label="Hoe was het?", choices=PLACES, widget=TileSelect, required=False)
    themes = forms.MultipleChoiceField(label="Thema's", choices=PLACES[1:], widget=TileSelectMultiple, required=False)
    urgent = forms.BooleanField(label="Dringend", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar bezoek")
        say_when_empty(self, note="Schrijf wat er gebeurde.")


def rendered(form):
    return re.sub(r"\s+", " ", render_crispy_form(form))


def tag_of(html, start):
    return re.search(rf"<[^>]*{start}[^>]*>", html)[0]


def test_label_hint_and_control_belong_together():
    html = rendered(Visit())

    assert '<label for="id_note">Nota </label>' in html
    assert '<div class="hint" id="id_note_helptext">Hou het kort.</div>' in html
    assert 'aria-describedby="id_note_helptext"' in tag_of(html, 'name="note"')


def test_only_what_may_stay_empty_says_so():
    html = rendered(Visit())

    assert "Hoe was het? <span" in html
    assert html.count("(mag leeg blijven)") == 2  # how it was and the themes; a single box to tick needs no such word


def test_the_browser_keeps_its_own_errors_to_itself():
    assert " novalidate" in tag_of(rendered(Visit()), "method=")


def test_errors_stand_at_the_field_and_in_the_summary_in_the_same_words():
    html = rendered(Visit({"note": ""}))

    assert 'role="alert" tabindex="-1" data-focus' in html
    assert '<a href="#id_note">Schrijf wat er gebeurde.</a>' in html
    assert '<div class="err" id="id_note_error"><p>Schrijf wat er gebeurde.</p></div>' in html
    assert 'aria-invalid="true"' in tag_of(html, 'name="note"')
    assert 'aria-describedby="id_note_helptext id_note_error"' in tag_of(html, 'name="note"')


def test_the_error_of_a_choice_leads_to_its_first_tile():
    html = rendered(Visit({"note": "x"}))
    target = re.search(r'<a href="#([^"]+)">Kies iets bij “Waar\?”\.</a>', html)[1]

    assert 'value="street"' in tag_of(html, f'id="{target}"')
    assert '<fieldset aria-describedby="id_place_error"> <legend>Waar? </legend>' in html


def test_the_error_of_a_hidden_field_is_read_too():
    assert "<li>Vul “Token” in.</li>" in rendered(Visit({"note": "x", "place": "home"}))


def test_a_form_without_errors_has_no_summary():
    assert "data-focus" not in rendered(Visit())
    assert "data-focus" not in rendered(Visit({"token": "x", "note": "x", "place": "home"}))


def test_everything_typed_stays():
    html = rendered(Visit({"note": "<script>alert(1)</script>", "mood": "home", "themes": ["street"], "urgent": "on"}))

    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in html
    assert "<script>" not in html
    assert html.count(" checked") == 3


def test_a_choice_that_must_be_made_has_no_empty_tile_and_another_says_it_in_words():
    html = rendered(Visit())

    assert "---------" not in html
    assert 'value=""' not in tag_of(html, 'name="place"')
    assert html.count("<span>Niet ingevuld</span>") == 1


def test_tiles_are_labels_with_a_picture():
    html = rendered(Visit())

    assert re.search(r'<label><input type="radio" name="place" value="street"[^>]*><svg', html)
    assert html.count("<svg") == 1


def test_a_filter_stands_in_one_row_and_needs_no_token():
    class Filter(forms.Form):
        q = forms.CharField(label="Zoek", required=False)
        helper = helper("Zoek", method="get")

    html = rendered(Filter())

    assert 'class="filters"' in html and 'method="get"' in html
    assert "csrfmiddlewaretoken" not in html and "mag leeg" not in html


def test_layout_pieces_are_ours():
    form = Visit()
    form.helper.layout = Layout(
        Fieldset("Het bezoek", Row("note", "place"), css_class="later"), "mood", "themes", "urgent"
    )
    html = rendered(form)

    assert '<fieldset class="later"><legend>Het bezoek</legend>' in html
    assert '<div class="columns">' in html
    assert html.count('name="note"') == 1


def test_the_button_comes_last_and_says_what_it_does():
    assert re.search(
        r'<div class="savebar"><button type="submit"[^>]*>Bewaar bezoek</button> </div> </form>', rendered(Visit())
    )


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f"])
def test_no_text_field_takes_an_invisible_character(character):
    form = Visit({"token": "x", "note": f"hallo{character}", "place": "home"})

    assert "Er staat een onzichtbaar teken in. Typ de tekst opnieuw." in form.errors["note"]


def test_what_a_colleague_saved_meanwhile_is_shown():
    form = Visit()
    form.theirs = [("Nota", "Zij schreven dit.")]
    html = rendered(form)

    assert "Dit staat er nu" in html
    assert '<dt>Nota</dt><dd class="prose">Zij schreven dit.</dd>' in html
