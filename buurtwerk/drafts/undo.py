"""Undo instead of "are you sure?": ten minutes, by the same person, from the green message."""

import secrets
from datetime import timedelta

from django.contrib import messages
from django.db import models
from django.utils import timezone

WITHIN = timedelta(minutes=10)
_ways_back = {}


def undoable(name):
    """Register a function that takes something back: `def take_back(subject_id, *, by)`.

    It returns a sentence; or a sentence and an address, when the page of the button is gone after it.
    """

    def register(take_back):
        _ways_back[name] = take_back
        return take_back

    return register


def say_with_undo(request, sentence, *, name, subject_id):
    """Show a green message with *Maak ongedaan*."""
    if name not in _ways_back:
        raise KeyError(f"nobody registered how to undo {name}")
    undo = Undo.objects.create(token=secrets.token_urlsafe(16), user=request.user, name=name, subject_id=subject_id)
    messages.success(request, sentence, extra_tags=f"undo:{undo.token}")


class UndoQuerySet(models.QuerySet):
    def possible_for(self, user):
        return self.filter(user=user, used_at=None, at__gt=timezone.now() - WITHIN)


class Undo(models.Model):
    token = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    objects = UndoQuerySet.as_manager()

    class Meta:
        app_label = "drafts"
        verbose_name = "stap terug"
        verbose_name_plural = "stappen terug"

    def __str__(self):
        return self.name

    def take_back(self):
        """Do it. Returns the sentence to show, and where to go when the page of the button is gone with it.

        Raises what the way back raises when it is no longer possible.
        """
        self.used_at = timezone.now()
        self.save(update_fields=["used_at"])
        outcome = _ways_back[self.name](self.subject_id, by=self.user)
        return outcome if isinstance(outcome, tuple) else (outcome, "")
