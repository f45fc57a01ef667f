"""What happens with handovers, in one transaction each. Nothing moves before it is accepted."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.leaving import keeps_here, lets_go, say_goodbye
from buurtwerk.accounts.models import User
from buurtwerk.accounts.rowlevel import asking, asking_everything
from buurtwerk.daily.work import every_day
from buurtwerk.interface.templatetags.look import day as in_words
from buurtwerk.notices.models import Notice
from households.actions import offers
from households.actions.glass import coordinators_of
from households.models import FollowUp, Handover, HelpRequest, Household, WorkNote

Status = Handover.Status
TOLD_BEFORE = timedelta(days=14)


class NotPossible(Exception):
    """This handover was answered meanwhile, or a family of it went another way."""


@offers.asks_someone
def propose(handover, *, families, by):
    """Ask a colleague to take families over. `families` are unsaved HandedFamily rows."""
    for handed in sorted(families, key=lambda handed: handed.household_id):
        # Became part of another one at this very moment: whose that one is, is for who proposes to look at.
        if handed.household.held() != handed.household:
            raise NotPossible
    handover.proposed_by = by
    handover.save()
    for handed in families:
        handed.handover, handed.centre_id = handover, handover.centre_id
        handed.save()
    Notice.objects.tell(
        handover.to_user,
        handover.from_user,
        text=f"{handover.from_user} vraagt {handover.to_user} om {_count(families)} over te nemen.",
        url=handover.get_absolute_url(),
        by=by,
    )
    return handover


@transaction.atomic
def accept(handover, *, by):
    """Take the families over, with every promise that was made to them."""
    # Also a restricted family, of which whoever was asked knows nothing until it is theirs.
    with asking_everything():
        _take_over(_locked(handover), by=by)


def _take_over(handover, *, by):
    families = list(handover.families.select_related("household"))
    households = {handed.household_id: handed for handed in families}
    _lock_and_check(households, handover)
    giver, taker = handover.from_user, handover.to_user
    theirs = Household.objects.filter(pk__in=households)
    theirs.filter(backup_worker=taker).update(backup_worker=None)
    theirs.filter(primary_worker=giver).update(primary_worker=taker, version=F("version") + 1)
    theirs.filter(backup_worker=giver).update(backup_worker=None)
    for household in theirs:
        household.colleagues.remove(giver, taker)
    _give_promises(households, giver=giver, taker=taker)
    _plan_introductions(families, giver=giver, taker=taker)
    _erase_work_notes(handover, households)
    handover.families.update(is_waiting=False, moved_at=timezone.now())
    _answer(handover, Status.ACCEPTED)
    _tell(handover, f"{taker} nam {_count(families)} over van {giver}.", by=by)


@transaction.atomic
def refuse(handover, *, why, by):
    handover = _locked(handover)
    _let_go(handover)
    _answer(handover, Status.REFUSED, why=why)
    _tell(handover, f"{handover.to_user} nam de gezinnen van {handover.from_user} niet over.", by=by)


@transaction.atomic
def withdraw(handover, *, by):
    handover = _locked(handover)
    _let_go(handover)
    _answer(handover, Status.WITHDRAWN)
    _tell(handover, f"De overdracht van {handover.from_user} naar {handover.to_user} is ingetrokken.", by=by)


@transaction.atomic
def give_back(handover):
    """Who was asked does not work here any more."""
    handover = _locked(handover)
    _let_go(handover)
    _answer(handover, Status.WITHDRAWN)
    what = f"de overdracht van {_count(handover.families.all())}"
    text = f"{handover.to_user} werkt hier niet meer: {what} gaat niet door."
    Notice.objects.tell(handover.from_user, handover.proposed_by, text=text, url=handover.get_absolute_url())


def _let_go(handover):
    """Every family of it can be proposed again, also one that whoever answers may not know of."""
    with asking_everything():
        handover.families.update(is_waiting=False)


def number_of_families(handover):
    """How many there are in it, also those that stay unknown to who is asked until they accept."""
    with asking_everything():
        return handover.families.count()


def _locked(handover):
    found = Handover.objects.select_for_update(of=["self"]).select_related("from_user", "to_user").get(pk=handover.pk)
    if not found.is_waiting:
        raise NotPossible
    return found


def _lock_and_check(households, handover):
    """A family that meanwhile has another vaste buurtwerker, or was merged away, is not for these two to move."""
    found = Household.objects.select_for_update().filter(pk__in=households, merged_into=None)
    found = found.filter(Q(primary_worker=handover.from_user) | Q(backup_worker=handover.from_user))
    if len(found) < len(households) or not handover.to_user.is_active:
        raise NotPossible


def _give_promises(households, *, giver, taker):
    follow_ups = FollowUp.objects.open().of(giver).filter(household__in=households)
    follow_ups.update(assigned_to=taker, handed_over_by=giver, offered_to=None, version=F("version") + 1)
    asked = HelpRequest.objects.open().of(giver).filter(household__in=households)
    asked.update(owner=taker, handed_over_by=giver, offered_to=None, version=F("version") + 1)


def _erase_work_notes(handover, households):
    """What someone wrote for themselves alone is not inherited. The database shows it to nobody but them."""
    with asking(centres=[handover.centre_id], user=handover.from_user_id, overseen=[handover.centre_id]):
        WorkNote.objects.filter(user=handover.from_user, contact__household__in=households).delete()


def _plan_introductions(families, *, giver, taker):
    # Theirs at once: saying yes to the families was saying yes to this.
    for handed in families:
        if handed.introduction_on:
            FollowUp.objects.create(
                centre_id=handed.centre_id,
                household=handed.household,
                what=f"Samen met {giver} kennismaken",
                due_on=max(handed.introduction_on, timezone.localdate()),
                assigned_to=taker,
                created_by=taker,
            )


def _answer(handover, status, *, why=""):
    handover.status, handover.answered_at, handover.answer = status, timezone.now(), why
    handover.version += 1
    handover.save()


def _tell(handover, text, *, by):
    people = (handover.from_user, handover.to_user, handover.proposed_by)
    Notice.objects.tell(*people, text=text, url=handover.get_absolute_url(), by=by)


def _count(families):
    return "een gezin" if len(families) == 1 else f"{len(families)} gezinnen"


def open_files_of(user, *, centre=None):
    """What would be without anyone when this user leaves: pairs of what it is and where to see it."""
    mine = Q(centre=centre) if centre else Q()
    families = Household.objects.filter(mine, primary_worker=user, merged_into=None).followed().order_by("code")
    follow_ups = FollowUp.objects.open().of(user).filter(mine).select_related("household")
    requests = HelpRequest.objects.open().of(user).filter(mine).select_related("household")
    return [
        *[(f"Gezin {family.code}", family.get_absolute_url()) for family in families],
        *[(f"Opvolging bij {each.household.code}", each.get_absolute_url()) for each in follow_ups],
        *[(f"Hulpvraag bij {each.household.code}", each.get_absolute_url()) for each in requests],
    ]


@keeps_here
def count_open_files(user, centre_id):
    """For who arranges accounts and may not know of families: how many, and of what."""
    with asking_everything():
        counts = Counter(label.split()[0] for label, _ in open_files_of(user, centre=centre_id))
    words = {"Gezin": "gezinnen", "Opvolging": "opvolgingen", "Hulpvraag": "hulpvragen"}
    return [f"{counts[kind]} {words[kind]}" for kind in words if counts[kind]]


@every_day("Wie vertrekt met open dossiers")
def tell_of_leavers():
    """Someone's last day is near or over, and something of theirs is open: the coordinators hear it, once for each."""
    today = timezone.localdate()
    leaving = User.objects.with_roles().filter(is_active=True, leaves_on__lte=today + TOLD_BEFORE)
    number = 0
    for user in leaving:
        what = "vertrok" if user.leaves_on < today else "vertrekt"
        for centre_id in user.centre_ids:
            if left := count_open_files(user, centre_id):
                address = f"{handover_page_for(user)}&{what}={user.leaves_on}"
                told = Notice.objects.filter(url=address).values_list("to", flat=True)
                coordinators = [each for each in coordinators_of([centre_id]) if each.pk not in told]
                text = f"{user} {what} op {in_words(user.leaves_on)} en heeft nog {', '.join(left)}."
                Notice.objects.tell(*coordinators, text=text, url=address)
                number += len(coordinators)
    return number


