"""Texts on the pages of privacy that are typed on where they were left."""

from buurtwerk.drafts.models import Draft
from households.forms.contacts import as_initial


def typed_before(request, form_class, *, name, subject=""):
    """What was typed in this form earlier and never sent, as initial values."""
    draft = Draft.objects.of(user=request.user, form=name, subject=subject) if request.method != "POST" else None
    return as_initial(form_class, draft.typed) if draft else {}


def keep(request, *, name, title, subject=""):
    """What a template needs to let the form keep itself."""
    return {
        "draft_form": name,
        "draft_subject": subject,
        "draft_title": title,
        "draft_address": request.get_full_path(),
    }


def sent(request, *, name, subject=""):
    Draft.objects.discard(user=request.user, form=name, subject=subject)
