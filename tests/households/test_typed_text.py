"""R6: no long text of a family or a signal is lost with a session. Every page with a textarea keeps a draft."""

import pytest

from buurtwerk.accounts.models import Membership, Role
from tests.addresses import ADDRESSES, make_world, path_of
from tests.html import forms_of

pytestmark = pytest.mark.django_db

# A sentence at a button, typed in a breath: the reason of a step, not a note.
SHORT = {"signals:detail", "households:right-edit", "households:right-create"}


def test_r6_every_page_with_a_long_text_keeps_a_draft(client):
    world = make_world()
    Membership.objects.create(user=world.worker, centre=world.centre, role=Role.COORDINATOR)
    client.force_login(world.worker)
    pages, without = 0, []
    for name, address in ADDRESSES.items():
        if address.method != "get" or name.partition(":")[0] not in ("households", "signals") or name in SHORT:
            continue
        response = client.get(path_of(name, world))
        is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        for form in forms_of(response.content.decode()) if is_page else ():
            if any(field.kind == "textarea" for field in form.fields.values()):
                pages += 1
                without += [name] if "draft_form" not in form.fields else []

    assert pages >= 5
    assert without == []
