from django import forms

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper
from buurtwerk.languages import Language
from buurtwerk.themes import Theme
from partners.models import Service


class ServiceForm(SaveOnceForm, VersionedForm):
    themes = forms.MultipleChoiceField(label="Thema's", choices=Theme, widget=TileSelectMultiple)
    languages = forms.MultipleChoiceField(
        label="Talen",
        required=False,
        choices=Language,
        widget=TileSelectMultiple,
        help_text="In welke talen kan je er terecht? Niets aangevinkt betekent: niet geweten.",
    )

    class Meta:
        model = Service
        fields = [
            "name",
            "themes",
            "description",
            "for_whom",
            "age_min",
            "age_max",
            "city_wide",
            "neighbourhoods",
            "languages",
            "cost",
            "access_mode",
            "how_to_enter",
            "check_every_months",
            "status",
        ]
        localized_fields = ["age_min", "age_max"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "how_to_enter": forms.Textarea(attrs={"rows": 2}),
            "neighbourhoods": TileSelectMultiple,
            "access_mode": TileSelect,
            "check_every_months": TileSelect,
            "status": TileSelect,
        }
        help_texts = {
            "description": "Leeg betekent: zoals bij de organisatie. Iedereen leest dit.",
            "for_whom": "Leeg betekent: zoals bij de organisatie.",
            "age_min": "0 is vanaf de geboorte. Leeg betekent: niet geweten.",
            "age_max": "Leeg betekent: er is geen hoogste leeftijd.",
            "cost": "Bijvoorbeeld: gratis, of € 2 per keer.",
            "how_to_enter": "Waar klop je aan, wat neem je mee, wanneer is er iemand?",
            "check_every_months": "Hoe vaak kijken we na of dit nog klopt?",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar", guard=True)
        for name in ("age_min", "age_max"):
            self.initial[name] = _whole(getattr(self.instance, name))

    def clean(self):
        cleaned = super().clean()
        lowest, highest = cleaned.get("age_min"), cleaned.get("age_max")
        if lowest is None and highest is not None and "age_min" not in self.errors:
            lowest = cleaned["age_min"] = 0
        if lowest is not None and highest is not None and highest < lowest:
            self.add_error("age_max", "De hoogste leeftijd ligt onder de laagste. Kijk beide getallen na.")
        if cleaned.get("city_wide"):
            cleaned["neighbourhoods"] = []
        return cleaned


def _whole(age):
    """12 instead of 12,0: nobody writes an age like that."""
    return age if age is None or age % 1 else int(age)
