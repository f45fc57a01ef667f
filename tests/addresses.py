"""Every address of the site with who gets what there, and one of everything to ask it about."""

from dataclasses import dataclass, field
from operator import attrgetter
from types import SimpleNamespace

from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role, SecureLink
from buurtwerk.drafts.models import Draft, Undo
from buurtwerk.notices.models import Notice
from households.actions.bikes import start_repair
from households.actions.merge import merge as merge_families
from households.models import Consent, DestructionBatch, DestructionLine, Referral, Right, SubjectRequest, UploadedSheet
from tests.activities.factories import (
    make_attendance,
    make_care_sheet,
    make_carer,
    make_participant,
    make_pickup_person,
    make_posting,
    make_registration,
    make_series,
    make_session,
    make_session_now,
)
from tests.factories import make_centre, make_user
from tests.households.factories import (
    make_attachment,
    make_bike,
    make_contact,
    make_follow_up,
    make_glass,
    make_handover,
    make_help_request,
    make_household,
    make_loan,
    make_member,
    make_plan,
    make_right_check,
    make_round,
    make_support_link,
    make_visit_note,
)
from tests.outbox.factories import make_message
from tests.partners.factories import make_organisation, make_service
from tests.signals.factories import make_signal

WORKERS = {"worker", "coordinator"}
WITH_RECEPTION = WORKERS | {"reception"}
LOGGERS = WITH_RECEPTION | {"monitor", "volunteer"}
LOOKERS = LOGGERS | {"reader"}
TEAM = LOOKERS | {"administrator"}


@dataclass
class Address:
    """Who gets what. `elsewhere` is for a colleague with the same rights in another centre.

    `others` names roles that get something else than the rest; `link` is what following an action as a link gives.
    """

    who: set
    args: str = ""
    ok: int = 200
    refused: int = 403
    elsewhere: int = 404
    method: str = "get"
    nobody: int = 302
    others: dict = field(default_factory=dict)
    link: int = 405


def everyone(args="", **fields):
    return Address(who=TEAM, args=args, nobody=200, elsewhere=200, **fields)


def page(who, args="", **fields):
    fields.setdefault("elsewhere", 404 if args else 200)
    return Address(who=who, args=args, **fields)


def action(who, args="", *, ok=302, **fields):
    """An address that only takes a POST; here with an empty form."""
    fields.setdefault("elsewhere", 404 if args else ok)
    return Address(who=who, args=args, method="post", ok=ok, **fields)


FAMILY, MEMBER, CONTACT = "household.code", "household.code member.pk", "contact.pk"
SUPPORT, VISIT_NOTE = "household.code support_link.pk", "household.code visit_note.pk"
HANDOVER = "handover.pk"
FOLLOW_UP, REFERRAL, SIGNAL = "follow_up.pk", "referral.pk", "signal.reference"
HELP = "help_request.pk"
ROUND, BIKE, LOAN = "round.pk", "bike.pk", "loan.pk"
PARTICIPANT = "registration.participant.code"
CHILD = "child.code"
SERIES, MOMENT, CARD, SERVICE = "series.slug", "moment.code", "organisation.slug", "organisation.slug service.slug"

HERE = "here.code"