@lets_go
@transaction.atomic
def give_back_what_was_asked(user, centre_id):
    """What this colleague was asked to take over and did not answer: it stays with who has it."""
    here = Q(centre=centre_id) if centre_id else Q()
    with asking_everything():
        number = _give_back(user, here)
        # What is asked of them at this very moment comes before this, or the database refuses it.
        User.objects.select_for_update().get(pk=user.pk)
        return number + _give_back(user, here)


def _give_back(user, here):
    number = 0
    for model in (FollowUp, HelpRequest):
        asked = model.objects.open().filter(here, offered_to=user).select_for_update(of=["self"])
        for subject in asked.select_related("household", "offered_to", offers.OWNER[model]):
            offers.give_back(subject)
            number += 1
    for handover in Handover.objects.waiting().filter(here, to_user=user):
        give_back(handover)
        number += 1
    return number


@every_day("Wat gevraagd was aan wie vertrok")
def give_back_after_last_day():
    """A sign-in that ends on a day, ends by itself: what was asked of them goes back the day after."""
    gone = User.objects.filter(is_active=True, leaves_on__lt=timezone.localdate())
    return sum(give_back_what_was_asked(user, None) for user in gone)


@transaction.atomic
def end_account(user, *, on=None):
    """Someone stops: at once, or after their last day `on`. Refused by the database while files are open.

    At once also ends what they have open in a browser; with a day, the sign-in ends by itself.
    """
    if on:
        user.leaves_on = on
        user.save(update_fields=["leaves_on"])
    else:
        say_goodbye(user)
        user.is_active = False
        user.save(update_fields=["is_active"])


def handover_page_for(user):
    return f"{reverse('households:handover-create')}?van={user.pk}"
