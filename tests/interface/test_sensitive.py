import pytest
from django import forms
from django.http import QueryDict

from buurtwerk.interface import sensitive
from buurtwerk.interface.sensitive import ACCOUNT, CARD, NATIONAL, GuardedText, find, mask

# Invented, and right by their own check.
NUMBER, IBAN, VISA = "85.07.30-033.28", "BE68 5390 0754 7034", "4111 1111 1111 1111"


class NoteForm(GuardedText, forms.Form):
    note = forms.CharField(widget=forms.Textarea, required=False)
    place = forms.CharField(required=False)
    mail = forms.EmailField(required=False)


def sent(initial=None, **fields):
    data = QueryDict(mutable=True)
    data.update(fields)
    return NoteForm(data, initial=initial)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"Haar nummer is {NUMBER}.", [NATIONAL]),
        ("85073003328", [NATIONAL]),
        ("85.07.30-033.29", []),
        (f"Stort op {IBAN} voor vrijdag", [ACCOUNT]),
        ("be68539007547034", [ACCOUNT]),
        ("BE68-5390-0754-7034", [ACCOUNT]),
        ("BE68 5390 0754 7035", []),
        ("BE68 5390 0754 70345", []),
        ("NL91ABNA0417164300 is van haar", [ACCOUNT]),
        ("NL91 ABNA 0417 1643 00 is van haar", [ACCOUNT]),
        ("DE89 3704 0044 0532 0130 00", [ACCOUNT]),
        ("FR14 2004 1010 0505 0001 3M02 606", [ACCOUNT]),
        (f"Kaart {VISA}", [CARD]),
        ("5500-0000-0000-0004", [CARD]),
        ("340000000000009", [CARD]),
        ("4111 1111 1111 1112", []),
        (f"{IBAN} en {NUMBER} en {VISA}", [ACCOUNT, NATIONAL, CARD]),
        ("0032 470 12 34 56", []),
        ("Op 24/12/2026 om 14.05 uur, 3010 Kessel-Lo, 125 euro", []),
        ("Dossier 2026-00042-1234567", []),
        ("", []),
    ],
)
def test_numbers_are_found_by_their_own_check(text, kinds):
    assert [each.kind for each in find(text)] == kinds


def test_masking_leaves_the_rest_as_it_is():
    assert mask(f"Op {IBAN}, kaart {VISA}, nummer {NUMBER}.") == "Op ***, kaart ***, nummer ***."
    assert mask(f"Op {IBAN}, nummer {NUMBER}.", {NATIONAL}) == f"Op {IBAN}, nummer ***."


def test_r23_a_number_in_free_text_is_named_and_the_text_is_kept():
    form = sent(note=f"Nummer {NUMBER} van haar")

    assert not form.is_valid()
    assert form.errors == {
        "note": ["Hier staat een rijksregisternummer. Haal het weg, of vervang het: we bewaren het nergens."]
    }
    assert form["note"].value() == f"Nummer {NUMBER} van haar"
    assert list(form.fields["note"].offers.fields) == ["mask_numbers"]


def test_one_tick_masks_it():
    form = sent(note=f"Nummer {NUMBER}", place=f"Bij {IBAN}", mask_numbers="on")

    assert form.is_valid()
    assert (form.cleaned_data["note"], form.cleaned_data["place"]) == ("Nummer ***", "Bij ***")


@pytest.mark.parametrize("number", [IBAN, VISA])
def test_an_account_or_a_card_stays_after_an_explicit_tick(number):
    asked = sent(note=number)
    assert not asked.is_valid()
    assert list(asked.fields["note"].offers.fields) == ["mask_numbers", "keep_numbers"]

    kept = sent(note=number, keep_numbers="on")

    assert kept.is_valid()
    assert kept.cleaned_data["note"] == number


def test_a_national_number_never_stays():
    assert not sent(note=NUMBER, keep_numbers="on").is_valid()

    both = sent(note=f"{NUMBER} {IBAN}", keep_numbers="on", mask_numbers="on")
    assert both.is_valid()
    assert both.cleaned_data["note"] == f"*** {IBAN}"


def test_what_was_kept_before_is_not_asked_about_again():
    assert sent(initial={"note": IBAN}, note=f"{IBAN} is van haar").is_valid()
    assert not sent(initial={"note": "Niets"}, note=IBAN).is_valid()


def test_a_long_text_is_looked_through_in_no_time():
    text = "BE68 " * 20_000 + "1" * 20_000

    assert sensitive.find(text) == []