ADDRESSES = {
    # residents
    "activities:agenda": everyone(),
    "activities:activity": everyone(SERIES),
    "activities:moment": everyone(MOMENT),
    "activities:moment-register": everyone("enrolling.code"),
    "activities:activity-register": everyone(SERIES),
    "activities:registration": everyone("registration_token"),
    "activities:moment-feed": everyone(MOMENT),
    "activities:calendar": everyone(),
    "activities:calendar-feed": everyone(),
    "activities:agenda-embedded": everyone(),
    "activities:news-feed": everyone(),
    "activities:open-data-feed": everyone(),
    "partners:guide": everyone(),
    "partners:guide-card": everyone(CARD),
    "places:centre": everyone("centre.slug"),
    "overview:health": everyone(),
    # signing in
    "account_login": Address(who=TEAM, ok=302, nobody=200, elsewhere=302),
    "account_signup": Address(who=TEAM, ok=302, nobody=200, elsewhere=302),
    "account_inactive": Address(who=TEAM, nobody=200, elsewhere=200),
    "account_stay": action(TEAM),
    "account_logout": page(TEAM),
    "account_change_password": page(TEAM),
    "account_reauthenticate": page(TEAM),
    # everyone in the team
    "overview:today": page(TEAM),
    "drafts:list": page(TEAM),
    "drafts:keep": action(TEAM, ok=400),
    "drafts:discard": action(set(), "draft.pk", refused=404),
    "drafts:take-back": action(set(), "undo.token", refused=404),
    "notices:open": action(set(), "notice.pk", refused=404),
    # families
    "households:list": page(WITH_RECEPTION),
    "households:create": page(WORKERS),
    "households:create-candidates": action(WORKERS, ok=200),
    "households:create-details": action(WORKERS, ok=200, link=302),
    "households:doubles": page({"coordinator"}),
    "households:sheet-upload": page(WORKERS),
    "households:sheet-example": page(WORKERS, "sheet.kind", elsewhere=200),
    # what someone reads in, is for nobody else
    "households:sheet-columns": page({"worker"}, "sheet.pk", others={"coordinator": 404}),
    "households:sheet-try": page({"worker"}, "sheet.pk", others={"coordinator": 404}),
    "households:sheet-take-back": action(set(), "sheet.pk", others={"worker": 404, "coordinator": 404}),
    "households:sheet-discard": action({"worker"}, "sheet.pk", others={"coordinator": 404}),
    "households:export": page(WORKERS),
    "households:merge": page({"coordinator"}, FAMILY),
    "households:merge-undo": action({"coordinator"}, "household.code merge.pk"),
    "households:not-double": action({"coordinator"}, "household.code double.code"),
    "households:detail": page(WORKERS, FAMILY),
    "households:edit": page(WORKERS, FAMILY),
    "households:agreement": page(WORKERS, FAMILY),
    "households:level": page(WORKERS, FAMILY),
    "households:pause": page(WORKERS, FAMILY),
    "households:resume": action(WORKERS, FAMILY),
    "households:close": page(WORKERS, FAMILY),
    "households:reopen": action(WORKERS, FAMILY),
    "households:family-follow-ups": page(WORKERS, FAMILY),
    "households:rhythm-map": page(WORKERS),
    "households:member-create": page(WORKERS, FAMILY),
    "households:member-candidates": action(WORKERS, FAMILY, ok=200),
    "households:member-create-details": action(WORKERS, FAMILY, ok=200, link=302),
    "households:member-link": page(WORKERS, "household.code member.person_id"),
    "households:member-edit": page(WORKERS, MEMBER),
    "households:member-leave": action(WORKERS, MEMBER),
    "households:person": page(WORKERS, MEMBER),
    "households:person-erase": page({"coordinator"}, MEMBER),
    "households:compartments": page(WORKERS, FAMILY),
    "households:print": page(WORKERS, FAMILY),
    # whom a family leans on
    "households:network": page(WORKERS, FAMILY),
    "households:network-print": page(WORKERS, FAMILY),
    "households:support-create": page(WORKERS, FAMILY),
    "households:support-edit": page(WORKERS, SUPPORT),
    "households:support-end": action(WORKERS, SUPPORT),
    # before going to a home
    "households:visit-list": page({"coordinator", "reception"}),
    "households:visit-notes": page(WITH_RECEPTION, FAMILY),
    "households:visit-note-create": page(WORKERS, FAMILY),
    "households:visit-note-edit": page(WORKERS, VISIT_NOTE),
    "households:visit-note-end": action(WORKERS, VISIT_NOTE),
    "households:restriction": page(WORKERS, FAMILY),
    # who looked; the worker of the table reads the file already, and a coordinator must give the password first
    "households:access": page(WORKERS, FAMILY),
    "households:access-print": page(WORKERS, FAMILY),
    "households:break-glass": page(WORKERS, FAMILY, ok=302),
    "households:break-glass-close": action(set(), FAMILY, others=dict.fromkeys(WORKERS, 404)),
    "households:break-glass-by-code": page(WORKERS, ok=302, elsewhere=302),
    "households:break-glass-seen": action(WORKERS, "glass.pk"),
    "households:digest": page({"coordinator"}),
    # how long we keep, what is erased, and what a resident asks; the vaste buurtwerker may be the second reader
    "households:privacy": page({"coordinator"}),
    "households:retention-terms": page({"coordinator"}),
    "households:destruction-list": page({"coordinator"}),
    "households:destruction-erase": page({"coordinator"}),
    "households:destruction-line": page({"coordinator"}, "line.pk"),
    "households:destruction-approve": action({"coordinator"}, "line.pk"),
    "households:subject-request-create": page({"coordinator"}),
    "households:subject-request": page(WORKERS, "asked.pk"),
    "households:subject-request-sign": action(WORKERS, "asked.pk"),
    "households:subject-request-give": action({"coordinator"}, "asked.pk"),
    "households:subject-request-refuse": page({"coordinator"}, "asked.pk"),
    "households:subject-request-list": action({"coordinator"}, "asked.pk"),
    "households:subject-request-note": action(WORKERS, "asked.pk contact.pk"),
    "households:subject-request-package": page(WORKERS, "asked.pk", ok=302),
    "households:subject-request-json": page(WORKERS, "asked.pk", ok=302),
    # contacts
    "households:note": page(WORKERS),
    "households:note-visit": page(WORKERS),
    "households:note-search": action(WORKERS, ok=200),
    "households:note-people": page(WORKERS),
    "households:note-look": action(WORKERS, ok=200),
    "households:contact-detail": page(WORKERS, CONTACT),
    "households:contact-edit": page({"worker"}, CONTACT),
    # what hangs on a contact
    "households:papers": page(WORKERS, FAMILY),
    "households:contact-without-name": page(WORKERS),
    # the coordinator too may link what a colleague noted without a name
    "households:contact-link": page(WORKERS, "nameless.pk"),
    # in the first week its author edits, and a colleague adds
    "households:addition-create": page({"coordinator"}, CONTACT),
    "households:contact-correct": page({"coordinator"}, CONTACT),
    "households:contact-earlier": page(WORKERS, CONTACT),
    # an empty form belongs to no draft
    "households:reread": action(WORKERS, ok=400),
    # a draft is of who typed it alone
    "households:reread-draft": page(set(), "draft.pk", others=dict.fromkeys(WORKERS, 404)),
    "households:attach": page(WORKERS, CONTACT),
    "households:attachment": page(WORKERS, "attachment.pk"),
    # whoever comes second finds nothing any more
    "households:attachment-remove": action(WORKERS, "attachment.pk", others={"coordinator": 404}),
    # follow-up
    "households:follow-up-list": page(WORKERS),
    "households:follow-up-create": page(WORKERS, FAMILY),
    "households:follow-up-detail": page(WORKERS, FOLLOW_UP),
    "households:follow-up-close": action(WORKERS, FOLLOW_UP),
    "households:follow-up-drop": action(WORKERS, FOLLOW_UP),
    "households:follow-up-postpone": action(WORKERS, FOLLOW_UP),
    "households:follow-up-hand-over": page(WORKERS, FOLLOW_UP),
    # offered to nobody: whoever answers, is sent to the page of it
    "households:follow-up-accept": action(WORKERS, FOLLOW_UP),
    "households:follow-up-refuse": action(WORKERS, FOLLOW_UP),
    "households:follow-up-withdraw": action(WORKERS, FOLLOW_UP),
    "households:follow-up-wait": action(WORKERS, FOLLOW_UP),
    "households:follow-up-resume": action(WORKERS, FOLLOW_UP),
    # handovers: whoever is asked accepts or refuses, nobody else
    "households:handover-list": page(WORKERS),
    "households:handover-create": page(WORKERS),
    "households:handover-detail": page(WORKERS, HANDOVER),
    "households:handover-accept": action(set(), HANDOVER, others={"worker": 302, "coordinator": 403}),
    "households:handover-refuse": action(set(), HANDOVER, others={"worker": 200, "coordinator": 403}),
    "households:handover-withdraw": action({"coordinator"}, HANDOVER),
    "households:handover-leave": page({"coordinator"}, "worker.pk"),
    # referrals
    "households:referral-list": page(WORKERS),
    "households:referral-create": page(WORKERS, FAMILY),
    "households:referral-detail": page(WORKERS, REFERRAL),
    "households:referral-answer": action(WORKERS, REFERRAL, ok=200),
    "households:referral-withdraw": action(WORKERS, REFERRAL),
    "households:referral-new-link": action(WORKERS, REFERRAL),
    "households:referral-link": everyone("referral_token"),
    # help requests, agreements, rights
    "households:help": page(WORKERS, FAMILY),
    "households:help-request-create": page(WORKERS, FAMILY),
    "households:help-request-list": page(WORKERS),
    "households:help-request-detail": page(WORKERS, HELP),
    "households:help-request-edit": page(WORKERS, HELP),
    "households:help-request-postpone": page(WORKERS, HELP),
    "households:help-request-hand-over": page(WORKERS, HELP),
    "households:help-request-accept": action(WORKERS, HELP),
    "households:help-request-refuse": action(WORKERS, HELP),
    "households:help-request-withdraw": action(WORKERS, HELP),
    "households:help-request-end": page(WORKERS, HELP),
    "households:help-request-reopen": page(WORKERS, "ended.pk"),
    "households:plan": page(WORKERS, FAMILY),
    "households:plan-edit": page(WORKERS, FAMILY),
    "households:plan-sheet": page(WORKERS, FAMILY),
    "households:plan-tick": action(WORKERS, "household.code step.pk"),
    "households:plan-versions": page(WORKERS, FAMILY),
    "households:plan-version": page(WORKERS, "household.code plan.pk"),
    "households:rights-go-through": page(WORKERS, FAMILY),
    "households:rights-go-through-person": page(WORKERS, MEMBER),
    "households:right-history": page(WORKERS, "household.code right.code"),
    "households:right-figures": page({"coordinator"}),
    "households:right-figures-export": page({"coordinator"}),
    "households:right-list": page({"coordinator"}),
    "households:right-create": page({"coordinator"}),
    # one list for all centres
    "households:right-edit": page({"coordinator"}, "right.pk", elsewhere=200),
    # bikes
    "households:bike-list": page(WITH_RECEPTION),
    "households:bike-create": page({"coordinator"}),
    "households:bike-detail": page(WITH_RECEPTION, BIKE),
    "households:bike-edit": page({"coordinator"}, BIKE),
    "households:bike-repair": action(WITH_RECEPTION, BIKE, ok=200),
    "households:bike-repair-done": action(WITH_RECEPTION, "repair.pk"),
    "households:bike-write-off": action({"coordinator"}, BIKE),
    "households:bike-find-again": action({"coordinator"}, BIKE),
    "households:bike-find-family": page(WITH_RECEPTION),
    "households:bike-lend": page(WITH_RECEPTION, FAMILY),
    "households:loan-detail": page(WITH_RECEPTION, LOAN),
    "households:loan-renew": action(WITH_RECEPTION, LOAN),
    "households:loan-return": page(WITH_RECEPTION, LOAN),
    "households:loan-swap": page(WITH_RECEPTION, LOAN),
    "households:bike-settings": page({"coordinator"}, "centre.slug"),
    "households:bike-tariff": action({"coordinator"}, "centre.slug", ok=200),
    "households:bike-size": action({"coordinator"}, "centre.slug", ok=200),
    "households:bike-guide": action({"coordinator"}, "centre.slug"),
    # rounds
    "households:round-list": page(WORKERS),
    "households:round-create": page(WORKERS),
    "households:round-detail": page(WORKERS, ROUND),
    "households:round-edit": page(WORKERS, ROUND),
    "households:round-doors": page(WORKERS, ROUND),
    "households:round-door-up": action(WORKERS, "round.pk door.pk"),
    "households:round-sheet": page(WORKERS, ROUND),
    "households:round-fill": page(WORKERS, ROUND),
    "households:round-count": page(WORKERS, ROUND),
    "households:round-drop": action(WORKERS, ROUND),
    # signals
    "signals:new": page(LOGGERS),
    # what I said myself, and nobody else's
    "signals:noted": page({"worker"}, SIGNAL, others=dict.fromkeys(LOGGERS - {"worker"}, 404)),
    "signals:list": page(WORKERS),
    "signals:detail": page(WORKERS, SIGNAL),
    "signals:contact": page(WORKERS, SIGNAL),
    "signals:triage": action(WORKERS, SIGNAL, ok=200),
    "signals:pick-up": action(WORKERS, SIGNAL, ok=200),
    "signals:assign": action(WORKERS, SIGNAL, ok=200),
    "signals:wait": action(WORKERS, SIGNAL, ok=200),
    "signals:close": action(WORKERS, SIGNAL, ok=200),
    "signals:reopen": action(WORKERS, SIGNAL, ok=200),
    "signals:spam": action(WORKERS, SIGNAL, ok=200),
    "signals:not-spam": action(WORKERS, SIGNAL, ok=200),
    "signals:note": action(WORKERS, SIGNAL, ok=200),
    # activities
    "activities:series-list": page(LOOKERS),
    "activities:series": page(LOOKERS, SERIES),
    "activities:session": page(LOOKERS, MOMENT),
    "activities:session-registrations": page(WITH_RECEPTION, "enrolling.code"),
    "activities:session-desk": page(WITH_RECEPTION, "enrolling.code"),
    "activities:series-registrations": page(WITH_RECEPTION, "enrolling.series.slug"),
    # registered for per moment: the page of the series leads there
    "activities:series-desk": page(WITH_RECEPTION, "enrolling.series.slug", ok=302),
    "activities:registration-decide": action(WITH_RECEPTION, "registration.pk decision"),
    "activities:participant-list": page(WITH_RECEPTION),
    "activities:participant": page(WITH_RECEPTION, PARTICIPANT),
    "activities:participant-change": page(WITH_RECEPTION, PARTICIPANT),
    "activities:participant-link": page(WORKERS, PARTICIPANT),
    "activities:series-create": page(WORKERS),
    "activities:series-change": page(WORKERS, SERIES),
    "activities:translations": page(LOOKERS),
    "activities:series-translations": page(WORKERS, SERIES),
    "activities:series-date": page(WORKERS, SERIES),
    "activities:session-hours": page(WORKERS, MOMENT),
    "activities:closures": page({"coordinator"}),
    "activities:closure-remove": action({"coordinator"}, "closure.pk"),
    "activities:flemish-day": action({"coordinator"}, "centre.slug"),
    "activities:session-cancel": page(WORKERS, MOMENT),
    # it is on: there is nothing to put back
    "activities:session-reopen": page(WORKERS, MOMENT, ok=302),
    "activities:session-move": page(WORKERS, MOMENT),
    "activities:session-close": action(WORKERS, MOMENT),
    "activities:session-open-again": action(WORKERS, MOMENT),
    "activities:call-list": page(WITH_RECEPTION, MOMENT),
    "activities:call-list-print": page(WITH_RECEPTION, MOMENT),
    "activities:call-noted": action(WITH_RECEPTION, "moment.code call.pk"),
    # what left the house
    "outbox:list": page({"coordinator", "administrator"}),
    "outbox:detail": page({"coordinator", "administrator"}, "mail.pk"),
    "outbox:try-again": action({"coordinator", "administrator"}, "mail.pk"),
    "outbox:try-all-again": action({"coordinator", "administrator"}),
    # who is there: monitors and volunteers only where they stand (tests/activities/test_presence.py)
    "activities:presence": page(WITH_RECEPTION, HERE),
    "activities:presence-tick": action(WITH_RECEPTION, HERE),
    "activities:presence-stand": page(WITH_RECEPTION, HERE),
    "activities:presence-everyone": action(WITH_RECEPTION, HERE),
    "activities:presence-home": page(WITH_RECEPTION, HERE),
    "activities:presence-missing": page(WITH_RECEPTION, HERE),
    "activities:presence-history": page(WITH_RECEPTION, HERE),
    "activities:presence-find": page(WITH_RECEPTION, HERE),
    "activities:presence-known": action(WITH_RECEPTION, HERE),
    "activities:presence-new": page(WITH_RECEPTION, HERE),
    "activities:presence-sheet": page(WITH_RECEPTION, HERE),
    "activities:presence-paper": page(WITH_RECEPTION, HERE),
    "activities:presence-here": page(WITH_RECEPTION, HERE),
    "activities:head-count": page(WITH_RECEPTION, HERE),
    "activities:postings": page(WORKERS, HERE),
    # whoever comes second finds nothing any more
    "activities:posting-remove": action(WORKERS, "here.code posting.pk", others={"coordinator": 404}),
    "activities:staffing": page(WITH_RECEPTION),
    "activities:ratios": page({"coordinator"}),
    # the card of a child: reception calls and changes numbers, and reads no care
    "activities:care-by-link": everyone("care_token"),
    "activities:care": page(WITH_RECEPTION, CHILD),
    "activities:care-print": page(WORKERS, CHILD),
    "activities:care-sheet": page(WORKERS, CHILD),
    "activities:carer-create": page(WITH_RECEPTION, CHILD),
    "activities:carer-edit": page(WITH_RECEPTION, f"{CHILD} carer.pk"),
    "activities:carer-remove": action(WITH_RECEPTION, f"{CHILD} carer.pk"),
    "activities:carer-first": action(WITH_RECEPTION, f"{CHILD} carer.pk"),
    "activities:pickup-create": page(WORKERS, CHILD),
    "activities:pickup-edit": page(WORKERS, f"{CHILD} pickup_person.pk"),
    "activities:pickup-remove": action(WORKERS, f"{CHILD} pickup_person.pk"),
    "activities:consents": page(WORKERS, CHILD),
    "activities:consent-withdraw": page(WORKERS, f"{CHILD} medical.purpose"),
    "activities:care-link": page(WORKERS, CHILD),
    # monitors and volunteers only where they are posted
    "activities:pickup": page(WITH_RECEPTION, "moment.code child.code", others={"monitor": 404, "volunteer": 404}),
    "activities:emergency-cards": page(WORKERS, MOMENT, others={"reception": 404, "monitor": 404, "volunteer": 404}),
    # the directory is shared by all centres
    "partners:list": page(LOOKERS),
    "partners:detail": page(LOOKERS, CARD, elsewhere=200),
    "partners:create": page(WORKERS),
    "partners:edit": page(WORKERS, CARD, elsewhere=200),
    "partners:service-create": page(WORKERS, CARD, elsewhere=200),
    "partners:service-edit": page(WORKERS, SERVICE, elsewhere=200),
    "partners:service-check": page(WORKERS, SERVICE, elsewhere=200),
}


