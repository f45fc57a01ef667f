from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.interface import spreadsheets
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.places.models import Centre, Neighbourhood
from households.forms.families import date_input, workers_of
from households.intake import FIELDS, NEEDED, guess
from households.models import Member, UploadedSheet

CHOOSE = "Kies een bestand."


class SheetField(forms.FileField):
    """A spreadsheet; gives its headings and rows."""

    def to_python(self, data):
        if data in self.empty_values:
            return None
        try:
            return spreadsheets.read(data)
        except spreadsheets.Unreadable as why:
            raise ValidationError(str(why)) from None


class SheetForm(forms.Form):
    kind = forms.ChoiceField(label="Wat staat erin", choices=UploadedSheet.Kind, widget=TileSelect)
    file = SheetField(
        label="Bestand",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="Een .xlsx- of .csv-bestand tot 5 MB en 5000 rijen, met bovenaan een rij titels.",
        error_messages=dict.fromkeys(["required", "invalid", "missing", "empty"], CHOOSE),
    )
    centre = forms.ModelChoiceField(label="Centrum", queryset=Centre.objects.none(), empty_label=None)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.centres = Centre.objects.filter(pk__in=user.centres_where("families.move")).order_by("name")
        self.fields["centre"].queryset = self.centres
        if len(self.centres) == 1:
            del self.fields["centre"]
        say_when_empty(self, kind="Kies wat er in het bestand staat.")
        self.helper = helper("Ga verder", ctrl_enter=False)

    @property
    def chosen_centre(self):
        return self.cleaned_data.get("centre") or self.centres[0]


class ColumnsForm(forms.Form):
    """For each column what it is; and what to do where the sheet says nothing."""

    def __init__(self, *args, sheet, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        given = sheet.columns or guess(sheet.kind, sheet.headings)
        choices = [("", "Lees niet in"), *((name, label) for name, (label, _) in FIELDS[sheet.kind].items())]
        for place, heading in enumerate(sheet.headings):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=given[place], help_text=self._example(place)
            )
        if sheet.kind == UploadedSheet.Kind.FAMILIES:
            self.fields["worker"] = forms.ModelChoiceField(
                workers_of(sheet.centre_id),
                label="Vaste buurtwerker waar er geen staat",
                initial=sheet.worker_id or user.pk,
                empty_label="Kies een collega",
            )
            self.fields["role"] = forms.ChoiceField(
                label="Rol waar er geen staat",
                choices=[("", "Meld dat ze ontbreekt"), *Member.Role.choices],
                required=False,
                initial=sheet.role,
            )
            say_when_empty(self, worker="Kies wie de vaste buurtwerker is.")
        self.helper = helper("Probeer het eerst", ctrl_enter=False)
        self.helper.layout = Layout(*self.fields)

    def _example(self, place):
        cell = next((row[place + 1] for row in self.sheet.rows if row[place + 1]), "")
        return f"Zoals: {cell[:60]}" if cell else "Deze kolom is leeg."

    def clean(self):
        cleaned = super().clean()
        chosen = self.columns()
        twice = [name for name in chosen if name and chosen.count(name) > 1]
        if twice:
            place = len(chosen) - 1 - chosen[::-1].index(twice[0])
            label = FIELDS[self.sheet.kind][twice[0]][0]
            self.add_error(f"column_{place}", f"“{label}” koos je al voor een andere kolom.")
        for names in NEEDED[self.sheet.kind]:
            if not set(names) & set(chosen):
                labels = " of ".join(FIELDS[self.sheet.kind][name][0].lower() for name in names)
                self.add_error(None, f"Kies welke kolom dit is: {labels}.")
        return cleaned

    def columns(self):
        return [self.cleaned_data.get(f"column_{place}", "") for place in range(len(self.sheet.headings))]


class ExportForm(forms.Form):
    class What:
        FAMILIES, CONTACTS, FOLLOW_UPS = "families", "contacts", "follow_ups"
        choices = [(FAMILIES, "Gezinnen"), (CONTACTS, "Contacten"), (FOLLOW_UPS, "Opvolging")]

    what = forms.ChoiceField(label="Wat", choices=What.choices, widget=TileSelect)
    since = forms.DateField(label="Vanaf", widget=date_input(), required=False)
    until = forms.DateField(label="Tot en met", widget=date_input(), required=False)
    neighbourhood = forms.ModelChoiceField(
        Neighbourhood.objects.order_by("name"), label="Buurt", required=False, empty_label="Alle buurten"
    )
    kind = forms.ChoiceField(
        label="Als",
        choices=[("xlsx", "Rekenblad (.xlsx)"), ("csv", "Tekst (.csv)")],
        initial="xlsx",
        widget=TileSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].help_text = "Leeg: alles." if name == "since" else ""
        say_when_empty(self, what="Kies wat je uitvoert.", kind="Kies hoe je het wil.")
        self.helper = helper("Maak het bestand", ctrl_enter=False)

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and since > timezone.localdate():
            self.add_error("since", "Kies vandaag of een dag ervoor.")
        if since and until and until < since:
            self.add_error("until", "De laatste dag komt na de eerste.")
        return cleaned

    def in_words(self):
        """The filter as it stands in the trail: no name of a resident can be in it."""
        chosen = self.cleaned_data
        parts = [dict(self.What.choices)[chosen["what"]]]
        parts += [f"vanaf {chosen['since']:%d/%m/%Y}"] if chosen["since"] else []
        parts += [f"tot en met {chosen['until']:%d/%m/%Y}"] if chosen["until"] else []
        parts += [f"buurt {chosen['neighbourhood']}"] if chosen["neighbourhood"] else []
        return f"{', '.join(parts)} ({chosen['kind']})"
