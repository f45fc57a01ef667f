from datetime import timedelta

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from households.forms.families import date_input
from households.models import HomeVisitNote
from households.models.visit_note import LONGEST

USUAL_REVIEW = timedelta(days=91)


class VisitNoteFields(forms.ModelForm):
    class Meta:
        model = HomeVisitNote
        fields = ["kind", "fact", "source", "measure", "review_on"]
        widgets = {"kind": TileSelect, "review_on": date_input()}
        help_texts = {
            "fact": "Wat je ziet of hoort aan de deur, geen oordeel over mensen. Zoals: grote hond in de gang.",
            "source": "Zoals: zelf gezien op 3 mei, of: gezegd door de moeder.",
            "measure": "Zoals: eerst bellen, dan doet de moeder de hond in de tuin.",
            "review_on": "Ten laatste binnen de zes maanden. Op die dag verdwijnt dit, tenzij je het opnieuw bekijkt.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["review_on"].initial = lambda: timezone.localdate() + USUAL_REVIEW
        say_when_empty(
            self,
            kind="Kies waarover het gaat.",
            fact="Schrijf wat er is.",
            source="Schrijf van wie of waarvan je dit weet.",
            measure="Schrijf wat we doen.",
            review_on="Kies een dag om dit opnieuw te bekijken.",
        )

    def clean_review_on(self):
        day, today = self.cleaned_data["review_on"], timezone.localdate()
        if day <= today:
            raise ValidationError("Kies een dag na vandaag.")
        if day > today + LONGEST:
            raise ValidationError("Kies een dag binnen de zes maanden.")
        return day

    def validate_constraints(self):
        """The form says the same as the table, at the field where the answer lies."""


class VisitNoteCreateForm(SaveOnceForm, VisitNoteFields):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)
        self.helper.layout = Layout("token", *VisitNoteFields.Meta.fields)


class VisitNoteForm(VersionedForm, VisitNoteFields):
    """Looking at it again: what is still true, and until when."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Nog nodig, bewaar", guard=True)
        self.helper.layout = Layout("loaded_version", *VisitNoteFields.Meta.fields)
