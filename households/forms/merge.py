"""Choosing what stays when two files become one."""

from django import forms
from django.core.exceptions import ValidationError

from buurtwerk.interface.forms import helper
from buurtwerk.interface.templatetags.look import day
from buurtwerk.languages import Language
from households.actions.merge import CHOSEN
from households.likeness import person_alike
from households.models import ContactAgreement, Household

KEPT, GONE, BOTH = "kept", "gone", "both"
LABELS = {
    "nickname": "Roepnaam",
    "address": "Adres",
    "neighbourhood": "Buurt",
    "dwelling": "Woonvorm",
    "languages": "Talen",
    "level": "Hoe dicht we opvolgen",
    "review": "Herbekijken op",
    "primary_worker": "Vaste buurtwerker",
    "backup_worker": "Back-up",
    "status": "Toestand",
    "found_via": "Hoe leerden we elkaar kennen",
}
# The file that is followed most is the one that goes on.
MOST_ALIVE = [Household.Status.ACTIVE, Household.Status.PAUSED, Household.Status.CLOSED]


class ChooseOtherForm(forms.Form):
    """Which file is the other one. A code may stand in an address."""

    met = forms.CharField(
        label="Code van het andere dossier",
        max_length=20,
        help_text="Zoals HH-2026-0042. Ze staat boven aan het gezin.",
    )

    def __init__(self, *args, kept, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept, self.user = kept, user
        self.fields["met"].error_messages["required"] = "Vul de code van het andere dossier in."

    def clean_met(self):
        code = self.cleaned_data["met"].strip().upper()
        if code == self.kept.code:
            raise ValidationError("Dat is dit dossier zelf. Vul de code van het andere in.")
        families = Household.objects.visible_to(self.user).exclude(status=Household.Status.ERASED)
        # Somebody may know of more centres than they may merge in.
        families = families.filter(centre__in=self.user.centres_where("families.merge"))
        self.gone = (
            families.select_related("primary_worker", "backup_worker", "neighbourhood").filter(code=code).first()
        )
        if self.gone is None:
            raise ValidationError("Dit dossier vinden we niet. Kijk de code na.")
        if self.gone.centre_id != self.kept.centre_id:
            raise ValidationError("Dit dossier hoort bij een ander centrum. Samenvoegen kan binnen één centrum.")
        return code


class MergeForm(forms.Form):
    """One line per thing that differs; what is the same, or stands in one file only, is not asked."""

    met = forms.CharField(widget=forms.HiddenInput)
    kept_version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."})
    gone_version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."})

    def __init__(self, *args, kept, gone, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept, self.gone = kept, gone
        self.initial |= {"met": gone.code, "kept_version": kept.version, "gone_version": gone.version}
        for name in CHOSEN:
            self._ask(name)
        self._ask_agreement()
        self._ask_people()
        if len({kept.primary_worker_id, gone.primary_worker_id} - {None}) == 2:
            self.fields["reads_on"] = forms.BooleanField(
                label="Wie geen vaste buurtwerker blijft, leest het dossier verder mee", required=False, initial=True
            )
        self.helper = helper("Voeg samen", ctrl_enter=False)
        self.helper.form_action = "?"

    def _ask(self, name):
        mine, theirs = (shown(name, household) for household in (self.kept, self.gone))
        if mine == theirs or not theirs:
            return
        choices = [(KEPT, mine or "Niet ingevuld"), (GONE, theirs)]
        initial = KEPT if mine else GONE
        if name == "languages":
            choices, initial = [(BOTH, f"Samen: {_both(self.kept, self.gone)}"), *choices], BOTH
        if name == "level" and self.gone.intensity > self.kept.intensity:
            initial = GONE
        if name == "status" and MOST_ALIVE.index(self.gone.status) < MOST_ALIVE.index(self.kept.status):
            initial = GONE
        if name == "backup_worker":
            choices.append(("", "Niemand"))
        self._add(name, LABELS[name], choices, initial, required=name != "backup_worker")

    def _add(self, name, label, choices, initial, *, required=True):
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, initial=initial, widget=forms.RadioSelect, required=required
        )
        self.fields[name].error_messages["required"] = "Kies wat blijft."

    def _ask_agreement(self):
        agreements = {each.household_id: each for each in ContactAgreement.objects.filter(household__in=self._both)}
        if len(agreements) == 2:
            mine, theirs = (agreed(agreements[household.pk]) for household in self._both)
            if mine != theirs:
                self._add("agreement", "Contactafspraak", [(KEPT, mine), (GONE, theirs)], KEPT)

    @property
    def _both(self):
        return (self.kept, self.gone)

    def _ask_people(self):
        """Everyone of the old file who is not in the kept one: somebody else, or the same person."""
        here = {member.person_id: member.person for member in self.kept.members.select_related("person")}
        there = {member.person_id: member.person for member in self.gone.members.select_related("person")}
        self.people = {}
        for pk, person in there.items():
            if pk in here or not here:
                continue
            known = [(other.pk, f"dezelfde als {known_of(other)}") for other in here.values()]
            same = max(here.values(), key=lambda other: person_alike(person, other))
            name = f"person_{pk}"
            self.people[name] = pk
            self.fields[name] = forms.TypedChoiceField(
                label=f"{known_of(person)} is",
                coerce=int,
                empty_value=None,
                required=False,
                choices=[("", "iemand anders"), *known],
                initial=same.pk if person_alike(person, same) else "",
            )

    def clean(self):
        cleaned = super().clean()
        if self._is_overtaken(cleaned):
            raise ValidationError("Iemand paste intussen een van beide dossiers aan. Kijk even na en bewaar opnieuw.")
        self._check_twins(cleaned)
        if self.errors:
            return cleaned
        values = self.values()
        if values.get("intensity", self.kept.intensity) == Household.Intensity.ASSERTIVE and not values.get(
            "next_review_on", self.kept.next_review_on
        ):
            self.add_error(
                "review" if "review" in self.fields else None, "Aanklampend opvolgen vraagt een dag om te herbekijken."
            )
        if values.get("status", self.kept.status) == Household.Status.CLOSED and self._has_open_follow_ups():
            self.add_error(
                "status" if "status" in self.fields else None,
                "Er staat nog opvolging open. Vink die eerst af, of kies het dossier dat nog loopt.",
            )
        backup = values.get("backup_worker", self.kept.backup_worker)
        if backup and backup == values.get("primary_worker", self.kept.primary_worker):
            # Nobody can be their own back-up: the one who is asked for less gives way.
            if "backup_worker" in self.fields:
                self.add_error("backup_worker", "Kies iemand anders dan de vaste buurtwerker.")
            else:
                self.no_backup = True
        return cleaned

    def _is_overtaken(self, cleaned):
        loaded = (cleaned.get("kept_version"), cleaned.get("gone_version"))
        now = (self.kept.version, self.gone.version)
        if None in loaded or loaded == now:
            return False
        self.data = self.data.copy()
        self.data["kept_version"], self.data["gone_version"] = now
        return True

    def _check_twins(self, cleaned):
        taken = set()
        for name in self.people:
            same = cleaned.get(name)
            if same and same in taken:
                self.add_error(name, "Deze persoon koos je al voor iemand anders.")
            taken.add(same)

    def _has_open_follow_ups(self):
        return any(household.follow_ups.open().exists() for household in self._both)

    def values(self):
        """What the fields of the kept file become."""
        values = {}
        for name, fields in CHOSEN.items():
            choice = self.cleaned_data.get(name, KEPT) if name in self.fields else KEPT
            for field in fields:
                values[field] = {"": None, KEPT: getattr(self.kept, field), GONE: getattr(self.gone, field)}.get(choice)
            if choice == BOTH:
                values["languages"] = list(dict.fromkeys([*self.kept.languages, *self.gone.languages]))
        if getattr(self, "no_backup", False):
            values["backup_worker"] = None
        return values

    def same_people(self):
        return [(pk, self.cleaned_data[name]) for name, pk in self.people.items() if self.cleaned_data.get(name)]


def shown(name, household):
    """How the fields of one line read, empty when nothing is filled in."""
    if name == "level":
        own = f", om de {household.rhythm_days} dagen" if household.rhythm_days else ""
        reason = f": {household.intensity_reason}" if household.intensity_reason else ""
        return f"{household.get_intensity_display()}{own}{reason}"
    if name == "status":
        why = f": {household.get_closure_reason_display().lower()}" if household.closure_reason else ""
        return f"{household.get_status_display()}{why}"
    if name == "languages":
        return ", ".join(household.language_labels)
    if name == "dwelling":
        return household.get_dwelling_type_display()
    value = getattr(household, CHOSEN[name][0])
    return day(value) if name == "review" else str(value or "")


def _both(kept, gone):
    return ", ".join(str(Language(code).label) for code in dict.fromkeys([*kept.languages, *gone.languages]))


def agreed(agreement):
    said = [", ".join(agreement.channel_labels), agreement.hours, agreement.via, agreement.rather_not]
    return "; ".join(part for part in said if part) or "Niets ingevuld"


def known_of(person):
    about = [str(person.birth_year or ""), person.phone]
    return f"{person} ({', '.join(part for part in about if part)})" if any(about) else str(person)
