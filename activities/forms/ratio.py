from django import forms
from django.utils import timezone

from activities.models import Ratio
from activities.models.ratio import MOST_CHILDREN
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.places.models import Centre

YEARS_AHEAD = 2


class RatioForm(forms.ModelForm):
    class Meta:
        model = Ratio
        fields = ["centre", "band", "children", "valid_from"]
        widgets = {"band": TileSelect}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Centre.objects.filter(pk__in=user.centres_where("activities.settle"))
        self.fields["centre"].queryset = mine
        self.fields["centre"].initial = mine.first()
        self.fields["children"].error_messages |= {
            "min_value": "Vul minstens 1 in.",
            "max_value": f"Vul hoogstens {MOST_CHILDREN} in.",
            "invalid": "Vul een getal in, bijvoorbeeld 12.",
        }
        self.fields["valid_from"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields["valid_from"].initial = timezone.localdate()
        say_when_empty(
            self, band="Kies voor wie.", children="Vul in voor hoeveel kinderen.", valid_from="Kies een dag."
        )
        self.helper = helper("Bewaar")

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if abs(day.year - timezone.localdate().year) > YEARS_AHEAD:
            raise forms.ValidationError("Kies een dag dichter bij vandaag.")
        return day

    def validate_constraints(self):
        """A second number for the same day replaces the first: the history keeps both."""
