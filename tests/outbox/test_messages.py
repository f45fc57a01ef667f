from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking
from buurtwerk.daily.work import do_all
from buurtwerk.mail import mailer
from buurtwerk.outbox.delivery import PATIENCE, deliver_due
from buurtwerk.outbox.models import Message, note_call, take_back_call, tell
from buurtwerk.trail.models import Access
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.outbox.factories import make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make_centre()


def told(centre, **fields):
    defaults = {"to": "ouder@example.org", "subject": "Spelen gaat niet door", "body": "Kijk hier.", "key": "k 1"}
    return tell(centre=centre, **{**defaults, **fields})


def test_what_is_told_leaves_once(centre):
    message = told(centre, locale="fr")

    assert deliver_due() == (1, 0)
    assert deliver_due() == (0, 0)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["ouder@example.org"], "Spelen gaat niet door", "Kijk hier.")
    assert sent.extra_headers["Content-Language"] == "fr"
    message.refresh_from_db()
    assert (message.fate, message.tries) == ("sent", 1)
    assert message.fate_at is not None


def test_the_same_thing_told_twice_is_one_message(centre):
    assert told(centre) is not None
    assert told(centre) is None

    assert deliver_due() == (1, 0)


def test_a_change_that_is_rolled_back_tells_nobody(centre):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(centre)
        raise ZeroDivisionError

    assert deliver_due() == (0, 0)


def test_nothing_leaves_before_its_time(centre):
    told(centre, after=timezone.now() + timedelta(minutes=2))

    assert deliver_due() == (0, 0)
    Message.objects.update(send_after=timezone.now())
    assert deliver_due() == (1, 0)


def test_what_is_taken_back_never_leaves_and_what_left_stays_sent(centre):
    told(centre)
    deliver_due()
    told(centre, key="k 2")

    assert Message.objects.all().take_back() == 1

    assert deliver_due() == (0, 0)
    assert set(Message.objects.values_list("key", "fate")) == {("k 1", "sent"), ("k 2", "not_needed")}


def test_a_mail_server_that_is_down_is_tried_again_later_and_longer_each_time(centre, monkeypatch):
    told(centre)
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)

    for patience in PATIENCE:
        assert deliver_due() == (0, 1)
        message = Message.objects.get()
        assert message.fate == "queued"
        assert message.problem == "ConnectionRefusedError"
        assert timedelta(0) <= timezone.now() + patience - message.send_after < timedelta(seconds=9)
        Message.objects.update(send_after=timezone.now())
    assert deliver_due() == (0, 1)
    assert Message.objects.get().fate == "failed"
    assert deliver_due() == (0, 0)


def refuse(*args):
    raise ConnectionRefusedError("ouder@example.org")


def test_one_mail_that_fails_holds_up_no_other(centre, monkeypatch):
    told(centre, key="k 1", to="weg@example.org")
    told(centre, key="k 2")
    send = EmailBackend.send_messages

    def some(backend, messages):
        return refuse() if messages[0].to == ["weg@example.org"] else send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", some)

    assert deliver_due() == (1, 1)
    assert [sent.to for sent in mail.outbox] == [["ouder@example.org"]]


def test_a_call_is_never_delivered_by_the_worker_and_counts_once_noted(centre):
    call = told(centre, channel="call", to="0470 11 22 33")
    by = make_user(centre=centre)

    assert deliver_due() == (0, 0)
    missed = note_call(call.pk, answered=False, by=by)
    assert (missed.fate, missed.tries, missed.called_by) == ("queued", 1, None)
    called = note_call(call.pk, answered=True, by=by)
    assert (called.fate, called.tries, called.called_by) == ("called", 2, by)
    assert note_call(call.pk, answered=True, by=make_user(centre=centre)) is None
    back = take_back_call(call.pk)
    assert (back.fate, back.tries, back.called_by, back.fate_at) == ("queued", 1, None, None)
    assert take_back_call(call.pk) is None


def test_a_subject_is_one_line_so_that_nobody_adds_headers(centre):
    told(centre, subject="Hallo\nBcc: iedereen@example.org")

    deliver_due()

    assert mail.outbox[0].subject == "Hallo Bcc: iedereen@example.org"


def test_a_language_that_we_do_not_have_becomes_dutch(centre):
    assert told(centre, locale="xx").locale == "nl"


def test_a_resident_who_registers_can_be_told_without_an_account(centre):
    with asking(centres=[centre.pk]):
        assert told(centre) is not None


def test_what_is_settled_for_three_months_is_forgotten(centre):
    told(centre)
    deliver_due()
    told(centre, key="k 2")
    long_ago = timezone.now() - timedelta(days=91)
    Message.objects.filter(key="k 1").update(fate_at=long_ago)
    Message.objects.filter(key="k 2").update(created_at=long_ago, send_after=long_ago)

    do_all()

    assert list(Message.objects.values_list("key", flat=True)) == ["k 2"]


# The pages


