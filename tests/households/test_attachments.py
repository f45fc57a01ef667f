import io
import zipfile
import zlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from buurtwerk.accounts.models import Membership, Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.interface import uploads
from buurtwerk.trail.models import Access
from households.actions import attachments as actions
from households.models import Attachment, BreakGlass
from tests.breaking import breaks
from tests.factories import make_centre, make_user
from tests.households.factories import make_attachment, make_contact, make_household, make_member

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TOKEN = "7c1b1f7e-0000-4000-8000-00000000000"
MARKER = b"Leuven 50.8798 geheim"


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def noor(centre):
    return make_user(Role.WORKER, centre=centre)


@pytest.fixture
def household(noor):
    return make_household(worker=noor)


@pytest.fixture
def contact(household):
    return make_contact(household, note="Een brief van de huisbaas.")


@pytest.fixture
def signed_in(client, noor):
    client.force_login(noor)
    return client


def photo(kind="JPEG", size=(60, 40), **options):
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def photo_with_place():
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return photo(exif=exif, comment=MARKER) + b"<script>alert(1)</script>"


def bomb(width=30_000, height=30_000):
    """A PNG of a few kilobytes that would unpack into gigabytes."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(90_000))) + chunk(b"IEND", b"")
    )


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("foto.jpg", photo())
    return file.getvalue()


def send(client, contact, content, name="brief.pdf", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("households:attach", args=[contact.pk]), {"token": f"{TOKEN}1", "file": file, **fields})


def open_(client, attachment):
    return client.get(reverse("households:attachment", args=[attachment.pk]))


# Keeping


def test_a_photo_keeps_neither_place_nor_camera_nor_what_hung_behind_it(signed_in, contact):
    response = send(signed_in, contact, photo_with_place(), "foto.jpg")

    kept = Attachment.objects.get()
    content = bytes(kept.content)
    picture = Image.open(io.BytesIO(content))
    assert response.url == contact.get_absolute_url()
    assert not picture.getexif() and MARKER not in content and b"script" not in content
    # Turned as it was held.
    assert picture.size == (40, 60)
    assert (kept.kind, kept.size, kept.name) == ("jpeg", len(content), "foto.jpg")
    assert (kept.contact, kept.household, kept.uploaded_by) == (contact, contact.household, contact.author)
    assert len(kept.sha256) == 64


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_a_jpeg(signed_in, contact, kind):
    send(signed_in, contact, photo(kind), f"foto.{kind.lower()}")

    kept = Attachment.objects.get()
    assert (kept.kind, kept.name, bytes(kept.content)[:3]) == ("jpeg", "foto.jpg", b"\xff\xd8\xff")


def test_a_large_photo_becomes_smaller(signed_in, contact):
    send(signed_in, contact, photo(size=(6000, 3000)), "foto.jpg")

    assert max(Image.open(io.BytesIO(bytes(Attachment.objects.get().content))).size) == uploads.KEPT_SIDE


def test_a_pdf_is_kept_as_it_is(signed_in, contact):
    send(signed_in, contact, PDF)

    assert bytes(Attachment.objects.get().content) == PDF


def test_the_file_of_a_family_takes_a_paper_without_a_contact(signed_in, household):
    address = reverse("households:papers", args=[household.code])

    response = signed_in.post(address, {"token": f"{TOKEN}1", "file": SimpleUploadedFile("attest.pdf", PDF)})

    assert response.url == address
    assert Attachment.objects.get().household == household
    assert "attest.pdf" in signed_in.get(address).content.decode()


def test_the_same_form_twice_keeps_one_paper(signed_in, contact):
    send(signed_in, contact, PDF)
    send(signed_in, contact, PDF)

    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../x.pdf", "x.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("/etc/passwd.pdf", "passwd.pdf"),
        ("een\u202efdp.pdf", "eenfdp.pdf"),
        ("a\nb.pdf", "ab.pdf"),
        ("n" * 400 + ".pdf", "n" * 100 + ".pdf"),
        ("x\x00.pdf", "x.pdf"),
    ],
)
def test_a_name_keeps_no_path_and_no_hidden_characters(sent, kept):
    assert uploads.safe_name(sent) == kept


def test_a_name_with_a_path_is_kept_without_it(signed_in, contact):
    boundary = "grens"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="token"\r\n\r\n{TOKEN}1\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="../../x.pdf"\r\n'
        f"Content-Type: application/pdf\r\n\r\n{PDF.decode()}\r\n--{boundary}--\r\n"
    )
    address = reverse("households:attach", args=[contact.pk])

    signed_in.post(address, body.encode(), content_type=f"multipart/form-data; boundary={boundary}")

    assert Attachment.objects.get().name == "x.pdf"


# Refusing


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("leeg.pdf", lambda: b"", uploads.EMPTY),
        ("leeg.jpg", lambda: b"", uploads.EMPTY),
        ("virus.exe", lambda: b"MZ\x90\x00" * 50, uploads.WRONG_KIND),
        ("foto.jpg", zipped, uploads.WRONG_KIND),
        ("foto.pdf", lambda: photo(), None),
        ("pagina.jpg", lambda: b"<script>alert(1)</script>", uploads.WRONG_KIND),
        ("tekening.jpg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", uploads.WRONG_KIND),
        ("beweegt.gif", lambda: photo("GIF"), uploads.WRONG_KIND),
        ("druk.eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", uploads.WRONG_KIND),
        ("half.jpg", lambda: photo(size=(900, 900))[:4000], uploads.BROKEN),
        ("bom.png", bomb, uploads.TOO_MANY_PIXELS),
        ("brede.png", lambda: bomb(50_001, 1_000), uploads.TOO_MANY_PIXELS),
        ("half.pdf", lambda: b"%PDF-1.4 en dan niets", uploads.WRONG_KIND),
        ("pdf.exe", lambda: PDF, uploads.WRONG_KIND),
        ("groot.pdf", lambda: b"%PDF-1.4" + bytes(uploads.MOST_PDF) + b"%%EOF", uploads.TOO_LARGE),
    ],
)
def test_what_is_no_photo_and_no_pdf_is_refused_with_a_reason(signed_in, contact, name, content, why):
    response = send(signed_in, contact, content(), name)

    if why is None:
        # A photo that calls itself a pdf is a photo.
        assert Attachment.objects.get().name == "foto.jpg"
        return
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(why) == 2
    assert page.count("<title>Fout:") == 1
    assert not Attachment.objects.exists()


def test_fifty_megabytes_are_refused_in_words_and_fill_no_disk(signed_in, contact):
    response = send(signed_in, contact, b"\xff\xd8\xff" + bytes(50 * 1024 * 1024), "film.jpg")

    form = response.context["form"]
    assert form.errors["file"] == [uploads.TOO_LARGE]
    assert form.files["file"].size < uploads.MOST_IMAGE + 200_000
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("file", ["", "een woord"])
def test_without_a_file_the_form_asks_for_one(signed_in, contact, file):
    response = signed_in.post(reverse("households:attach", args=[contact.pk]), {"token": f"{TOKEN}1", "file": file})

    assert response.context["form"].errors == {"file": ["Kies een bestand."]}


def refuses(content):
    return False


def test_a_scan_of_ones_own_may_refuse_a_file(signed_in, contact, settings):
    settings.UPLOAD_SCAN = "tests.households.test_attachments.refuses"

    response = send(signed_in, contact, PDF)

    assert uploads.NOT_SAFE in response.content.decode()
    assert not Attachment.objects.exists()


# Reading


def test_a_photo_is_shown_and_a_pdf_only_downloaded_without_a_script_or_a_copy(signed_in, contact):
    send(signed_in, contact, PDF, 'bri\u00ebf "x".pdf')

    response = open_(signed_in, Attachment.objects.get())

    assert response.content == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; img-src 'self'; sandbox"
    assert response["Cache-Control"] == "no-store"


def test_opening_a_paper_leaves_a_trail(signed_in, noor, contact):
    attachment = make_attachment(contact=contact)

    open_(signed_in, attachment)

    row = Access.objects.get(record_type="attachment")
    assert (row.user, row.record_ids, row.centre) == (noor, [attachment.pk], contact.centre)


READERS = ["author", "backup", "colleague", "named", "glass", "coordinator", "nobody"]


def people(household):
    household.backup_worker = make_user(Role.WORKER, centre=household.centre)
    household.save()
    everyone = {name: make_user(Role.WORKER, centre=household.centre) for name in ("colleague", "named", "glass")}
    BreakGlass.objects.create(
        centre=household.centre,
        household=household,
        user=everyone["glass"],
        ground="danger",
        reason="Er is gevaar.",
        until=timezone.now() + timedelta(minutes=30),
    )
    return everyone | {
        "author": household.primary_worker,
        "backup": household.backup_worker,
        "coordinator": make_user(Role.COORDINATOR, centre=household.centre),
        "nobody": make_user(Role.WORKER),
    }


@pytest.mark.parametrize("visibility", ["team", "file", "named", "personal"])
@pytest.mark.parametrize("reader", READERS)
def test_who_reads_the_note_reads_the_paper_and_nobody_else(client, household, visibility, reader):
    everyone = people(household)
    contact = make_contact(household, note="Tekst", visibility=visibility, readers=[everyone["named"]])
    attachment = make_attachment(contact=contact)
    client.force_login(everyone[reader])
    with asking_as(everyone[reader]):
        reads = reader != "nobody" and type(contact).objects.select_related("sealed_note", "household").get(
            pk=contact.pk
        ).is_readable_by(everyone[reader])
        in_database = Attachment.objects.filter(pk=attachment.pk).exists()

    assert open_(client, attachment).status_code == (200 if reads else 404)
    # What only some may read, the database itself keeps from the others.
    if visibility in ("named", "personal"):
        assert in_database == reads


@pytest.mark.parametrize("reader", READERS)
def test_a_paper_of_the_file_is_for_who_reads_the_file(client, household, reader):
    everyone = people(household)
    attachment = make_attachment(household)
    client.force_login(everyone[reader])
    expected = 200 if reader in ("author", "backup", "glass", "coordinator") else 404

    assert open_(client, attachment).status_code == expected


def test_the_papers_of_a_restricted_family_do_not_exist_for_a_colleague(client, household):
    household.restricted, household.restricted_reason = True, "Op hun vraag."
    household.save()
    attachment = make_attachment(contact=make_contact(household, visibility="team"))
    client.force_login(make_user(Role.WORKER, centre=household.centre))

    assert open_(client, attachment).status_code == 404
    assert client.get(reverse("households:papers", args=[household.code])).status_code == 404


def test_a_paper_with_a_talk_without_a_name_is_read_by_its_author_and_the_coordinator(client, noor, centre):
    attachment = make_attachment(contact=make_contact(author=noor))
    expected = {noor: 200, make_user(Role.COORDINATOR, centre=centre): 200, make_user(centre=centre): 404}

    for user, status in expected.items():
        client.force_login(user)
        assert open_(client, attachment).status_code == status


def test_the_page_of_papers_leaves_out_what_is_not_for_the_reader(client, household):
    everyone = people(household)
    make_attachment(contact=make_contact(household, visibility="personal"), name="voor-mij.pdf")
    make_attachment(household, name="voor-ons.pdf")
    client.force_login(everyone["backup"])

    page = client.get(reverse("households:papers", args=[household.code])).content.decode()

    assert "voor-ons.pdf" in page
    assert "voor-mij.pdf" not in page


def test_a_paper_of_one_luik_stays_out_of_the_other(signed_in, household):
    mother, father = (make_member(household, first_name=name, has_compartment=True) for name in ("Samira", "Bilal"))
    household.has_compartments = True
    household.save()
    of_mother = make_contact(household)
    of_mother.present.add(mother.person)
    make_attachment(contact=of_mother, name="brief-van-samira.pdf")
    make_attachment(household, name="van-ons.pdf")
    address = reverse("households:papers", args=[household.code])
    file = SimpleUploadedFile("attest-van-bilal.pdf", PDF)
    response = signed_in.post(address, {"token": f"{TOKEN}1", "file": file, "luik": father.pk})
    assert response.url == f"{address}?luik={father.pk}"

    def shown(luik=""):
        page = signed_in.get(address, {"luik": luik}).content.decode()
        return {name for name in ("samira.pdf", "bilal.pdf", "ons.pdf") if name in page}

    assert shown() == {"ons.pdf"}
    assert shown(mother.pk) == {"samira.pdf", "ons.pdf"}
    assert shown(father.pk) == {"bilal.pdf", "ons.pdf"}


def test_who_may_not_read_the_note_adds_nothing_to_it(client, household):
    contact = make_contact(household)
    client.force_login(make_user(Role.WORKER, centre=household.centre))

    assert send(client, contact, PDF).status_code == 403
    assert not Attachment.objects.exists()


# Taking away


def remove(client, attachment, **fields):
    return client.post(reverse("households:attachment-remove", args=[attachment.pk]), fields)


def undo(client, response):
    message = next(iter(response.context["messages"])) if response.context else None
    token = message.tags.split("undo:")[1].split()[0]
    return client.post(reverse("drafts:take-back", args=[token]))


def test_what_was_added_can_be_taken_back(signed_in, contact):
    response = send(signed_in, contact, PDF)
    page = signed_in.get(response.url)

    undo(signed_in, page)

    assert not Attachment.objects.exists()


def test_what_is_taken_away_comes_back_within_ten_minutes(signed_in, contact):
    attachment = make_attachment(contact=contact)
    response = remove(signed_in, attachment)
    page = signed_in.get(response.url)
    assert attachment.name not in page.content.decode()
    assert open_(signed_in, attachment).status_code == 404

    undo(signed_in, page)

    assert open_(signed_in, attachment).status_code == 200


def test_who_may_not_read_it_any_more_brings_nothing_back(client, household):
    colleague = make_user(Role.WORKER, centre=household.centre)
    household.backup_worker = colleague
    household.save()
    attachment = make_attachment(household, by=colleague)
    client.force_login(colleague)
    page = client.get(remove(client, attachment).url)
    household.backup_worker = None
    household.save()

    assert undo(client, page).status_code == 404
    attachment.refresh_from_db()
    assert attachment.removed_at


def test_only_who_added_it_or_the_coordinator_takes_a_paper_away(client, household):
    attachment = make_attachment(contact=make_contact(household, visibility="team"))
    client.force_login(make_user(Role.WORKER, centre=household.centre))
    assert remove(client, attachment).status_code == 403

    client.force_login(make_user(Role.COORDINATOR, centre=household.centre))
    assert remove(client, attachment, next="https://elders.example/").url == attachment.contact.get_absolute_url()


def test_a_removed_paper_is_erased_a_day_later(household):
    old, young, kept = make_attachment(household), make_attachment(household), make_attachment(household)
    for attachment, days in ((old, 2), (young, 0)):
        actions.remove(attachment, by=household.primary_worker)
        Attachment.objects.filter(pk=attachment.pk).update(removed_at=timezone.now() - timedelta(days=days))

    assert actions.erase_removed() == 1
    assert set(Attachment.objects.all()) == {young, kept}


def test_the_history_keeps_no_second_copy_of_a_file():
    assert "content" not in {field.name for field in Attachment.pgh_event_model._meta.get_fields()}


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("attachment_not_empty_not_huge", {"size": 0}),
        ("attachment_not_empty_not_huge", {"size": 11 * 1024 * 1024}),
        ("attachment_removed_by_someone", {"removed_at": timezone.now()}),
        ("attachment_of_a_family_or_a_contact", {"household": None}),
    ],
)
def test_the_table_refuses_what_cannot_be(household, constraint, fields):
    attachment = make_attachment(household)

    with breaks(constraint):
        Attachment.objects.filter(pk=attachment.pk).update(**fields)


@pytest.mark.parametrize("size", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_papers_and_reads_none_of_them(signed_in, household, size):
    for _ in range(size):
        make_attachment(contact=make_contact(household))

    with CaptureQueriesContext(connection) as asked:
        signed_in.get(reverse("households:papers", args=[household.code]))

    assert len(asked) <= 12
    assert not any('"content"' in each["sql"] for each in asked)


def test_two_roles_in_two_centres_open_nothing_across(client, household):
    attachment = make_attachment(household)
    elsewhere = make_user(Role.COORDINATOR)
    Membership.objects.create(user=elsewhere, centre=household.centre, role=Role.RECEPTION)
    client.force_login(elsewhere)

    assert open_(client, attachment).status_code == 404
