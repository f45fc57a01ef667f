from django import forms

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper
from buurtwerk.interface.uploads import EMPTY, accepted
from households.models import Member

CHOOSE_FILE = "Kies een bestand."


class PaperField(forms.FileField):
    """A photo or a pdf; gives what we keep of it."""

    def __init__(self, **options):
        options.setdefault("error_messages", {"required": CHOOSE_FILE, "invalid": CHOOSE_FILE, "missing": CHOOSE_FILE})
        options["error_messages"]["empty"] = EMPTY
        options.setdefault("help_text", "Een foto (JPEG, PNG of WebP, tot 10 MB) of een pdf (tot 5 MB).")
        options.setdefault("widget", forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}))
        super().__init__(**options)

    def to_python(self, data):
        # The name is made short and safe, so it is never too long.
        upload = super().to_python(data)
        return accepted(upload) if upload else None


class AttachmentForm(SaveOnceForm):
    file = PaperField(label="Bestand")

    field_order = ["token", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Voeg toe")


class PaperForm(AttachmentForm):
    """A paper in the file of a family; in a family with luiken it may be one adult's own."""

    luik = forms.ModelChoiceField(
        Member.objects.none(), label="Van wie is dit", required=False, empty_label="Van het gezin", widget=TileSelect
    )

    def __init__(self, *args, household, **kwargs):
        super().__init__(*args, **kwargs)
        if not household.compartments:
            del self.fields["luik"]
            return
        of_family = household.members.filter(pk__in=[member.pk for member in household.compartments])
        self.fields["luik"].queryset = of_family.select_related("person")
        self.fields["luik"].label_from_instance = lambda member: member.person.first_name
        self.fields["luik"].initial = household.compartment
