from django import forms
from django.forms import ValidationError

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, helper
from buurtwerk.interface.text import search_key
from partners.models import NetworkFunction, Organisation


class OrganisationForm(SaveOnceForm, VersionedForm):
    functions = forms.MultipleChoiceField(
        label="Functies in het netwerk", required=False, choices=NetworkFunction, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "kind",
            "description",
            "for_whom",
            "phone",
            "email",
            "website",
            "functions",
            "source",
            "source_read",
            "to_check",
            "is_active",
        ]
        widgets = {"kind": TileSelect, "source_read": TileSelect, "description": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "description": "In één of twee korte zinnen. Iedereen leest dit.",
            "for_whom": "Bijvoorbeeld: ouders met jonge kinderen.",
            "phone": "Het openbare nummer van de organisatie, niet van een medewerker.",
            "email": "Het openbare adres van de organisatie, niet van een medewerker.",
            "source": "Waar je dit las of van wie je het hoorde, zonder namen van mensen.",
            "to_check": "Enkel voor het team.",
            "is_active": "Zonder vinkje verdwijnt de kaart uit de wegwijzer.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)

    def clean_name(self):
        name = self.cleaned_data["name"]
        same = Organisation.objects.filter(search_key=search_key(name)[:200]).exclude(pk=self.instance.pk)
        if "name" in self.changed_data and same.exists():
            raise ValidationError("Er is al een kaart met deze naam. Zoek ze op en pas ze aan.")
        return name
