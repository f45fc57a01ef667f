from crispy_forms.layout import HTML, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from households.forms.families import date_input
from households.models import Household, Member, Person, SupportLink
from partners.models import Organisation

ONE_OF_THREE = "Typ een naam, of kies iemand die we kennen of een organisatie."
ONLY_ONE = "Kies één van de drie: een naam, iemand die we kennen of een organisatie."


class SupportFields(forms.ModelForm):
    """Whom a family leans on: exactly one of a name, somebody we know, an organisation."""

    TARGETS = ["name", "other", "organisation"]

    class Meta:
        model = SupportLink
        fields = ["name", "other", "organisation", "person", "kind", "quality", "note", "since", "until"]
        widgets = {"quality": TileSelect, "since": date_input(), "until": date_input()}
        labels = {"person": "Voor wie", "name": "Naam", "other": "Of iemand die we kennen"}
        help_texts = {
            "name": "Een voornaam is genoeg, zoals: tante Rosa.",
            "quality": "Zoals het gezin het zelf zegt.",
            "note": "Zoals: past op de kinderen op woensdag.",
            "until": "Vanaf die dag staat deze persoon bij vroeger.",
        }

    def __init__(self, *args, user=None, **kwargs):
        """`user` chooses; without one, the form only shows what was saved."""
        super().__init__(*args, **kwargs)
        household = self.instance.household
        here = Member.objects.filter(household=household)
        self.fields["person"].queryset = Person.objects.filter(memberships__in=here).distinct().order_by("first_name")
        self.fields["person"].empty_label = "Het hele gezin"
        kept = Person.objects.filter(pk=self.instance.other_id).order_by("first_name", "pk")
        self.fields["other"].queryset = people_around(household, user=user) | kept if user else kept
        self.fields["other"].empty_label = "Niemand"
        self.fields["organisation"].label = "Of een organisatie"
        self.fields["organisation"].queryset = Organisation.objects.filter(
            Q(is_active=True) | Q(pk=self.instance.organisation_id)
        ).order_by("name")
        self.fields["organisation"].empty_label = "Geen organisatie"
        self.fields["kind"].choices = [("", "Kies wat voor iemand"), *SupportLink.Kind.choices]
        say_when_empty(self, kind="Kies wat voor iemand het is.", quality="Kies hoe de band is.")

    def clean_since(self):
        day = self.cleaned_data["since"]
        if day and (day.year < 1900 or day > timezone.localdate()):
            raise ValidationError("Kies vandaag of een dag ervoor.")
        return day

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day and (day.year < 1900 or day > timezone.localdate()):
            raise ValidationError("Kies vandaag of een dag ervoor.")
        return day

    def clean(self):
        cleaned = super().clean()
        given = [name for name in self.TARGETS if cleaned.get(name)]
        if not given and not any(name in self.errors for name in self.TARGETS):
            self.add_error("name", ONE_OF_THREE)
        if len(given) > 1:
            self.add_error(given[-1], ONLY_ONE)
        if cleaned.get("person") and cleaned.get("person") == cleaned.get("other"):
            self.add_error("other", "Kies iemand anders: niemand is een steunfiguur van zichzelf.")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "De laatste dag komt na de eerste.")
        return cleaned

    def validate_constraints(self):
        """The form says the same as the table, at the field where the answer lies."""


def people_around(household, *, user):
    """Who can be a support figure by name: the family's own people, and those of the homes it shares a child with."""
    homes = [household.pk]
    if not household.has_compartments:
        shared = Member.objects.filter(person__in=household.shared_people)
        known = Household.objects.openable_by(user).filter(has_compartments=False)
        homes += known.filter(pk__in=shared.values("household")).values_list("pk", flat=True)
    members = Member.objects.filter(household__in=homes)
    return Person.objects.visible_to(user).filter(pk__in=members.values("person")).order_by("first_name", "pk")


def _layout(hidden):
    return Layout(
        hidden,
        HTML("<h2>Wie is het</h2><p class='hint'>Kies één van de drie.</p>"),
        "name",
        Row("other", "organisation"),
        HTML("<h2>Wat voor band</h2>"),
        Row("kind", "person"),
        "quality",
        "note",
        Row("since", "until"),
    )


class SupportCreateForm(SaveOnceForm, SupportFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Voeg toe", guard=True)
        self.helper.layout = _layout("token")


class SupportForm(VersionedForm, SupportFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = _layout("loaded_version")
