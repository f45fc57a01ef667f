from django import forms

from activities.models import HeadCount
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import say_when_empty

MOST = 500


class HeadCountForm(SaveOnceForm, forms.ModelForm):
    """How many there are. `seen` is the count this person had before them: two who count at once, both know."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = HeadCount
        fields = ["children", "teens", "adults", "first_time"]

    def __init__(self, *args, latest=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.latest = latest
        self.fields["seen"].initial = latest.pk if latest else None
        for name in self.Meta.fields:
            field = self.fields[name]
            # Our own field says it in words, and never a number the column cannot hold.
            self.fields[name] = forms.IntegerField(
                label=field.label.capitalize(),
                min_value=0,
                max_value=MOST,
                initial=getattr(latest, name, 0),
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages={
                    "min_value": "Vul 0 of meer in.",
                    "max_value": f"Vul hoogstens {MOST} in.",
                    "invalid": "Vul een getal in, bijvoorbeeld 12.",
                },
            )
        say_when_empty(self, **dict.fromkeys(self.Meta.fields, "Vul een getal in. Was er niemand? Vul 0 in."))

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned["first_time"] > cleaned["children"] + cleaned["teens"] + cleaned["adults"]:
            self.add_error("first_time", "Er waren minder mensen dan er voor het eerst kwamen.")
        elif self.latest and self.latest.pk != cleaned["seen"]:
            self.data = self.data.copy()
            self.data["seen"] = self.latest.pk
            self.add_error(None, "Een collega telde intussen ook. Vergelijk met de laatste telling en bewaar opnieuw.")
        return cleaned

    @property
    def counters(self):
        return [self[name] for name in self.Meta.fields]
