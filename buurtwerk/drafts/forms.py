"""How a form types on where it was left, keeps itself while someone types, and is forgotten once it is saved."""

from django import forms
from django.utils.functional import cached_property

from buurtwerk.drafts.models import Draft


class FormDraft:
    """What the asking person types in one form about one subject.

    Args:
        form: a slug; with `subject` it says whose place in which form this is.
        title: how it is called in the list of drafts.
        address: the page to go back to, when that is not simply the path of this one.
        rereads: a template below the form, for a text that can be read again before it is saved.
    """

    def __init__(self, request, form, *, title, subject="", address="", rereads=""):
        self.request = request
        self.belongs = {"user": request.user, "form": form, "subject": str(subject)}
        self.title, self.address, self.rereads = title, address or request.path, rereads

    @cached_property
    def kept(self):
        """What was typed earlier and not sent. What is sent now is judged beside what was saved, not beside this."""
        return None if self.request.method == "POST" else Draft.objects.of(**self.belongs)

    @property
    def typed(self):
        return self.kept.typed if self.kept else {}

    def start(self, form_class):
        """Where a fresh form goes on: initial values."""
        return as_initial(form_class, self.typed)

    @property
    def context(self):
        """What the template of the form needs to let it keep itself."""
        return {
            "draft_form": self.belongs["form"],
            "draft_subject": self.belongs["subject"],
            "draft_title": self.title,
            "draft_address": self.address,
            "rereads": self.rereads,
        }

    def keep(self, typed):
        Draft.objects.keep(**self.belongs, title=self.title, address=self.address, typed=typed)

    def discard(self):
        Draft.objects.discard(**self.belongs)


def as_initial(form_class, typed):
    """What was typed in an earlier form (a list of values for each name) as a start for a fresh one."""
    initial = {}
    for name, field in form_class.base_fields.items():
        # A file is not typed: a browser never lets a page choose it again.
        if isinstance(field, forms.FileField):
            continue
        if values := typed.get(name):
            initial[name] = values if isinstance(field, forms.MultipleChoiceField) else values[-1]
    return initial
