"""The list of referrals: which of them, and how many are in each state."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.db.models import Count
from django.utils import timezone

from buurtwerk.interface.forms import helper
from buurtwerk.themes import Theme
from households.actions.referrals import MOVES
from households.models import Referral

LIST_LIMIT = 100


class ReferralFilter(forms.Form):
    """Which referrals to look at. Without a choice: those that wait, the longest first."""

    WAITING = "wacht"
    EVERYTHING = "alles"
    AGES = [("", "Hoelang"), ("5", "Langer dan 5 dagen"), ("10", "Langer dan 10 dagen"), ("30", "Langer dan 30 dagen")]

    toestand = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(WAITING, "Wacht"), *Referral.Status.choices, (EVERYTHING, "Alles")],
    )
    thema = forms.ChoiceField(label="Thema", required=False, choices=[("", "Alle thema’s"), *Theme.choices])
    langer = forms.ChoiceField(label="Doorgegeven", required=False, choices=AGES)
    mijn = forms.BooleanField(label="Enkel die ik maakte", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper("Toon", method="get", name="")
        # A filter that makes no sense is said to be wrong, and the others still count.
        self.is_valid()

    @property
    def is_narrowed(self):
        return any(self.cleaned_data.get(name) for name in ("thema", "langer", "mijn"))

    @property
    def status(self):
        return self.cleaned_data.get("toestand") or self.WAITING

    def narrow(self, referrals, *, user):
        """By all but the status, so that each status can be counted."""
        if theme := self.cleaned_data.get("thema"):
            referrals = referrals.filter(theme=theme)
        if days := self.cleaned_data.get("langer"):
            referrals = referrals.filter(sent_at__lt=timezone.now() - timedelta(days=int(days)))
        return referrals.filter(made_by=user) if self.cleaned_data.get("mijn") else referrals

    def apply(self, referrals):
        if self.status == self.WAITING:
            referrals = referrals.waiting()
        elif self.status != self.EVERYTHING:
            referrals = referrals.filter(status=self.status)
        if self.status in Referral.ENDED:
            return referrals.order_by("-sent_at", "-pk")
        return referrals.waiting_longest_first()

    def tabs(self, referrals):
        """Each status with how many stand there. What has ended is not counted: it only grows."""
        counted = dict(
            referrals.exclude(status__in=Referral.ENDED).order_by().values_list("status").annotate(Count("pk"))
        )
        waiting = sum(counted.get(status, 0) for status in Referral.WAITING)
        yield Tab("Wacht", None, waiting, self.status == self.WAITING)
        for status in MOVES:
            if status != Referral.Status.DRAFT:
                count = None if status in Referral.ENDED else counted.get(status, 0)
                yield Tab(status.label, status.value, count, self.status == status)
        yield Tab("Alles", self.EVERYTHING, None, self.status == self.EVERYTHING)


@dataclass(frozen=True)
class Tab:
    label: str
    value: str | None
    count: int | None
    is_here: bool

    @property
    def is_shown(self):
        """Where nothing stands, and what has ended, is one tap further."""
        return bool(self.count) or self.is_here
