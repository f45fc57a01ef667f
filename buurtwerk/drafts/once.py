"""A form that is sent twice saves once: the second time shows the first result."""

import uuid

from django import forms
from django.core.exceptions import BadRequest
from django.db import connection, models

from buurtwerk.interface.sensitive import GuardedText


class SavedOnceManager(models.Manager):
    def claim(self, token, *, by):
        """Take this token for one save, or learn what it was used for.

        A second submit that comes while the first is still being saved waits here for its end.
        Returns the row; `result` is empty for whoever must do the saving.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO drafts_savedonce (token, user_id, result, at) VALUES (%s, %s, '', now()) "
                "ON CONFLICT (token) DO NOTHING RETURNING at",
                [token, by.pk],
            )
            first = cursor.fetchone()
        if first is None:
            return self._earlier(token, by)
        once = SavedOnce(token=token, user=by, at=first[0])
        once._state.adding = False
        return once

    def _earlier(self, token, by):
        earlier = self.filter(token=token, user=by).first()
        if earlier is None:
            raise BadRequest("this token was given to someone else")
        return earlier


class SavedOnce(models.Model):
    token = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE)
    result = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects = SavedOnceManager()

    class Meta:
        app_label = "drafts"
        verbose_name = "eenmalige bewaring"
        verbose_name_plural = "eenmalige bewaringen"

    def __str__(self):
        return str(self.token)

    def led_to(self, url):
        """Remember the page of what was saved, for a second submit of the same form."""
        self.result = url
        self.save(update_fields=["result"])


class SaveOnceForm(GuardedText, forms.Form):
    """Mixin for every form that creates something."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
