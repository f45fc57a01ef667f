"""Typed text that is never lost: forms save themselves here while someone is typing."""

from datetime import timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone

from buurtwerk.interface.text import CONTROL_CHARACTERS

KEPT_FOR = timedelta(days=7)

_hidden = []


def hide_when(condition):
    """Register which drafts must not be shown: `condition(user)` is a Q. They are kept, and come back later."""
    _hidden.append(condition)
    return condition


class DraftManager(models.Manager):
    def shown_to(self, user):
        """One's own, but not those whose title would tell of what one may no longer know."""
        drafts = self.filter(user=user)
        for condition in _hidden:
            drafts = drafts.exclude(condition(user))
        return drafts

    def keep(self, *, user, form, subject, title, address, typed):
        """Keep what is typed in this form about this subject; the last version counts."""
        # The form itself will complain about such a character; the draft only must not lose the rest.
        typed = {name: [CONTROL_CHARACTERS.sub("", value) for value in values] for name, values in typed.items()}
        self.update_or_create(
            user=user, form=form, subject=subject, defaults={"title": title, "address": address, "typed": typed}
        )

    def of(self, *, user, form, subject=""):
        return self.filter(user=user, form=form, subject=subject).first()

    def outdated(self):
        return self.filter(changed_at__lt=timezone.now() - KEPT_FOR)

    def discard(self, *, user, form, subject=""):
        self.filter(user=user, form=form, subject=subject).delete()


class Draft(models.Model):
    """What one person typed in one form about one subject, and did not save yet."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField("formulier", max_length=40)
    subject = models.CharField("waarover", max_length=60, blank=True)
    title = models.CharField("titel", max_length=120)
    address = models.CharField("pagina", max_length=200)
    typed = models.JSONField("getypt", default=dict)
    changed_at = models.DateTimeField("laatst getypt", auto_now=True)

    objects = DraftManager()

    class Meta:
        app_label = "drafts"
        ordering = ["-changed_at"]
        verbose_name = "concept"
        verbose_name_plural = "concepten"
        constraints = [models.UniqueConstraint(fields=["user", "form", "subject"], name="draft_per_form_and_subject")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.address

    @property
    def kept_until(self):
        return self.changed_at + KEPT_FOR

    @property
    def discard_url(self):
        return reverse("drafts:discard", args=[self.pk])
