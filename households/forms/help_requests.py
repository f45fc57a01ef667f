"""What someone asks us: writing it down, planning when to look again, and how it ended."""

from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.themes import ICONS, Theme
from households import days
from households.forms.follow_ups import ASKS_COLLEAGUE, CHOOSE_DAY, colleagues_for, planned_day
from households.models import HelpRequest, Person

THEME_ICONS = {theme.value: icon for theme, icon in ICONS.items()}


class HelpRequestFields(forms.ModelForm):
    class Meta:
        model = HelpRequest
        fields = ["words", "person", "theme", "asked_on", "next_on"]
        widgets = {
            "words": forms.Textarea(attrs={"rows": 3}),
            "person": TileSelect,
            "asked_on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        }
        labels = {"words": "Wat vraagt de bewoner", "person": "Van wie"}
        help_texts = {"words": "In de eigen woorden van de bewoner."}

    theme = forms.ChoiceField(label="Waarover", choices=Theme, widget=TileSelect(icons=THEME_ICONS))
    next_on = planned_day("Wanneer bekijken we dit opnieuw")

    def __init__(self, *args, household=None, **kwargs):
        super().__init__(*args, **kwargs)
        household = household or self.instance.household
        known = Person.objects.filter(memberships__in=household.members.current())
        # Who moved out meanwhile stays the one who asked.
        kept = Person.objects.filter(pk=self.instance.person_id)
        self.fields["person"].queryset = (known | kept).distinct().order_by("first_name", "pk")
        self.fields["person"].empty_label = "Het gezin"
        self.fields["person"].error_messages["invalid_choice"] = "Kies iemand van dit gezin."
        self.fields["asked_on"].error_messages["invalid"] = "Kies een dag, zoals 24/12/2026."
        say_when_empty(
            self,
            words="Schrijf op wat de bewoner vraagt.",
            theme="Kies waarover het gaat.",
            next_on=CHOOSE_DAY,
            asked_on="Kies wanneer de bewoner dit vroeg.",
        )

    def clean_asked_on(self):
        day = self.cleaned_data["asked_on"]
        if day > timezone.localdate() or day.year < 2000:
            raise ValidationError("Kies vandaag of een dag ervoor.")
        return day

    def validate_constraints(self):
        """Whether it is open or ended is not typed here; what an open one needs, is required above."""


class HelpRequestForm(SaveOnceForm, HelpRequestFields):
    """A new question."""

    class Meta(HelpRequestFields.Meta):
        fields = [*HelpRequestFields.Meta.fields, "owner"]
        widgets = {**HelpRequestFields.Meta.widgets, "owner": TileSelect}
        labels = {**HelpRequestFields.Meta.labels, "owner": "Wie volgt dit op"}
        help_texts = {**HelpRequestFields.Meta.help_texts, "owner": ASKS_COLLEAGUE}

    def __init__(self, *args, user, household, **kwargs):
        super().__init__(*args, household=household, **kwargs)
        owner = self.fields["owner"]
        owner.queryset, owner.initial = colleagues_for(household), user.pk
        owner.empty_label, owner.required = None, True
        owner.error_messages["invalid_choice"] = "Kies een collega van dit centrum."
        say_when_empty(self, owner="Kies wie dit opvolgt.")
        self.fields["next_on"].initial = days.in_two_weeks(timezone.localdate())
        self.helper = helper("Bewaar hulpvraag", guard=True)
        self.helper.layout = Layout("token", "words", "person", "theme", "owner", Row("next_on", "asked_on"))


class HelpRequestEditForm(VersionedForm, HelpRequestFields):
    """An open question: also how far it is, and the referral that came of it."""

    class Meta(HelpRequestFields.Meta):
        fields = [*HelpRequestFields.Meta.fields, "status", "referral"]
        widgets = {**HelpRequestFields.Meta.widgets, "status": TileSelect}
        help_texts = {"referral": "Koppel de doorverwijzing die hieruit kwam."}

    status = forms.ChoiceField(label="Hoe staat het", choices=HelpRequest.OPEN_CHOICES, widget=TileSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        referral = self.fields["referral"]
        referral.queryset = self.instance.household.referrals.select_related("organisation", "person").order_by(
            "-created_at", "-pk"
        )
        referral.empty_label = "Geen"
        # A day that has passed may stay when only something else is changed.
        if self.instance.next_on and str(self.instance.next_on) == self.data.get("next_on"):
            self.fields["next_on"].validators = []
        referral.label_from_instance = lambda each: f"{each.person.first_name} naar {each.organisation}"
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = Layout(
            "loaded_version", "words", "person", "theme", "status", "referral", Row("next_on", "asked_on")
        )


class EndForm(GuardedText, forms.Form):
    """How it ended. What is left of the question tells what the neighbourhood misses."""

    status = forms.ChoiceField(
        label="Hoe is het geëindigd",
        choices=HelpRequest.ENDED_CHOICES,
        widget=TileSelect(
            icons={"solved": "circle-check", "partly": "circle-dot", "unsolved": "circle-x", "withdrawn": "undo-2"}
        ),
    )
    outcome = HelpRequest._meta.get_field("outcome").formfield(
        label="Wat is het geworden",
        help_text="In één zin. Bij deels of niet opgelost: wat lukte er niet?",
        validators=HelpRequest._meta.get_field("outcome").validators,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, status="Kies hoe het geëindigd is.")
        self.helper = helper("Sluit de hulpvraag af", guard=True)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("status") in HelpRequest.ASKS_OUTCOME and not cleaned.get("outcome", True):
            self.add_error("outcome", "Schrijf in één zin wat er niet lukte.")
        return cleaned


class HandHelpOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label="Aan wie", empty_label=None, widget=TileSelect)

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues_for(request.household).exclude(pk=request.owner_id)
        self.fields["to"].error_messages["invalid_choice"] = "Kies een collega van dit centrum."
        say_when_empty(self, to="Kies aan wie je dit doorgeeft.")
        self.helper = helper("Bied aan")


class ReopenForm(GuardedText, forms.Form):
    next_on = planned_day("Wanneer bekijken we dit opnieuw")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_when_empty(self, next_on=CHOOSE_DAY)
        self.helper = helper("Open opnieuw")


class HelpRequestFilter(forms.Form):
    """Whose questions to show: one's own unless chosen otherwise."""

    SHOWN = {"mij": "Van mij", "partner": "Bij partner", "team": "Van het team"}
    toon = forms.ChoiceField(choices=list(SHOWN.items()), required=False)

    @property
    def shown(self):
        return self.is_valid() and self.cleaned_data["toon"] or "mij"

    def apply(self, requests, *, user):
        if self.shown == "team":
            return requests
        if self.shown == "partner":
            requests = requests.filter(status=HelpRequest.Status.WITH_PARTNER)
        return requests.of(user)
