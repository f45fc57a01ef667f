"""Which families to see on the map of the rhythm."""

from django import forms
from django.db.models import F, Q

from buurtwerk.places.models import Neighbourhood
from households.models import Household
from households.rhythm import ENDING, IN, NONE, PAST

STATES = {"in": IN, "loopt-af": ENDING, "voorbij": PAST, "zonder": NONE}


class RhythmFilter(forms.Form):
    buurt = forms.ChoiceField(label="Buurt", required=False)
    niveau = forms.TypedChoiceField(
        label="Niveau",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Alle niveaus"), *Household.Intensity.choices],
    )
    ritme = forms.ChoiceField(
        label="Ritme",
        required=False,
        choices=[
            ("", "Alles"),
            ("voorbij", "Ritme voorbij"),
            ("loopt-af", "Ritme loopt af"),
            ("in", "In ritme"),
            ("zonder", "Zonder vast ritme"),
        ],
    )
    van = forms.ChoiceField(required=False, choices=[("", ""), ("mij", "")], widget=forms.HiddenInput)
    per = forms.ChoiceField(required=False, choices=[("", ""), ("niveau", ""), ("buurt", "")], widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        buurten = Neighbourhood.objects.values_list("slug", "name")
        self.fields["buurt"].choices = [("", "Alle buurten"), *buurten]

    @property
    def wanted(self):
        return self.cleaned_data if self.is_valid() else {}

    @property
    def narrowing(self):
        return any(self.wanted.get(name) not in ("", None) for name in ("buurt", "niveau", "ritme"))

    @property
    def is_about_me(self):
        return bool(self.wanted.get("van"))

    def whose(self, families):
        """Those of the team, or one's own; of one buurt when asked."""
        if self.is_about_me:
            families = families.filter(Q(primary_worker=self.user) | Q(backup_worker=self.user))
        if buurt := self.wanted.get("buurt"):
            families = families.filter(neighbourhood__slug=buurt)
        return families

    def apply(self, families):
        """`families` carry their rhythm. Who waits longest beyond the promise comes first."""
        if self.wanted.get("niveau") is not None:
            families = families.filter(intensity=self.wanted["niveau"])
        if state := self.wanted.get("ritme"):
            families = families.filter(rhythm_state=STATES[state])
        return families.order_by(*self._groups(), F("rhythm_ends_on").asc(nulls_last=True), "nickname", "pk")

    def _groups(self):
        per = {"niveau": ["-intensity"], "buurt": [F("neighbourhood__name").asc(nulls_last=True)]}
        return per.get(self.wanted.get("per"), [])
