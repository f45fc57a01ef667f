"""No lost update: an edit form carries the version it was loaded with."""

from django import forms
from django.db import models

from buurtwerk.interface.sensitive import GuardedText


class Versioned(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class VersionedForm(GuardedText, forms.ModelForm):
    """Mixin for every form that edits a Versioned model: call it inside the request's transaction.

    When someone else saved meanwhile, the form keeps what was typed, shows what stands there now
    (`theirs`: pairs of label and value) and saves over it only after a second, deliberate submit.
    """

    loaded_version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.theirs = []
        self.fields["loaded_version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and "loaded_version" in cleaned:
            # Locked until the end of the transaction: nobody slips in between the check and the save.
            current = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
            if current.version != cleaned["loaded_version"]:
                self._show_theirs(current)
            self._take_along(current)
            self.instance.version = current.version + 1
        return cleaned

    def _take_along(self, current):
        """What this form does not show is saved as it is now, not as it was when the page was loaded."""
        for field in self.instance._meta.concrete_fields:
            if field.name not in self.fields:
                setattr(self.instance, field.attname, getattr(current, field.attname))

    def _show_theirs(self, current):
        saved = type(self)(instance=current)
        for name in self.changed_data:
            if name in saved.fields and not saved[name].is_hidden:
                self.theirs.append((self.fields[name].label, _shown(saved[name])))
        self.data = self.data.copy()
        self.data[self.add_prefix("loaded_version")] = current.version
        self.add_error(
            None,
            "Iemand anders bewaarde dit intussen. Wat jij typte, staat er nog. Vergelijk en bewaar opnieuw.",
        )


def _shown(bound_field):
    """The value of a field as a person would read it."""
    value = bound_field.value()
    choices = dict(getattr(bound_field.field, "choices", []) or [])
    values = value if isinstance(value, list | tuple) else [value]
    return ", ".join(str(choices.get(one, one)) for one in values if one not in (None, "")) or "leeg"
