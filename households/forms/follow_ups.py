"""Planning what we promised: what, when, who."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from households import days
from households.models import FollowUp

CHOOSE_DAY = "Kies een dag."
ASKS_COLLEAGUE = "Kies je een collega, dan vragen we of die het overneemt. Tot die ja zegt, blijft het bij jou."


def colleagues(centre):
    """Who takes up follow-ups in this centre."""
    roles = RIGHTS["followups.work"].roles
    team = User.objects.filter(is_active=True, membership__centre=centre, membership__role__in=roles)
    team = team.exclude(leaves_on__lt=timezone.localdate())
    return team.distinct().order_by("first_name", "username", "pk")


def colleagues_for(household):
    """Who can take up a follow-up of this family: of a restricted one only who may know that it exists.

    Not who broke the glass: in half an hour they would own what they cannot see.
    """
    team = colleagues(household.centre_id)
    if not household.restricted:
        return team
    overseers = User.objects.filter(
        membership__centre=household.centre_id, membership__role__in=RIGHTS["families.oversee"].roles
    )
    file_team = {household.primary_worker_id, household.backup_worker_id, *household.colleague_ids} - {None}
    return team.filter(Q(pk__in=file_team) | Q(pk__in=overseers.values("pk")))


def planned_day(label, **options):
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=[days.refuse_impossible_plan],
        error_messages={"required": CHOOSE_DAY, "invalid": "Kies een dag, zoals 24/12/2026."},
        **options,
    )


class FollowUpFilter(forms.Form):
    """Whose follow-ups to show: one's own unless chosen otherwise."""

    SHOWN = {"mij": "Van mij", "wacht": "Wacht op iemand", "team": "Van het team"}
    toon = forms.ChoiceField(choices=list(SHOWN.items()), required=False)

    @property
    def shown(self):
        return self.is_valid() and self.cleaned_data["toon"] or "mij"

    def apply(self, follow_ups, *, user):
        if self.shown == "team":
            return follow_ups
        if self.shown == "wacht":
            follow_ups = follow_ups.filter(status=FollowUp.Status.WAITING)
        return follow_ups.of(user)


class FollowUpForm(SaveOnceForm, forms.ModelForm):
    """A new promise to a family."""

    when = forms.ChoiceField(
        label="Wanneer",
        choices=[
            ("tomorrow", "Morgen"),
            ("week", "Deze week"),
            ("two_weeks", "Over 2 weken"),
            ("date", "Een andere dag"),
        ],
        widget=TileSelect,
    )
    due_on = planned_day("Andere dag", required=False)

    class Meta:
        model = FollowUp
        fields = ["what", "when", "due_on", "assigned_to"]
        widgets = {"assigned_to": TileSelect}
        help_texts = {"what": "Begin met een werkwoord: “Bel over de inschrijving”.", "assigned_to": ASKS_COLLEAGUE}

    field_order = ["what", "when", "due_on", "assigned_to"]

    def __init__(self, *args, household, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assigned_to"].queryset = colleagues_for(household)
        self.fields["assigned_to"].empty_label = None
        self.fields["assigned_to"].initial = user
        self.fields["assigned_to"].error_messages["invalid_choice"] = "Kies een collega van dit centrum."
        say_when_empty(self, what="Vul in wat je opvolgt.", when=CHOOSE_DAY, assigned_to="Kies wie dit opvolgt.")
        self.helper = helper("Bewaar")

    def validate_constraints(self):
        """A new follow-up is open: no constraint of the table can be broken by what is typed here."""

    def clean(self):
        cleaned = super().clean()
        day = {"tomorrow": days.tomorrow, "week": days.this_week, "two_weeks": days.in_two_weeks}
        if cleaned.get("when") in day:
            cleaned["due_on"] = day[cleaned["when"]](timezone.localdate())
        elif cleaned.get("when") == "date" and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", CHOOSE_DAY)
        return cleaned


class PostponeForm(forms.Form):
    """To tomorrow or next week with one button, or to a day of one's own."""

    to = forms.ChoiceField(choices=[("tomorrow", ""), ("next_week", "")], required=False, widget=forms.HiddenInput)
    on = planned_day("Naar welke dag", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Verzet")

    def clean(self):
        cleaned = super().clean()
        day = {"tomorrow": days.tomorrow, "next_week": days.next_week}
        if cleaned.get("to"):
            cleaned["on"] = day[cleaned["to"]](timezone.localdate())
        elif not cleaned.get("on") and "on" not in self.errors:
            self.add_error("on", CHOOSE_DAY)
        return cleaned


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(), label="Aan wie", empty_label=None, widget=TileSelect, required=True
    )

    def __init__(self, *args, follow_up, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues_for(follow_up.household).exclude(pk=follow_up.assigned_to_id)
        self.fields["to"].error_messages["invalid_choice"] = "Kies een collega van dit centrum."
        say_when_empty(self, to="Kies aan wie je dit doorgeeft.")
        self.helper = helper("Bied aan")


class WaitForm(GuardedText, forms.ModelForm):
    class Meta:
        model = FollowUp
        fields = ["waiting_on"]
        labels = {"waiting_on": "Waarop wacht je"}
        help_texts = {"waiting_on": "De bewoner, een partner of iets van ons. De dag blijft staan."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["waiting_on"].required = True
        say_when_empty(self, waiting_on="Vul in waarop je wacht.")
        self.helper = helper("Zet op wachten")

    def validate_constraints(self):
        """The field is required here, so nothing waits on nobody."""