def make_world():
    """One of everything in one centre; what is personal belongs to nobody of the table."""
    centre = make_centre()
    worker = make_user(Role.WORKER, centre=centre)
    household = make_household(worker=worker, centre=centre)
    member = make_member(household, phone="0470 99 88 77")
    service = make_service()
    consent = Consent.objects.create(
        centre=centre,
        household=household,
        given_by="Samira",
        how="spoken",
        given_on=timezone.localdate(),
        language="nl",
        noted_by=worker,
    )
    referral = Referral.objects.create(
        centre=centre,
        household=household,
        person=member.person,
        organisation=service.organisation,
        theme="housing",
        need="Een andere woning.",
        shared=["first_name"],
        shared_text="Samira",
        consent=consent,
        status="sent",
        sent_at=timezone.now(),
        feedback_due_on=timezone.localdate(),
        made_by=worker,
    )
    double = make_household(worker=worker, centre=centre, nickname="Gezin van Samira B", address="Ridderstraat 1")
    old = make_household(worker=worker, centre=centre, nickname="Gezin van Samira O")
    merge = merge_families(household, old, by=worker, chosen={})
    make_member(double, phone="0470 99 88 77")
    plan = make_plan(household)
    right = Right.objects.get(code="rent_support")
    make_right_check(household, right)
    series = make_series(centre=centre)
    enrolling = make_session(make_series(centre=centre, registration="required", price_eur=5, price_social_eur=1))
    registration = make_registration(enrolling)
    moment = make_session(series)
    other = make_user(role=None)
    contact = make_contact(household)
    child = make_member(household, first_name="Amina", role="child", birth_year=timezone.localdate().year - 5)
    bike = make_bike(centre, number="1", description="Rood")
    make_bike(centre, number="2", wheel=20)
    in_repair = make_bike(centre, number="3")
    outreach = make_round(worker, doors=[household], status="walked")
    lonely = make_household(worker=worker, centre=centre, nickname="Gezin dat lang weg is")
    batch = DestructionBatch.objects.create(centre=centre)
    here = make_session_now(series)
    make_registration(here, participant=make_participant(centre=centre, first_name="Amina"))
    make_attendance(here, by=worker, participant=make_participant(centre=centre, first_name="Bilal"))
    return SimpleNamespace(
        centre=centre,
        here=here,
        posting=make_posting(here, make_user(Role.MONITOR, centre=centre)),
        line=DestructionLine.objects.create(
            batch=batch,
            centre=centre,
            household=lonely,
            rule="contact",
            ground="24 maanden.",
            due_on=timezone.localdate(),
        ),
        asked=SubjectRequest.objects.create(
            centre=centre,
            household=household,
            person=member.person,
            kind="access",
            identity="known",
            status="in_review",
            package={
                "name": "Samira",
                "code": household.code,
                "made_on": "",
                "sections": [],
                "locked": [{"contact": contact.pk, "on": "2026-01-05", "what": "Nota", "given": False}],
            },
            made_by=other,
            made_at=timezone.now(),
            noted_by=other,
        ),
        closure=centre.closures.create(first_day="2027-05-03", last_day="2027-05-03", reason="Teamdag"),
        worker=worker,
        household=household,
        member=member,
        double=double,
        merge=merge,
        sheet=UploadedSheet.objects.create(
            user=worker,
            centre=centre,
            kind="families",
            headings=["Roepnaam", "Rol"],
            rows=[[2, "Gezin van Samira B", ""]],
            columns=["nickname", "role"],
            worker=worker,
        ),
        contact=contact,
        attachment=make_attachment(contact=contact),
        nameless=make_contact(author=worker),
        follow_up=make_follow_up(household),
        support_link=make_support_link(household, person=member.person),
        visit_note=make_visit_note(household),
        referral=referral,
        help_request=make_help_request(household),
        ended=make_help_request(
            household, status="solved", next_on=None, ended_at=timezone.now(), ended_by=worker, owner=worker
        ),
        plan=plan,
        step=plan.steps[0],
        right=right,
        bike=bike,
        loan=make_loan(bike, child, by=worker),
        repair=start_repair(in_repair, what="Band plat", by=worker),
        round=outreach,
        door=outreach.doors.get(),
        signal=make_signal(by=worker, centre=centre, contact={"phone": "016 00 00 12"}),
        series=series,
        moment=moment,
        **around_a_child(moment),
        enrolling=enrolling,
        registration=registration,
        decision="voorrang",
        registration_token=SecureLink.objects.give_out(purpose="registration", subject_id=registration.group_id),
        call=make_message(centre=centre, channel="call", to="0470 00 00 00", about=f"moment {moment.code}"),
        organisation=service.organisation,
        service=service,
        draft=Draft.objects.create(user=other, form="contact", title="Contact", address="/team/noteer/"),
        undo=Undo.objects.create(user=other, token=f"token-{centre.pk}", name="households.contact-saved", subject_id=1),
        glass=make_glass(household, make_user(Role.WORKER, centre=centre)),
        notice=Notice.objects.create(to=other, text="HH-2026-0001 is overgedragen.", url="/team/"),
        referral_token=SecureLink.objects.give_out(purpose="referral", subject_id=referral.pk),
        handover=make_handover(household, to=worker),
        mail=make_message(centre=centre, fate="failed"),
        spare=make_organisation(),
    )


def around_a_child(moment):
    """A child of this moment with a whole card."""
    amina = make_participant(centre=moment.centre, first_name="Amina")
    make_registration(moment, participant=amina)
    make_carer(amina, name="Papa", phone="0470 00 00 02")
    return {
        "child": amina,
        "carer": make_carer(amina),
        "pickup_person": make_pickup_person(amina),
        "care_sheet": make_care_sheet(amina, allergens=["milk"], medication="Puffer bij het lopen"),
        "medical": amina.consents.get(),
        "care_token": SecureLink.objects.give_out(purpose="care", subject_id=amina.pk),
    }


def path_of(name, world):
    """The address of this name for what is in the world."""
    args = []
    for path in ADDRESSES[name].args.split():
        args.append(attrgetter(path)(world))
    return reverse(name, args=args)
