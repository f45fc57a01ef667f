from datetime import date

from crispy_forms.layout import HTML, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.text import search_key
from buurtwerk.languages import Language
from buurtwerk.places.models import Centre, Neighbourhood
from households.forms.levels import LevelFields
from households.likeness import Typed
from households.models import Household, Member, Person
from households.rhythm import ENDING, PAST, with_rhythm


def date_input():
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def phone_input():
    return forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})


def workers_of(*centre_ids):
    """The colleagues who open families in these centres."""
    roles = RIGHTS["families.open"].roles
    working = User.objects.filter(membership__centre__in=centre_ids, membership__role__in=roles, is_active=True)
    return User.objects.filter(pk__in=working.values("pk")).order_by("first_name", "username")


class FamilyFilter(forms.Form):
    """Which families someone wants to see. What is searched for is typed text, so it travels apart from the rest."""

    q = forms.CharField(label="Naam, code, adres of telefoon", max_length=80, required=False)
    neighbourhood = forms.ChoiceField(label="Buurt", required=False)
    language = forms.ChoiceField(label="Taal", required=False, choices=[("", "Alle talen"), *Language.choices])
    intensity = forms.ChoiceField(
        label="Hoe dicht", required=False, choices=[("", "Alles"), *Household.Intensity.choices]
    )
    status = forms.ChoiceField(
        label="Toestand",
        required=False,
        choices=[
            ("", "Wie we opvolgen"),
            (Household.Status.ACTIVE, "Actief"),
            (Household.Status.PAUSED, "Op rust"),
            (Household.Status.CLOSED, "Afgerond"),
        ],
    )
    rhythm = forms.ChoiceField(
        label="Ritme",
        required=False,
        choices=[("", "Alles"), ("loopt-af", "Ritme loopt af"), ("voorbij", "Ritme voorbij")],
    )
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        required=False, choices=[("", "op naam"), ("bereikt", "langst niet bereikt")], widget=forms.HiddenInput
    )

    ABOUT_THE_FAMILY = ["neighbourhood", "language", "intensity", "rhythm", "order"]
    # What a family speaks and how closely it is followed stands in its file: who does not read it, finds nothing by it.
    IN_THE_FILE = ["language", "intensity", "rhythm", "order"]
    RHYTHM_STATES = {"loopt-af": ENDING, "voorbij": PAST}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.may("families.open"):
            # Who may not open a family must not learn by filtering where it lives or what it speaks.
            self.fields["q"].label = "Roepnaam of code"
            for name in self.ABOUT_THE_FAMILY:
                del self.fields[name]
        else:
            buurten = Neighbourhood.objects.values_list("slug", "name")
            self.fields["neighbourhood"].choices = [("", "Alle buurten"), *buurten]

    @property
    def narrowing(self):
        """Whether anything but the search words and the order narrows the list."""
        return self.is_valid() and any(
            self.cleaned_data.get(name) for name in ("neighbourhood", "language", "intensity", "rhythm", "status")
        )

    def in_address(self):
        """What may stand in the address of the list: all but the words."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value and name != "q"}
        return {**chosen, "mine": 1} if self.cleaned_data["mine"] else chosen

    def apply(self, families):
        if not self.is_valid():
            return families.followed()
        wanted = self.cleaned_data
        families = families.filter(status=wanted["status"]) if wanted["status"] else families.followed()
        if wanted["mine"]:
            families = families.filter(Q(primary_worker=self.user) | Q(backup_worker=self.user))
        if any(wanted.get(name) for name in self.IN_THE_FILE):
            families = families.read_by(self.user)
        elif wanted.get("neighbourhood"):
            families = families.openable_by(self.user)
        if slug := wanted.get("neighbourhood"):
            families = families.filter(neighbourhood__slug=slug)
        if language := wanted.get("language"):
            families = families.filter(languages__contains=[language])
        if intensity := wanted.get("intensity"):
            families = families.filter(intensity=intensity)
        if rhythm := wanted.get("rhythm"):
            families = with_rhythm(families).filter(rhythm_state=self.RHYTHM_STATES[rhythm])
        return self._sorted(self._matching(families, wanted["q"]))

    def _matching(self, families, words):
        if not words:
            return families
        matching = families.matching(words)
        if self.user.centres_where("families.open") == self.user.centres_where("families.list"):
            return matching
        return families.filter(
            Q(pk__in=matching.openable_by(self.user).values("pk")) | Q(pk__in=_named_like(families, words))
        )

    def _sorted(self, families):
        if self.cleaned_data.get("order"):
            return families.order_by(F("last_reached_on").asc(nulls_first=True), "nickname", "pk")
        return families.order_by("nickname", "pk")


def _named_like(families, words):
    """Families by nickname and code alone: an address or a person must not be found by who may not read them."""
    key = search_key(words)
    found = families.filter(search_key__contains=key).values_list("pk", "nickname", "code")
    return [pk for pk, nickname, code in found if key and key in search_key(nickname, code)]


class SearchFirstForm(forms.Form):
    """What someone knows of a family, to see whether we know it already."""

    nickname = forms.CharField(
        label="Roepnaam", max_length=80, required=False, help_text="Zoals de buurt het gezin noemt."
    )
    first_name = forms.CharField(label="Voornaam van iemand", max_length=80, required=False)
    phone = forms.CharField(label="Telefoon", max_length=40, required=False, widget=phone_input())
    address = forms.CharField(label="Adres", max_length=200, required=False)

    def typed(self):
        """Also while the rest is not right yet: what can be read is searched for."""
        known = getattr(self, "cleaned_data", {})
        names = f"{known.get('nickname', '')} {known.get('first_name', '')}"
        return Typed(names=names, phone=known.get("phone", ""), address=known.get("address", ""))

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.values()) and not self.errors:
            raise ValidationError("Vul minstens één ding in: een roepnaam is genoeg.")
        return cleaned


class FamilyFields(forms.ModelForm):
    """The fields of a family, for making one and for changing one."""

    class Meta:
        model = Household
        fields = [
            "nickname",
            "address",
            "neighbourhood",
            "dwelling_type",
            "languages",
            "primary_worker",
            "backup_worker",
            "found_via",
        ]
        help_texts = {"nickname": "Zoals de buurt het gezin noemt. Een familienaam hoeft niet."}

    languages = forms.MultipleChoiceField(label="Talen", choices=Language, required=False, widget=TileSelectMultiple)

    def __init__(self, *args, centres=None, **kwargs):
        """`centres` are the ids of the centres whose colleagues can be chosen; by default those of the family."""
        super().__init__(*args, **kwargs)
        workers = workers_of(*(centres or [self.instance.centre_id]))
        # A colleague who left stays readable until someone else is chosen.
        kept = User.objects.filter(pk__in=[self.instance.primary_worker_id, self.instance.backup_worker_id])
        self.fields["primary_worker"].queryset = workers | kept
        self.fields["backup_worker"].queryset = workers | kept
        self.fields["primary_worker"].required = True
        self.fields["primary_worker"].empty_label = None if self.instance.primary_worker_id else "Kies een collega"
        self.fields["backup_worker"].empty_label = "Niemand"
        self.fields["neighbourhood"].empty_label = "Niet geweten"
        self.fields["dwelling_type"].choices = [("", "Niet gevraagd"), *Household.Dwelling.choices]
        say_when_empty(
            self,
            nickname="Geef het gezin een roepnaam.",
            primary_worker="Kies wie de vaste buurtwerker is.",
        )

    def clean(self):
        cleaned = super().clean()
        primary = cleaned.get("primary_worker", self.instance.primary_worker)
        if cleaned.get("backup_worker") and cleaned.get("backup_worker") == primary:
            self.add_error("backup_worker", "Kies iemand anders dan de vaste buurtwerker.")
        return cleaned


class PersonAlong(forms.Form):
    """The first person of a new family: may stay empty, and is checked by the same rules as any other."""

    first_name = forms.CharField(label="Voornaam", max_length=80, required=False)
    role = forms.ChoiceField(
        label="Rol in het gezin", required=False, choices=[("", "Kies een rol"), *Member.Role.choices]
    )
    birth_year = forms.IntegerField(
        label="Geboortejaar",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Vul een jaartal in, zoals 2014."},
    )
    phone = forms.CharField(label="Telefoon", max_length=40, required=False, widget=phone_input())

    def clean_birth_year(self):
        return possible_birth_year(self.cleaned_data["birth_year"])

    def clean_phone(self):
        return possible_phone(self.cleaned_data["phone"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("first_name") and not cleaned.get("role") and "role" not in self.errors:
            self.add_error("role", "Kies een rol voor deze persoon.")
        known = any(cleaned.get(name) for name in ("birth_year", "phone", "role"))
        if known and not cleaned.get("first_name") and "first_name" not in self.errors:
            self.add_error("first_name", "Vul de voornaam van deze persoon in.")
        self._check_person(cleaned)
        return cleaned

    def _check_person(self, cleaned):
        """The model knows which numbers may not be kept."""
        self.person = Person(**{name: cleaned.get(name) or "" for name in ("first_name", "phone")})
        self.person.birth_year = cleaned.get("birth_year")
        if not self.person.first_name:
            return
        try:
            self.person.full_clean(exclude=["centre", "search_key", *self.errors])
        except ValidationError as wrong:
            self.add_error(None, wrong)


class FamilyCreateForm(SaveOnceForm, PersonAlong, LevelFields, FamilyFields):
    class Meta(FamilyFields.Meta):
        fields = [*FamilyFields.Meta.fields, *LevelFields.LEVEL]
        help_texts = {**FamilyFields.Meta.help_texts, **LevelFields.HELP}

    centre = forms.ModelChoiceField(label="Centrum", queryset=Centre.objects.none(), empty_label=None)

    def __init__(self, *args, user, **kwargs):
        ids = user.centres_where("families.change")
        super().__init__(*args, centres=ids, **kwargs)
        self.user = user
        self.several_centres = len(ids) > 1
        self.fields["centre"].queryset = Centre.objects.filter(pk__in=ids).order_by("name")
        self.fields["centre"].required = self.several_centres
        self.fields["primary_worker"].initial = user.pk
        self.helper = helper("Bewaar gezin", guard=True)
        self.helper.layout = self._layout()

    def _layout(self):
        return Layout(
            "token",
            "nickname",
            *(["centre"] if self.several_centres else []),
            HTML("<h2>Wie kennen we al?</h2><p class='hint'>Dit mag ook later.</p>"),
            Row("first_name", "role"),
            Row("birth_year", "phone"),
            HTML("<h2>Het gezin</h2>"),
            Row("address", "neighbourhood"),
            "dwelling_type",
            "languages",
            "intensity",
            Row("intensity_reason", "next_review_on"),
            Row("primary_worker", "backup_worker"),
            "found_via",
        )

    def clean(self):
        cleaned = super().clean()
        if not self.several_centres:
            cleaned["centre"] = self.fields["centre"].queryset.get()
        if centre := cleaned.get("centre"):
            self.instance.centre = centre
            self._check_workers(cleaned, centre)
        return cleaned

    def _check_workers(self, cleaned, centre):
        here = set(workers_of(centre.pk).values_list("pk", flat=True)) if self.several_centres else None
        for name in ("primary_worker", "backup_worker"):
            if here is not None and cleaned.get(name) and cleaned[name].pk not in here:
                self.add_error(name, f"Deze collega werkt niet in {centre}.")


class FamilyForm(VersionedForm, FamilyFields):
    """Everything of a family but how closely we follow, its rest and its end: those have pages of their own.

    Its vaste buurtwerker only changes by a handover that the other accepts; who has none yet, gets one here.
    """

    class Meta(FamilyFields.Meta):
        fields = [*FamilyFields.Meta.fields, "colleagues"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        named = User.objects.filter(pk__in=self.instance.colleague_ids)
        self.fields["colleagues"] = forms.ModelMultipleChoiceField(
            label="Genoemde collega's",
            queryset=workers_of(self.instance.centre_id) | named,
            required=False,
            initial=sorted(self.instance.colleague_ids),
            widget=forms.CheckboxSelectMultiple,
            help_text="Zij lezen mee, zoals de vaste buurtwerker en de back-up.",
        )
        if self.instance.primary_worker_id:
            del self.fields["primary_worker"]
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = Layout(
            "loaded_version",
            "nickname",
            Row("address", "neighbourhood"),
            "dwelling_type",
            "languages",
            *self._workers(),
            "colleagues",
            "found_via",
        )

    def _workers(self):
        if "primary_worker" in self.fields:
            return [Row("primary_worker", "backup_worker")]
        asked = urlencode({"van": self.instance.primary_worker_id, "gezin": self.instance.code})
        url = f"{reverse('households:handover-create')}?{asked}"
        hand_over = format_html(
            "<p>De vaste buurtwerker verandert met een overdracht. <a href='{}'>Draag dit gezin over</a></p>", url
        )
        return [HTML(hand_over), "backup_worker"]


def possible_birth_year(year):
    this_year = timezone.localdate().year
    if year is not None and year > this_year:
        raise ValidationError(f"{year} moet nog komen. Vul een geboortejaar in tot {this_year}.")
    if year is not None and year < 1900:
        raise ValidationError("Vul een geboortejaar in vanaf 1900.")
    return year


def possible_phone(phone):
    if phone and (len([c for c in phone if c.isdecimal()]) < 6 or not set(phone) <= set("0123456789 +/.()-")):
        raise ValidationError("Vul een telefoonnummer in met enkel cijfers, zoals 0470 12 34 56.")
    return phone


def as_day(text):
    """A day from an address, None for anything else."""
    field = forms.DateField(input_formats=["%Y-%m-%d"])
    try:
        day = field.clean(text)
    except ValidationError:
        return None
    return day if date(1900, 1, 1) <= day <= date(2100, 1, 1) else None
