"""Erasing while a colleague does something with the same family: real connections, real transactions."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_everything
from households.actions import retention
from households.models import Contact, ContactFact, DestructionLine, ErasureRecord, Household, Person
from tests.factories import make_user
from tests.households.factories import make_contact, make_household, make_member
from tests.households.test_contacts_at_once import at_once, signed_in
from tests.households.test_erasing import on_the_list

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def family():
    household = make_household()
    make_member(household)
    make_contact(household, happened_on=timezone.localdate() - timedelta(days=1000), created_at=long_ago())
    Household.objects.filter(pk=household.pk).update(created_at=long_ago())
    return household


def long_ago():
    return timezone.now() - timedelta(days=1000)


def coordinators(family, number=2):
    return [make_user(Role.COORDINATOR, centre=family.centre) for _ in range(number)]


def note_of(family, **more):
    form = {
        "token": "5f0c1e9a-6a3e-4a53-9a83-1b7f5a2f0c11",
        "who": family.code,
        "mode": "home",
        "outcome": "talked",
        "happened_on": timezone.localdate().isoformat(),
        "visibility": "file",
        "note": "Daar waren ze weer",
        **more,
    }
    return partial(signed_in(family.primary_worker).post, reverse("households:note"), form)


def test_two_coordinators_approving_at_once_decide_once(family):
    one, other = coordinators(family)
    line = on_the_list(family, by=one, decision="waiting")
    address = reverse("households:destruction-approve", args=[line.pk])

    answers = at_once(*[partial(signed_in(each).post, address, follow=True) for each in (one, other)])

    said = [answer.content.decode() for answer in answers]
    assert sum("mag gewist worden" in each for each in said) == 1
    assert sum("intussen beslist" in each for each in said) == 1


def test_two_coordinators_erasing_at_once_erase_once(family):
    one, other = coordinators(family)
    on_the_list(family, by=one)
    address = reverse("households:destruction-erase")

    answers = at_once(*[partial(signed_in(each).post, address, follow=True) for each in (one, other)])

    said = [answer.content.decode() for answer in answers]
    assert sum("1 regel van de lijst is gewist." in each for each in said) == 1
    assert sum("Er was niets meer te wissen." in each for each in said) == 1
    assert (ContactFact.objects.count(), ErasureRecord.objects.filter(code=family.code).count()) == (1, 1)


@pytest.mark.parametrize("turn", range(3))
def test_a_contact_that_is_saved_meanwhile_keeps_the_family_or_is_not_saved_at_all(family, turn):
    on_the_list(family, by=coordinators(family)[0])

    def erase():
        with asking_everything():
            return retention.erase_ready()

    erased, saved = at_once(erase, note_of(family))

    family.refresh_from_db()
    new = Contact.objects.filter(note="Daar waren ze weer")
    if erased:
        assert (saved.status_code, new.count(), family.status) == (404, 0, "erased")
    else:
        assert (saved.status_code, new.count(), family.status) == (302, 1, "active")
        assert DestructionLine.objects.get().decision == "lapsed"


@pytest.fixture
def person_line(family):
    """Somebody of the family, proposed by one coordinator and approved by another."""
    els, ann = coordinators(family)
    person = family.members.get().person
    Contact.objects.get().present.add(person)
    line = retention.propose_person(person, family, ground="Vraag om te wissen", by=els)
    retention.approve(line, by=ann)
    return line


def test_one_person_is_erased_once_by_two_at_the_same_moment(family, person_line):
    address = reverse("households:destruction-erase")

    at_once(*[partial(signed_in(each).post, address) for each in coordinators(family)])

    assert ErasureRecord.objects.filter(code=f"P-{person_line.person_id}").count() == 1
    assert Contact.objects.get().erased_present == 1
    assert not Person.objects.exists()


@pytest.mark.parametrize("turn", range(3))
def test_a_contact_with_the_person_that_is_saved_meanwhile_loses_them_and_counts_them_or_never_knew_them(
    family, person_line, turn
):
    def erase():
        with asking_everything():
            return retention.erase_ready()

    erased, saved = at_once(erase, note_of(family, present=[person_line.person_id]))

    assert (erased, Person.objects.count(), family.members.count()) == (1, 0, 0)
    assert saved.status_code in (200, 302)
    for contact in Contact.objects.all():
        assert contact.present.count() == 0
    assert not Contact.objects.filter(note="Daar waren ze weer", erased_present=1).exists()
