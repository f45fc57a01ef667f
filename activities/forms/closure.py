from datetime import timedelta

from django import forms
from django.utils import timezone

from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.text import refuse_control_characters, refuse_national_number
from buurtwerk.places.models import Centre, Closure

FAR = timedelta(days=2 * 366)
LONGEST = timedelta(days=92)


class ClosureForm(SaveOnceForm, forms.ModelForm):
    class Meta:
        model = Closure
        fields = ["centre", "first_day", "last_day", "reason"]
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "last_day": "Laat leeg voor één dag.",
            "reason": "Bewoners lezen dit: “Teamdag”, “Verbouwing”.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = Centre.objects.where(user, "activities.settle")
        ids = user.centres_where("activities.settle")
        self.fields["centre"].initial = ids[0] if len(ids) == 1 else None
        self.fields["centre"].empty_label = "Kies een centrum"
        self.fields["last_day"].required = False
        self.fields["reason"].validators += [refuse_control_characters, refuse_national_number]
        say_when_empty(self, centre="Kies een centrum.", first_day="Kies de dag.", reason="Schrijf kort waarom.")
        self.helper = helper("Sluit deze dagen")

    def clean_first_day(self):
        day, today = self.cleaned_data["first_day"], timezone.localdate()
        if not today <= day <= today + FAR:
            raise forms.ValidationError("Kies een dag vanaf vandaag en binnen twee jaar.")
        return day

    def clean(self):
        cleaned = super().clean()
        first = cleaned.get("first_day")
        if not first or "last_day" in self.errors:
            return cleaned
        last = cleaned["last_day"] = cleaned.get("last_day") or first
        if last < first:
            self.add_error("last_day", "De laatste dag komt voor de eerste. Kies een latere dag.")
        elif last - first > LONGEST:
            self.add_error("last_day", "Langer dan drie maanden sluiten kan niet in één keer.")
        return cleaned
