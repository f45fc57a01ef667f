"""The story of a family: who reads what, and going back in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from buurtwerk.accounts.models import Role
from households import timeline
from households.models import Referral
from households.story import HIDDEN_WORDS
from tests.factories import make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member
from tests.partners.factories import make_organisation

pytestmark = pytest.mark.django_db


def page_of(client, household, **address):
    return client.get(household.get_absolute_url(), address).content.decode()


def days_ago(days):
    """A contact of that day, written down that same day."""
    return {
        "happened_on": timezone.localdate() - timedelta(days=days),
        "created_at": timezone.now() - timedelta(days=days),
    }


def make_referral(household, **fields):
    member = make_member(household)
    organisation = make_organisation(name="Proefhuis")
    return Referral.objects.create(
        household=household,
        centre=household.centre,
        person=member.person,
        organisation=organisation,
        theme="housing",
        need="Een groter huis",
        made_by=household.primary_worker,
        **fields,
    )


def test_the_story_goes_from_new_to_old_and_names_each_piece(client):
    household = make_household()
    make_contact(household, mode="door", outcome="no_answer", **days_ago(9))
    make_contact(household, mode="home", outcome="talked", themes=["housing"], note="Koffie gedronken", **days_ago(2))
    make_follow_up(household, what="Bel de huisbaas")
    make_referral(household)
    client.force_login(household.primary_worker)

    story = page_of(client, household).split('id="verhaal"')[1]

    words = ["Proefhuis", "Huisbezoek, gesproken", "Koffie gedronken", "Wonen", "Aan de deur, niet bereikt"]
    assert [story.index(word) for word in words] == sorted(story.index(word) for word in words)
    assert "Opvolging: Bel de huisbaas" in story


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("team", {"author", "primary", "backup", "colleague", "coordinator"}),
        ("file", {"author", "primary", "backup", "coordinator"}),
        ("named", {"author", "colleague"}),
        ("personal", {"author"}),
    ],
)
def test_a_note_is_in_the_page_of_its_readers_and_of_nobody_else(client, visibility, readers):
    household = make_household()
    centre = household.centre
    people = {
        "author": make_user(centre=centre),
        "primary": household.primary_worker,
        "backup": make_user(centre=centre),
        "colleague": make_user(centre=centre),
        "coordinator": make_user(Role.COORDINATOR, centre=centre),
    }
    household.backup_worker = people["backup"]
    household.save()
    make_contact(
        household,
        author=people["author"],
        note="Zeer vertrouwelijk",
        visibility=visibility,
        readers=[people["colleague"]],
    )

    who_reads = set()
    for name, user in people.items():
        client.force_login(user)
        page = page_of(client, household)
        assert "Huisbezoek" in page
        if "Zeer vertrouwelijk" in page:
            who_reads.add(name)
        else:
            assert any(word in page for word in ("Nota voor het dossierteam", *HIDDEN_WORDS.values()))

    assert who_reads == readers


def test_a_contact_without_a_note_does_not_claim_there_is_one(client):
    household = make_household()
    make_contact(household, note="")
    client.force_login(make_user(centre=household.centre))

    assert "Nota" not in page_of(client, household).split('id="verhaal"')[1]


def test_a_contact_that_was_written_down_late_says_so(client):
    household = make_household()
    make_contact(household, happened_on=timezone.localdate() - timedelta(days=40))
    client.force_login(household.primary_worker)

    assert "achteraf genoteerd" in page_of(client, household)


def test_a_referral_is_only_told_to_who_follows_the_family_or_oversees_the_centre(client):
    household = make_household()
    make_referral(household)

    client.force_login(make_user(centre=household.centre))
    assert "Proefhuis" not in page_of(client, household)
    client.force_login(make_user(Role.COORDINATOR, centre=household.centre))
    assert "Proefhuis" in page_of(client, household)


def test_older_pieces_come_page_by_page_without_losing_or_repeating_any(client):
    household = make_household()
    for number in range(70):
        make_contact(household, note=f"nota-{number:02}!", **days_ago(number // 4))
    client.force_login(household.primary_worker)

    seen, before = [], None
    while True:
        page = page_of(client, household, **({"voor": before} if before else {}))
        seen += [number for number in range(70) if f"nota-{number:02}!" in page]
        if "Toon ouder" not in page:
            break
        before = page.split("?voor=")[1][:10]

    assert sorted(seen) == list(range(70))
    assert page_of(client, household).count("nota-") == 28


def test_a_day_with_more_than_a_page_is_shown_whole():
    household = make_household()
    for _ in range(7):
        make_contact(household)
    for _ in range(20):
        make_contact(household, **days_ago(1))

    entries, older = timeline.page(household, user=household.primary_worker, size=3)
    rest, end = timeline.page(household, user=household.primary_worker, before=older, size=3)

    assert (len(entries), len(rest), end) == (7, 20, None)


def test_follow_ups_and_referrals_of_that_day_are_not_lost_between_two_pages():
    household = make_household()
    make_follow_up(household)
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert len(timeline.of(household, user=household.primary_worker, before=tomorrow)) == 1
    assert timeline.of(household, user=household.primary_worker, before=timezone.localdate()) == []


@pytest.mark.parametrize("before", ["gisteren", "2026-02-31", "0001-01-01", "9999-12-31", "x\x00", "<script>"])
def test_a_strange_day_in_the_address_shows_the_newest(client, before):
    household = make_household()
    make_contact(household, note="Vandaag gezien")
    client.force_login(household.primary_worker)

    assert "Vandaag gezien" in page_of(client, household, voor=before)


def test_a_colleague_of_another_centre_gets_nothing_from_the_story():
    household = make_household()
    make_contact(household)
    make_follow_up(household)
    stranger = make_user()

    assert timeline.of(household, user=stranger) == []


def test_an_app_can_register_what_it_adds(client, monkeypatch):
    household = make_household()
    monkeypatch.setattr(timeline, "_providers", list(timeline._providers))
    entry = timeline.Entry(on=timezone.localdate(), order=0, kind="x", icon="megaphone", title="Signaal", by="Noor")
    timeline.register(lambda household, *, user, limit, before: [entry])
    client.force_login(household.primary_worker)

    assert "Signaal" in page_of(client, household)


def test_what_a_contact_was_about_stays_with_its_readers(client):
    household = make_household()
    make_contact(household, themes=["income_debt"], visibility="file")
    client.force_login(make_user(Role.WORKER, centre=household.centre))
    assert "Inkomen en schulden" not in page_of(client, household)

    client.force_login(household.primary_worker)
    assert "Inkomen en schulden" in page_of(client, household)