@pytest.mark.parametrize(("role", "sees", "reads"), [(Role.COORDINATOR, True, True), (Role.ADMINISTRATOR, True, False)])
def test_an_administrator_sees_that_it_left_and_a_coordinator_also_to_whom(client, centre, role, sees, reads):
    message = make_message(centre=centre, to="samira@example.org", body="Kijk op https://buurt.example/moment/abc/")
    client.force_login(make_user(role, centre=centre))

    listed = client.get(reverse("outbox:list")).content.decode()
    page = client.get(reverse("outbox:detail", args=[message.pk])).content.decode()

    for html in (listed, page):
        assert "Spelen gaat niet door" in html
        assert ("samira@example.org" in html) == reads
        assert ("s…@example.org" in html) != reads
    assert ('<a href="https://buurt.example/moment/abc/"' in page) == reads
    assert list(Access.objects.values_list("action", "record_type", "record_ids").order_by("pk")) == [
        ("list", "message", [message.pk]),
        ("view", "message", [message.pk]),
    ]


def test_without_a_mail_server_the_page_says_so(client, centre, settings):
    client.force_login(make_user(Role.COORDINATOR, centre=centre))

    settings.MAIL_LEAVES = False
    assert "Er is geen mailserver ingesteld" in client.get(reverse("outbox:list")).content.decode()
    settings.MAIL_LEAVES = True
    assert "Er is geen mailserver ingesteld" not in client.get(reverse("outbox:list")).content.decode()


def test_the_page_says_when_delivery_stands_still(client, centre):
    client.force_login(make_user(Role.COORDINATOR, centre=centre))
    message = make_message(centre=centre)

    assert "De bezorging staat stil" not in client.get(reverse("outbox:list")).content.decode()
    Message.objects.filter(pk=message.pk).update(send_after=timezone.now() - timedelta(minutes=11))
    assert "De bezorging staat stil" in client.get(reverse("outbox:list")).content.decode()


def test_what_failed_is_tried_again_with_a_tap(client, centre):
    client.force_login(make_user(Role.COORDINATOR, centre=centre))
    one, two = (make_message(centre=centre, fate="failed", tries=6, problem="X") for _ in range(2))
    elsewhere = make_message(fate="failed", tries=6)
    html = client.get(reverse("outbox:list")).content.decode()
    assert "2 berichten zijn niet aangekomen." in html

    client.post(reverse("outbox:try-again", args=[one.pk]))
    again = client.post(reverse("outbox:try-again", args=[one.pk]), follow=True)
    assert "Dit bericht is niet mislukt." in again.content.decode()
    one.refresh_from_db()
    assert (one.fate, one.fate_at, one.tries, one.problem) == ("queued", None, 0, "")

    assert "1 bericht vertrekt opnieuw." in client.post(reverse("outbox:try-all-again"), follow=True).content.decode()
    elsewhere.refresh_from_db()
    assert elsewhere.fate == "failed"
    assert deliver_due() == (2, 0)


def test_the_list_shows_one_state_and_shrugs_at_one_it_does_not_know(client, centre):
    client.force_login(make_user(Role.COORDINATOR, centre=centre))
    make_message(centre=centre, subject="Wel gelukt", fate="sent")
    make_message(centre=centre, subject="Niet gelukt", fate="failed")

    failed = client.get(reverse("outbox:list"), {"fate": "failed"}).content.decode()
    assert "Niet gelukt" in failed and "Wel gelukt" not in failed
    assert "Wel gelukt" in client.get(reverse("outbox:list"), {"fate": "zomaar"}).content.decode()
    assert "Er zijn geen berichten." in client.get(reverse("outbox:list"), {"fate": "called"}).content.decode()


def test_five_messages_cost_no_more_than_one(client, centre, django_assert_num_queries):
    client.force_login(make_user(Role.COORDINATOR, centre=centre))
    make_message(centre=centre)
    client.get(reverse("outbox:list"))
    with django_assert_num_queries(11):
        client.get(reverse("outbox:list"))
    for _ in range(4):
        make_message(centre=centre)
    with django_assert_num_queries(11):
        client.get(reverse("outbox:list"))


# The setting


def test_the_address_of_a_mail_server_is_read():
    assert mailer("smtp://buurt:p%40s@mail.example:2525/?tls=1", folder="x")["OPTIONS"] == {
        "host": "mail.example",
        "port": 2525,
        "username": "buurt",
        "password": "p@s",
        "use_ssl": False,
        "use_tls": True,
        "timeout": 15,
    }
    assert mailer("smtps://mail.example", folder="x")["OPTIONS"]["port"] == 465
    with pytest.raises(ValueError, match="EMAIL_URL must look like"):
        mailer("mail.example", folder="x")


def test_without_a_mail_server_a_mail_is_a_file(centre, settings, tmp_path):
    settings.MAILERS = {"default": mailer(None, folder=tmp_path / "mail")}
    told(centre)

    assert deliver_due() == (1, 0)

    (file,) = (tmp_path / "mail").iterdir()
    assert "To: ouder@example.org" in file.read_text()


# What the database refuses


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("message_known_codes", {"channel": "post"}),
        ("message_known_codes", {"fate": "lost", "fate_at": timezone.now()}),
        ("message_known_codes", {"locale": "xx"}),
        ("message_to_someone", {"to": ""}),
        ("message_fate_of_its_channel", {"channel": "call", "fate": "sent", "fate_at": timezone.now()}),
        ("message_fate_has_an_instant", {"fate": "sent"}),
        ("message_fate_has_an_instant", {"fate_at": timezone.now()}),
        ("message_called_by_someone", {"channel": "call", "fate": "called", "fate_at": timezone.now()}),
    ],
)
def test_the_database_holds(constraint, fields):
    message = make_message()

    with breaks(constraint):
        Message.objects.filter(pk=message.pk).update(**fields)
