"""Handing families over: to whom, which ones, what goes along, and what the other answers."""

from django import forms
from django.db.models import Q

from buurtwerk.accounts.models import Membership, User
from buurtwerk.accounts.policy import RIGHTS
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.interface.forms import TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.text import refuse_control_characters, refuse_national_number
from households.forms.follow_ups import colleagues, planned_day
from households.models import HandedFamily, Handover, Household


class WhoForm(forms.Form):
    """Whose families go: asked first, so that the next page can show them."""

    van = forms.ModelChoiceField(User.objects.none(), label="Wie geeft gezinnen door", empty_label="Kies een collega")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        overseen = Membership.objects.filter(
            centre__in=by.centres_where("families.oversee"), role__in=RIGHTS["families.open"].roles
        )
        givers = User.objects.filter(Q(pk=by.pk) | Q(pk__in=overseen.values("user")), is_active=True)
        self.fields["van"].queryset = givers.order_by("first_name", "username", "pk")
        self.helper = helper("Ga verder", method="get")
        say_when_empty(self, van="Kies een collega.")


class WhichForm(forms.Form):
    """Which families go: asked apart, so that the next page is about these alone. Codes may stand in an address."""

    gezin = forms.ModelMultipleChoiceField(
        Household.objects.none(),
        label="Welke gezinnen gaan over",
        to_field_name="code",
        widget=TileSelectMultiple,
        error_messages={"required": "Vink minstens een gezin aan."},
    )

    def __init__(self, *args, families, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gezin"].queryset = families
        self.fields["gezin"].choices = [(each.code, f"{each.nickname} ({each.code})") for each in families]


class HandoverForm(SaveOnceForm, forms.ModelForm):
    """To whom, and a word to them. The families stand below it, each a form of its own."""

    class Meta:
        model = Handover
        fields = ["to_user", "message"]
        widgets = {"message": forms.Textarea({"rows": 3})}
        help_texts = {"message": "Wat moet je collega weten? Schrijf hier niets over de gezinnen zelf."}

    def __init__(self, *args, centre_id, from_user, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.centre_id, self.instance.from_user = centre_id, from_user
        self.fields["to_user"].queryset = colleagues(centre_id).exclude(pk=from_user.pk)
        self.fields["to_user"].label = "Aan wie"
        self.fields["to_user"].empty_label = "Kies een collega"
        say_when_empty(self, to_user="Kies aan wie je de gezinnen geeft.")


class HandedFamilyForm(forms.ModelForm):
    """One family: whether it goes, and what of its past goes along."""

    goes_along = forms.MultipleChoiceField(
        label="Wat mag mee",
        required=False,
        choices=HandedFamily.Part.choices,
        initial=HandedFamily.Part.values,
        widget=forms.CheckboxSelectMultiple,
    )
    introduction_on = planned_day("Samen kennismaken op", required=False)

    class Meta:
        model = HandedFamily
        fields = ["goes_along", "introduction_on"]

    def __init__(self, *args, household, **kwargs):
        super().__init__(*args, prefix=household.code, **kwargs)
        self.household = self.instance.household = household


def families_of(user, *, centre_id, by):
    """The families that can be given: those this colleague is vaste buurtwerker or back-up of, and that `by` knows."""
    waiting = HandedFamily.objects.filter(is_waiting=True).values("household")
    families = Household.objects.read_by(by).filter(Q(primary_worker=user) | Q(backup_worker=user), centre=centre_id)
    return families.followed().exclude(pk__in=waiting).order_by("nickname", "pk")


class RefuseForm(GuardedText, forms.Form):
    why = forms.CharField(
        label="Waarom niet",
        max_length=300,
        validators=[refuse_control_characters, refuse_national_number],
        error_messages={"required": "Zeg kort waarom niet, dan kan je collega verder zoeken."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Neem niet over")


class EndForm(forms.Form):
    """When a colleague stops: today, or after a last day."""

    on = planned_day("Laatste werkdag", required=False, help_text="Laat leeg om de toegang nu te beëindigen.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Beëindig de toegang")
