"""Planning a round, choosing its doors and counting who was seen."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.places.models import Centre, Neighbourhood
from households import days
from households.doors import MOST_DOORS
from households.forms.fields import LOOKS_LIKE_A_NUMBER, PHONE_NUMBER, day_field
from households.models import OutreachRound
from households.models.round import AGES


def time_field(label, **options):
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"required": "Vul een uur in, zoals 14:00.", "invalid": "Vul een uur in, zoals 14:00."},
        **options,
    )


def refuse_impossible_round(day):
    """A validator: rounds are planned for soon, or noted afterwards."""
    if day > timezone.localdate() + days.FURTHEST:
        raise ValidationError("Kies een dag binnen de twee jaar.")
    if day.year < 2000:
        raise ValidationError("Kijk het jaar na.")


class PlanForm(forms.ModelForm):
    """What planning and changing a round share."""

    on = day_field(
        "Wanneer",
        validators=[refuse_impossible_round],
        error_messages={"required": "Kies de dag van de ronde.", "invalid": "Kies een dag, zoals 24/12/2026."},
    )
    starts = time_field("Van")
    ends = time_field("Tot", required=False)

    class Meta:
        model = OutreachRound
        fields = ["neighbourhood", "place", "on", "starts", "ends", "workers"]
        widgets = {"workers": TileSelectMultiple}
        help_texts = {"place": "Bijvoorbeeld: het plein en de blokken erachter."}

    def __init__(self, *args, centres, **kwargs):
        super().__init__(*args, **kwargs)
        roles = RIGHTS["rounds.walk"].roles
        team = User.objects.filter(is_active=True, membership__centre__in=centres, membership__role__in=roles)
        self.fields["workers"].queryset = team.distinct().order_by("first_name", "username", "pk")
        self.fields["workers"].error_messages["invalid_choice"] = "Kies collega's van dit centrum."
        self.fields["workers"].error_messages["invalid_pk_value"] = "Kies collega's van dit centrum."
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.filter(
            kind=Neighbourhood.Kind.NEIGHBOURHOOD
        ).order_by("name")
        self.fields["neighbourhood"].empty_label = "Kies een buurt"
        say_when_empty(self, neighbourhood="Kies de buurt.", workers="Kies wie meegaat.")

    def validate_constraints(self):
        """The form says the same as the table, in its own words, without a query for each."""

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "Het einde komt na het begin.")
        return cleaned


class RoundForm(SaveOnceForm, PlanForm):
    """A new round."""

    centre = forms.ModelChoiceField(
        Centre.objects.none(), label="Voor welk centrum", empty_label=None, widget=TileSelect
    )

    field_order = ["token", "centre", "neighbourhood", "place", "on", "starts", "ends", "workers"]

    def __init__(self, *args, user, **kwargs):
        self.centres = user.centres_where("rounds.walk")
        super().__init__(*args, centres=self.centres, **kwargs)
        centres = Centre.objects.filter(pk__in=self.centres).select_related("neighbourhood")
        if len(self.centres) == 1:
            del self.fields["centre"]
        else:
            self.fields["centre"].queryset = centres
            say_when_empty(self, centre="Kies het centrum.")
        first = centres.first()
        self.fields["neighbourhood"].initial = first and first.neighbourhood_id
        self.fields["workers"].initial = [user.pk]
        self.fields["on"].initial = timezone.localdate()
        self.helper = helper("Bewaar")

    def clean(self):
        cleaned = super().clean()
        centre = cleaned.get("centre")
        if centre and (workers := cleaned.get("workers")):
            here = set(User.objects.filter(membership__centre=centre).values_list("pk", flat=True))
            if strangers := [str(worker) for worker in workers if worker.pk not in here]:
                self.add_error("workers", f"Niet van dit centrum: {', '.join(strangers)}.")
        return cleaned

    @property
    def centre_id(self):
        return self.cleaned_data["centre"].pk if "centre" in self.fields else self.centres[0]


class RoundEditForm(VersionedForm, PlanForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, centres=[kwargs["instance"].centre_id], **kwargs)
        self.helper = helper("Bewaar", guard=True)

    def clean(self):
        cleaned = super().clean()
        if self.instance.is_walked and cleaned.get("on") and cleaned["on"] > timezone.localdate():
            self.add_error("on", "Deze ronde is al gelopen. Kies vandaag of een dag ervoor.")
        return cleaned


class CountForm(VersionedForm):
    """Who was seen and spoken with, as counts; and what the place told."""

    ends = time_field("Tot hoe laat", required=False)

    class Meta:
        model = OutreachRound
        fields = ["ends", *(f"{age}_{what}" for age in AGES for what in ("seen", "spoken")), "observed"]
        widgets = {"observed": forms.Textarea({"rows": 4})}
        help_texts = {"observed": "Over de plek: licht, banken, drukte, stuk speeltuig. Niets over mensen."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.count_names:
            self.fields[name] = forms.IntegerField(
                label=self.fields[name].label.capitalize(),
                required=False,
                min_value=0,
                max_value=999,
                widget=forms.TextInput({"inputmode": "numeric"}),
                error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], "Vul een getal in van 0 tot 999."),
            )
        self.fields["observed"].widget.attrs.pop("maxlength", None)

    count_names = [f"{age}_{what}" for age in AGES for what in ("seen", "spoken")]

    def validate_constraints(self):
        """The form says the same as the table, in its own words, without a query for each."""

    @property
    def ages(self):
        """The two counts of each age, beside each other."""
        return [(self[f"{age}_seen"], self[f"{age}_spoken"]) for age in AGES]

    def clean(self):
        cleaned = super().clean()
        for name in self.count_names:
            if name not in self.errors:
                cleaned[name] = cleaned.get(name) or 0
        for age in AGES:
            seen, spoken = cleaned.get(f"{age}_seen"), cleaned.get(f"{age}_spoken")
            if None not in (seen, spoken) and spoken > seen:
                self.add_error(f"{age}_spoken", f"Je zag er {seen}. Je kan niet met meer mensen spreken dan je er zag.")
        if PHONE_NUMBER.search(cleaned.get("observed") or ""):
            self.add_error("observed", LOOKS_LIKE_A_NUMBER)
        if cleaned.get("ends") and cleaned["ends"] <= self.instance.starts:
            self.add_error("ends", "Het einde komt na het begin.")
        return cleaned

    def _post_clean(self):
        # Counted is walked; without this the table would say that a planned round has no counts yet.
        self.instance.status = OutreachRound.Status.WALKED
        super()._post_clean()


class DoorsForm(forms.Form):
    """Which families to pass by. Carries what was chosen when the page was loaded, so that two colleagues add up."""

    families = forms.MultipleChoiceField(
        label="Welke deuren",
        required=False,
        error_messages={"invalid_choice": "Kies gezinnen uit de lijst."},
    )

    def __init__(self, *args, doors, **kwargs):
        super().__init__(*args, **kwargs)
        self.doors = doors
        choices = [(str(door.family.pk), door.family.nickname) for door in doors]
        self.fields["families"].choices = choices
        self.initial = {"families": self.chosen}

    @property
    def chosen(self):
        return [str(door.family.pk) for door in self.doors if door.is_chosen]

    @property
    def ticked(self):
        return set(self["families"].value() or [])

    def clean_families(self):
        families = self.cleaned_data["families"]
        if len(families) > MOST_DOORS:
            raise forms.ValidationError(f"Kies hoogstens {MOST_DOORS} deuren. Je koos er {len(families)}.")
        return families

    @property
    def had(self):
        """What was chosen when the page was loaded, as far as it can be chosen."""
        given = self.data.getlist("had") if self.is_bound else self.chosen
        return set(given) & {str(door.family.pk) for door in self.doors}

    @property
    def added(self):
        ticked = set(self.cleaned_data["families"])
        return [door.family for door in self.doors if str(door.family.pk) in ticked - self.had]

    @property
    def removed(self):
        ticked = set(self.cleaned_data["families"])
        return [door.family for door in self.doors if str(door.family.pk) in self.had - ticked]
