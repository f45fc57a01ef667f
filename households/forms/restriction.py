from django import forms

from buurtwerk.accounts.models import User
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelectMultiple, helper
from households.models import Household
from households.readers import may_read_files

RESTRICTED = [
    (False, "Gewoon: het team weet dat dit gezin er is, en het dossierteam leest"),
    (True, "Afgeschermd: voor wie hieronder niet staat, bestaat dit gezin niet"),
]


class RestrictionForm(VersionedForm):
    """Who sees a family: restricted or not, why, and which colleagues are named."""

    restricted = forms.TypedChoiceField(
        label="Wie mag weten dat dit gezin er is",
        choices=RESTRICTED,
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wie mag weten dat dit gezin er is."},
    )
    colleagues = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Genoemde collega's",
        required=False,
        widget=TileSelectMultiple,
        help_text="Zij lezen het dossier mee, samen met de vaste buurtwerker en de back-up.",
        error_messages={"invalid_choice": "Kies collega's van dit centrum.", "invalid_pk_value": "Kies een collega."},
    )

    class Meta:
        model = Household
        fields = ["restricted", "restricted_reason", "colleagues"]
        labels = {"restricted_reason": "Waarom"}
        help_texts = {"restricted_reason": "Nodig bij afschermen. Eén zin, zonder namen van anderen."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        household = self.instance
        fixed = {household.primary_worker_id, household.backup_worker_id} - {None}
        self.fields["colleagues"].queryset = may_read_files(household.centre_id).exclude(pk__in=fixed)
        self.helper = helper("Bewaar")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("restricted"):
            if not cleaned.get("restricted_reason") and "restricted_reason" not in self.errors:
                self.add_error("restricted_reason", "Schrijf waarom je dit gezin afschermt.")
            if self.instance.primary_worker_id is None:
                self.add_error("restricted", "Kies eerst een vaste buurtwerker voor dit gezin.")
        elif "restricted" in cleaned:
            # The history keeps why it was restricted; the file itself no longer says so.
            cleaned["restricted_reason"] = ""
        return cleaned

    def validate_constraints(self):
        """The form says the same as the table, at the field where it belongs."""
