"""What became of a referral: the answer of the organisation, or consent that is taken back."""

from django import forms
from django.urls import reverse

from buurtwerk.interface.forms import TileSelect, helper, say_when_empty
from buurtwerk.interface.sensitive import GuardedText
from households.actions.referrals import possible_moves
from households.forms.referrals import free_words
from households.models import Referral


class AnswerForm(GuardedText, forms.Form):
    """What the organisation said. Carries where the referral stood when the page was loaded."""

    loaded_version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": "Laad de pagina opnieuw.", "invalid": "Laad de pagina opnieuw."},
    )
    answer = forms.ChoiceField(label="Wat is het antwoord", widget=TileSelect)
    decline_reason = forms.ChoiceField(
        label="Als ze weigeren: waarom", required=False, choices=[("", "Kies"), *Referral.Reason.choices]
    )
    outcome = forms.ChoiceField(
        label="Als je afsluit: hoe liep het af", required=False, choices=[("", "Kies"), *Referral.Outcome.choices]
    )
    why = forms.CharField(label="Uitleg", required=False, max_length=300, validators=free_words)

    # What each move is called when a person notes it.
    WORDS = {
        Referral.Status.SENT: "De info is gegeven",
        Referral.Status.EXPIRED: "Ze antwoorden niet",
        Referral.Status.CANCELLED: "Niet meer nodig",
        Referral.Status.CLOSED: "Sluit af",
    }

    def __init__(self, *args, referral, **kwargs):
        super().__init__(*args, **kwargs)
        self.referral = referral
        self.fields["loaded_version"].initial = referral.version
        moves = possible_moves(referral)
        self.fields["answer"].choices = [(move.value, self.WORDS.get(move, move.label)) for move in moves]
        if Referral.Status.DECLINED not in moves:
            del self.fields["decline_reason"]
        if Referral.Status.CLOSED not in moves:
            del self.fields["outcome"]
        self.helper = helper("Noteer het antwoord")
        self.helper.form_action = reverse("households:referral-answer", args=[referral.pk])
        say_when_empty(self, answer="Kies wat het antwoord is.")
        self.fields["answer"].error_messages["invalid_choice"] = (
            "Dit kan niet op dit moment. Kies een van de antwoorden."
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == Referral.Status.DECLINED and not cleaned.get("decline_reason"):
            self.add_error("decline_reason", "Kies waarom ze weigeren.")
        if cleaned.get("answer") == Referral.Status.CLOSED and not cleaned.get("outcome"):
            self.add_error("outcome", "Kies hoe het afliep.")
        if "loaded_version" in cleaned and cleaned["loaded_version"] != self.referral.version:
            self.data = {**self.data.dict(), "loaded_version": self.referral.version}
            self.add_error(
                None,
                f"Een collega noteerde intussen “{self.referral.get_status_display()}”. Kijk na en noteer opnieuw.",
            )
        return cleaned


class WithdrawForm(GuardedText, forms.Form):
    why = forms.CharField(label="Wat zei de bewoner", required=False, max_length=300, validators=free_words)

    def __init__(self, *args, **kwargs):
        # It stands on one page with the answer.
        super().__init__(*args, auto_id="withdraw_%s", **kwargs)
