from django import forms

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from partners.models import Verification


class VerificationForm(SaveOnceForm, forms.ModelForm):
    class Meta:
        model = Verification
        fields = ["method", "result", "note"]
        labels = {"method": "Hoe keek je het na?", "result": "Wat bleek?", "note": "Nota"}
        widgets = {"method": TileSelect, "result": TileSelect, "note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"note": "Enkel voor het team. Schrijf geen namen van mensen."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Bewaar")
        say_when_empty(self, method="Kies hoe je het nakeek.", result="Kies wat er bleek.")
