"""Families in from the spreadsheet that a centre has, and one's own files out to one."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from buurtwerk.accounts.models import Role
from buurtwerk.accounts.rowlevel import asking_as
from buurtwerk.drafts.models import Undo
from buurtwerk.interface import spreadsheets
from buurtwerk.trail.models import Access
from households.actions.sheets import throw_away_old_sheets
from households.intake import day_of
from households.models import BreakGlass, Contact, FollowUp, HelpRequest, Household, Member, Person, UploadedSheet
from tests.factories import make_neighbourhood, make_user
from tests.households.factories import make_contact, make_follow_up, make_household, make_member

pytestmark = pytest.mark.django_db

UPLOAD = reverse("households:sheet-upload")
EXPORT = reverse("households:export")
# Made up, with check digits that fit.
NATIONAL_NUMBER = "85.07.30-033.28"
FAMILIES = """Roepnaam;Adres;Talen;Voornaam;Geboortedatum;Rol;Telefoon
El Amrani;Ridderstraat 12;Arabisch, Nederlands;Samira;12/03/1988;moeder;0470 11 22 33
El Amrani;Ridderstraat 12;;Ilyas;2015;kind;
Oma van het plein;;Turks;Emine;1951;oma;
"""


@pytest.fixture
def worker(client):
    worker = make_user(first_name="Noor")
    client.force_login(worker)
    return worker


def as_file(content, name="gezinnen.csv"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def workbook(*rows, merged=""):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, content, *, kind="families", name="gezinnen.csv"):
    return client.post(UPLOAD, {"kind": kind, "file": as_file(content, name)})


def try_out(client, content, *, kind="families", name="gezinnen.csv", **fields):
    """Upload, take the columns as they are guessed, and see what would happen."""
    response = send(client, content, kind=kind, name=name)
    assert response.status_code == 302, response.content.decode()
    sheet = UploadedSheet.objects.latest("pk")
    form = client.get(response.url).context["form"]
    guessed = {each: field.initial or "" for each, field in form.fields.items()}
    answer = client.post(response.url, guessed | fields)
    assert answer.status_code == 302, answer.context["form"].errors
    return sheet, client.get(answer.url)


def take_in(client, content, **options):
    sheet, page = try_out(client, content, **options)
    return client.post(reverse("households:sheet-try", args=[sheet.pk]), follow=True).content.decode()


def said(page):
    return {line.number: (line.state, " ".join(line.said)) for line in page.context["outcome"].lines}


# In


def test_families_come_in_with_their_people_and_only_when_someone_says_so(client, worker):
    sheet, page = try_out(client, FAMILIES)

    assert not Household.objects.exists()
    assert [state for state, _ in said(page).values()] == ["new", "along", "new"]
    client.post(reverse("households:sheet-try", args=[sheet.pk]))

    family = Household.objects.get(nickname="El Amrani")
    assert (family.address, family.languages, family.primary_worker) == ("Ridderstraat 12", ["ar", "nl"], worker)
    people = family.members.values_list("person__first_name", "person__birth_year", "role", "is_contact_person")
    assert sorted(people) == [("Ilyas", 2015, "child", False), ("Samira", 1988, "parent", True)]
    assert Household.objects.matching("elamrani").count() == 1
    assert Person.objects.get(first_name="Samira").search_key == "samira0470112233"
    assert len(set(Household.objects.values_list("code", flat=True))) == 2
    assert UploadedSheet.objects.get().rows == []


def test_the_same_file_twice_adds_nothing_twice(client, worker):
    take_in(client, FAMILIES)

    sheet, page = try_out(client, FAMILIES)
    answer = client.post(reverse("households:sheet-try", args=[sheet.pk]), follow=True).content.decode()

    assert {state for state, _ in said(page).values()} == {"known"}
    assert "Er kwam niets bij" in answer
    assert (Household.objects.count(), Person.objects.count()) == (2, 3)


def test_confirming_twice_reads_in_once(client, worker):
    sheet, _ = try_out(client, FAMILIES)
    address = reverse("households:sheet-try", args=[sheet.pk])

    assert [client.post(address).status_code for _ in range(2)] == [302, 404]
    assert Household.objects.count() == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_of_any_belgian_office_is_read(client, worker, encoding, delimiter):
    content = "\r\n".join(delimiter.join(row) for row in [["Roepnaam", "Adres"], ["Renée", "Ooststraat 3"]])

    take_in(client, content.encode(encoding))

    assert Household.objects.get().nickname == "Renée"


def test_a_workbook_is_read_with_its_dates_and_numbers_as_people_mean_them(client, worker):
    content = workbook(
        ["Gezinnen van het plein"],
        ["Roepnaam", "Voornaam", "Geboortedatum", "GSM", "Rol"],
        ["El Amrani", "Samira", date(1988, 3, 12), 470112233, "ouder"],
    )

    take_in(client, content, name="gezinnen.xlsx")

    person = Person.objects.get()
    assert (person.birth_year, person.phone) == (1988, "0470112233")


def test_each_row_says_what_is_wrong_with_it_and_the_good_ones_come_in(client, worker):
    content = """Roepnaam;Voornaam;Geboortejaar;Rol;Telefoon;Buurt;Talen;Buurtwerker
Goed;Amina;1990;ouder;;;;
Morgen;Bilal;2062;kind;;;;
Wie;Chadia;1990;baas;;;;
Waar;;;;;Nergensbuurt;;
Taal;;;;;;Klingon;
Werker;;;;;;;Niemand
;Zonder;1990;ouder;;;;
Tel;Dina;1990;ouder;bel mij;;;
"""
    sheet, page = try_out(client, content)
    lines = said(page)

    assert lines[2] == ("new", "")
    assert "2062 moet nog komen" in lines[3][1]
    assert "Rol: “baas” kennen we niet" in lines[4][1]
    assert "Buurt: “Nergensbuurt”" in lines[5][1]
    assert "Talen: “Klingon”" in lines[6][1]
    assert "Buurtwerker: “Niemand”" in lines[7][1]
    assert "vul een roepnaam" in lines[8][1]
    assert "Telefoon: Vul een telefoonnummer in" in lines[9][1]
    client.post(reverse("households:sheet-try", args=[sheet.pk]))
    assert [household.nickname for household in Household.objects.all()] == ["Goed"]


def test_a_family_comes_in_whole_or_not_at_all(client, worker):
    content = "Roepnaam;Voornaam;Rol\nEl Amrani;Samira;ouder\nEl Amrani;Ilyas;prins\n"

    sheet, page = try_out(client, content)

    assert [state for state, _ in said(page).values()] == ["wrong", "wrong"]
    client.post(reverse("households:sheet-try", args=[sheet.pk]))
    assert not Household.objects.exists() and not Person.objects.exists()


def test_a_family_that_looks_like_a_known_one_only_comes_in_when_someone_says_so(client, worker):
    known = make_household(worker=worker, nickname="El Amrani, Ridderbuurt")
    make_member(known, phone="0470 11 22 33")
    content = "Roepnaam;Voornaam;Rol;Telefoon\nElamrani;Samira;ouder;+32 470 11 22 33\n"

    sheet, page = try_out(client, content)

    assert said(page)[2][0] == "alike" and known.code in page.content.decode()
    address = reverse("households:sheet-try", args=[sheet.pk])
    client.post(address, {"as_new": "2"})
    assert Household.objects.count() == 2


def test_a_restricted_family_of_others_is_not_given_away(client, worker):
    centre = worker.membership_set.get().centre
    hidden = make_household(worker=make_user(centre=centre), nickname="Geheim", restricted=True)
    make_member(hidden, phone="0470 11 22 33")

    _, page = try_out(client, "Roepnaam;Voornaam;Rol;Telefoon\nGeheim;Samira;ouder;0470 11 22 33\n")

    assert said(page)[2][0] == "new"
    assert hidden.code not in page.content.decode()


def test_a_rijksregisternummer_is_never_kept_and_its_row_is_refused(client, worker):
    content = f"Roepnaam;Voornaam;Rol;Nummer\nEl Amrani;{NATIONAL_NUMBER};ouder;\nOma;Emine;oma;{NATIONAL_NUMBER}\n"

    sheet, page = try_out(client, content)

    assert NATIONAL_NUMBER not in str(sheet.rows)
    assert said(page)[2][0] == "wrong" and "rijksregisternummer" in said(page)[2][1]
    # In a column that is not read in, it does no harm.
    assert said(page)[3][0] == "new"


def test_a_rijksregisternummer_as_a_number_is_seen_too():
    assert spreadsheets.as_text(int("85073003328")) == spreadsheets.MASKED
    assert spreadsheets.as_text(40210100149) in (spreadsheets.MASKED, "40210100149")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "leeg.csv", "leeg"),
        (b"\n\n;;\n", "leeg.csv", "leeg"),
        (b"Roepnaam;Adres\n", "titels.csv", "enkel een titelrij"),
        (b"Naam;naam\na;b\n", "dubbel.csv", "Twee kolommen heten"),
        (b"MZ\x00\x00\x90", "virus.exe", "kunnen we niet lezen"),
        (b"\xd0\xcf\x11\xe0 oud", "oud.xls", "oud Excel-bestand"),
        (b"PK\x03\x04 geen zip", "kapot.xlsx", "kunnen we niet lezen"),
        (b"a" * (5 * 1024 * 1024 + 1), "groot.csv", "groter dan 5 MB"),
        (b"Roepnaam;Adres\n" + b"a;b\n" * 5001, "lang.csv", "meer dan 5000 rijen"),
    ],
)
def test_a_file_that_is_no_spreadsheet_of_families_is_refused_with_a_reason(client, worker, content, name, words):
    page = send(client, content, name=name)

    assert page.status_code == 200 and words in page.content.decode()
    assert not UploadedSheet.objects.exists()


def test_no_file_at_all_is_asked_for(client, worker):
    assert "Kies een bestand." in client.post(UPLOAD, {"kind": "families"}).content.decode()


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_that_unpacks_to_more_than_we_want_is_refused_before_it_is_unpacked(client, worker):
    bomb = zipped(**{"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": b" " * (61 * 1024 * 1024)})

    assert len(bomb) < 200_000
    assert "uitgepakt te groot" in send(client, bomb, name="bom.xlsx").content.decode()


def test_a_zip_with_something_else_in_it_is_refused(client, worker):
    for content in (zipped(**{"foto.jpg": b"x"}), zipped(**{"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"})):
        assert "kunnen we niet lezen" in send(client, content, name="a.xlsx").content.decode()


def test_merged_cells_are_refused_with_a_reason(client, worker):
    content = workbook(["Roepnaam", "Adres"], ["A", "B"], ["C", "D"], merged="A2:A3")

    assert "cellen samengevoegd" in send(client, content, name="a.xlsx").content.decode()


def test_a_million_empty_rows_are_not_walked(client, worker):
    book = Workbook()
    book.active.append(["Roepnaam", "Adres"])
    book.active.append(["El Amrani", "Ridderstraat 12"])
    book.active.cell(row=1_000_000, column=1).value = ""
    out = io.BytesIO()
    book.save(out)

    assert send(client, out.getvalue(), name="a.xlsx").status_code == 302
    assert len(UploadedSheet.objects.get().rows) == 1


def test_columns_must_be_chosen_and_each_thing_once(client, worker):
    response = send(client, "Iets;Nog iets\na;b\n")

    empty = client.post(response.url, {"worker": worker.pk}).content.decode()
    double = client.post(response.url, {"worker": worker.pk, "column_0": "nickname", "column_1": "nickname"})

    assert "Kies welke kolom dit is: roepnaam of familienaam" in empty
    assert "koos je al voor een andere kolom" in double.content.decode()


def test_what_someone_reads_in_is_for_nobody_else(client, worker):
    sheet, _ = try_out(client, FAMILIES)
    colleague = make_user(Role.COORDINATOR, centre=sheet.centre)
    client.force_login(colleague)

    for name in ("sheet-columns", "sheet-try"):
        assert client.get(reverse(f"households:{name}", args=[sheet.pk])).status_code == 404
    assert client.post(reverse("households:sheet-discard", args=[sheet.pk])).status_code == 404
    with asking_as(colleague):
        assert not UploadedSheet.objects.exists()


def test_a_sheet_that_nobody_confirms_is_gone_after_a_day(client, worker):
    sheet, _ = try_out(client, FAMILIES)
    assert throw_away_old_sheets() == 0
    UploadedSheet.objects.update(uploaded_at=timezone.now() - timedelta(hours=24, minutes=1))

    assert throw_away_old_sheets() == 1
    assert not UploadedSheet.objects.exists()


CONTACTS = """Gezin;Datum;Vorm;Resultaat;Minuten;Nota
{code};24/12/2025;Huisbezoek;Gesproken;30;Brief gelezen
oma van het plein;3 januari 2026;gebeld;geen gehoor;;
"""


def test_contacts_find_their_family_by_code_or_by_nickname(client, worker):
    first = make_household(worker=worker)
    second = make_household(worker=worker, nickname="Oma van het plein")

    take_in(client, CONTACTS.format(code=first.code.lower()), kind="contacts")

    contact = Contact.objects.get(household=first)
    assert (contact.happened_on, contact.mode, contact.minutes) == (date(2025, 12, 24), "home", 30)
    assert (contact.note, contact.author, contact.visibility) == ("Brief gelezen", worker, "file")
    assert Contact.objects.get(household=second).outcome == "no_answer"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.last_reached_on, second.last_reached_on) == (date(2025, 12, 24), None)
    assert second.last_attempt_on == date(2026, 1, 3)


def test_contacts_of_the_same_file_come_in_once(client, worker):
    family = make_household(worker=worker)
    make_household(worker=worker, nickname="Oma van het plein")
    content = CONTACTS.format(code=family.code)
    content += content.splitlines()[1] + "\n"
    take_in(client, content, kind="contacts")

    _, page = try_out(client, content, kind="contacts")

    assert Contact.objects.count() == 2
    assert {state for state, _ in said(page).values()} == {"known"}


def test_a_contact_says_what_is_missing_and_states_nothing_by_itself(client, worker):
    make_household(worker=worker, nickname="Twee")
    make_household(worker=worker, nickname="Twee")
    one = make_household(worker=worker, nickname="Eén")
    content = f"""Gezin;Datum;Vorm;Resultaat;Minuten
Twee;24/12/2025;Huisbezoek;Gesproken;
Niemand;24/12/2025;Huisbezoek;Gesproken;
{one.code};24/12/2062;Huisbezoek;Gesproken;
{one.code};gisteren;;;een uurtje
"""
    _, page = try_out(client, content, kind="contacts")
    lines = said(page)

    assert "2 gezinnen heten" in lines[2][1]
    assert "vinden we niet" in lines[3][1]
    assert "moet nog komen" in lines[4][1]
    for words in ("is geen datum", "Vorm: vul dit in", "Resultaat: vul dit in", "Minuten: vul een getal in"):
        assert words in lines[5][1]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("24/12/2025", date(2025, 12, 24)),
        ("4-2-25", date(2025, 2, 4)),
        ("24.12.2025", date(2025, 12, 24)),
        ("2025-12-24", date(2025, 12, 24)),
        ("24 december 2025", date(2025, 12, 24)),
        ("31/02/2025", None),
        ("0000-00-00", None),
        ("morgen", None),
    ],
)
def test_dates_as_people_write_them(words, day):
    assert day_of(words) == day


def test_the_example_can_be_read_in_as_it_is(client, worker):
    for kind in UploadedSheet.Kind:
        content = client.get(reverse("households:sheet-example", args=[kind])).content
        _, page = try_out(client, content, kind=kind, name="voorbeeld.xlsx")
        if kind == UploadedSheet.Kind.CONTACTS:
            assert {state for state, _ in said(page).values()} == {"new"}
        else:
            client.post(reverse("households:sheet-try", args=[UploadedSheet.objects.latest("pk").pk]))
    assert Household.objects.count() == 2


def test_reading_in_more_rows_asks_no_more_questions(client, worker):
    def questions(rows):
        content = "Roepnaam;Voornaam;Rol\n" + "".join(f"Gezin {n:03d}x{n};Amina{n};ouder\n" for n in rows)
        sheet, _ = try_out(client, content)
        with CaptureQueriesContext(connection) as asked:
            client.post(reverse("households:sheet-try", args=[sheet.pk]))
        return len(asked)

    assert questions(range(1, 3)) == questions(range(10, 60))


# Out


def confirm_password(client):
    return client.post(reverse("account_reauthenticate"), {"password": "wachtwoord"})


def take_out(client, **chosen):
    confirm_password(client)
    response = client.post(EXPORT, {"what": "families", "kind": "csv", **chosen})
    assert response.status_code == 200 and "attachment" in response["Content-Disposition"], response.content.decode()
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def family(worker):
    family = make_household(worker=worker, nickname="El Amrani", neighbourhood=make_neighbourhood())
    make_member(family, phone="+32 470 11 22 33")
    return family


def test_an_export_asks_for_the_password_first_and_goes_on_with_what_was_chosen(client, family):
    response = client.post(EXPORT, {"what": "families", "kind": "csv"})

    assert response.status_code == 302 and response.url.startswith(reverse("account_reauthenticate"))
    assert not Access.objects.filter(action="export").exists()
    after = client.post(response.url, {"password": "wachtwoord", "next": EXPORT})
    assert b"El Amrani" in after.content


def test_one_exports_ones_own_files_and_nobody_elses(client, worker, family):
    colleague = make_user(centre=family.centre)
    make_household(worker=colleague, nickname="Van een collega")
    seen = make_household(worker=colleague, nickname="Noodtoegang")
    nobodys = make_household(worker=colleague, nickname="Van niemand")
    Household.objects.filter(pk=nobodys.pk).update(primary_worker=None)
    BreakGlass.objects.create(
        centre=family.centre, household=seen, user=worker, ground="danger", reason="Er is rook",
        until=timezone.now() + timedelta(minutes=20),
    )  # fmt: skip
    make_household(worker=colleague, nickname="Mede", backup_worker=worker)

    assert [row[1] for row in take_out(client)[1:]] == ["El Amrani", "Mede"]


def test_the_coordinator_exports_the_centre(client, family):
    make_household(worker=make_user(centre=family.centre), nickname="Van een collega", restricted=True)
    make_household(nickname="Elders")
    client.force_login(make_user(Role.COORDINATOR, centre=family.centre))

    assert [row[1] for row in take_out(client)[1:]] == ["El Amrani", "Van een collega"]


@pytest.mark.parametrize("start", ["=1+1", "+32", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1+1"])
def test_no_cell_is_ever_calculated(client, family, start):
    Household.objects.filter(pk=family.pk).update(nickname=start)

    (cell,) = [row[1] for row in take_out(client)[1:]]
    response = client.post(EXPORT, {"what": "families", "kind": "xlsx"})
    sheet = load_workbook(io.BytesIO(response.content)).active

    assert cell == f"'{start}"
    assert sheet["B2"].value.startswith("'") and sheet["B2"].data_type == "s"
    assert {row[0].data_type for row in sheet.iter_rows()} == {"s"}


def test_each_export_is_in_the_trail_with_its_filter(client, family):
    take_out(client, what="contacts", since="2026-01-01", neighbourhood=family.neighbourhood_id)
    make_contact(family)
    take_out(client, what="contacts", since="2026-01-01", neighbourhood=family.neighbourhood_id)

    line = Access.objects.get(action="export")
    assert line.record_ids == [family.pk]
    assert line.reason == f"Contacten, vanaf 01/01/2026, buurt {family.neighbourhood} (csv)"


def test_texts_go_along_only_for_who_may_read_them(client, worker, family):
    colleague = make_user(centre=family.centre)
    make_contact(family, note="Voor het dossier")
    make_contact(family, author=colleague, visibility="named", note="Voor een ander", readers=[colleague])
    make_contact(family, author=colleague, visibility="named", note="Ook voor mij", readers=[worker])
    make_contact(family, visibility="personal", note="Mijn klad")

    notes = {row[-1] for row in take_out(client, what="contacts")[1:]}

    assert notes == {"Voor het dossier", "", "Ook voor mij"}


def test_scenario_4_an_export_leaves_out_what_belongs_to_one_luik_and_says_so(client, family):
    family.has_compartments = True
    family.address = "Geheime straat 1"
    family.save()
    mother = Member.objects.get(household=family)
    mother.has_compartment = True
    mother.save()
    father = make_member(family, first_name="Karim")
    father.has_compartment = True
    father.save()
    hers = make_contact(family, note="Van haar alleen")
    hers.present.add(mother.person)
    both = make_contact(family, note="Van allebei")
    both.present.add(mother.person, father.person)
    make_follow_up(family, what="Enkel voor haar", born_from=hers)

    told = {what: str(take_out(client, what=what)) for what in ("families", "contacts", "follow_ups")}

    assert "Van allebei" in told["contacts"] and "Van haar alleen" not in told["contacts"]
    assert "Enkel voor haar" not in told["follow_ups"]
    assert "Geheime straat" not in told["families"] and "470" not in told["families"]
    assert all(f"Enkel wat gedeeld is, zonder de luiken: {family.code}" in text for text in told.values())


def test_the_period_narrows_what_goes_along(client, family):
    make_contact(family, happened_on=date(2026, 1, 5), note="Januari")
    make_contact(family, happened_on=date(2026, 2, 5), note="Februari")

    rows = take_out(client, what="contacts", since="2026-02-01", until="2026-02-28")

    assert [row[-1] for row in rows[1:]] == ["Februari"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"what": "", "kind": "csv"}, "Kies wat je uitvoert."),
        ({"what": "families", "kind": "exe"}, "Selecteer"),
        ({"what": "families", "kind": "csv", "since": "2062-01-01"}, "Kies vandaag of een dag ervoor."),
        ({"what": "families", "kind": "csv", "since": "2026-02-01", "until": "2026-01-01"}, "komt na de eerste"),
    ],
)
def test_a_filter_that_cannot_be_is_said_at_its_field(client, family, chosen, words):
    confirm_password(client)

    page = client.post(EXPORT, chosen)

    assert page.status_code == 200
    assert words in page.content.decode() or page.context["form"].errors
    assert not Access.objects.filter(action="export").exists()


@pytest.fixture
def two_homes(family):
    """A boy of this family and of one of a colleague; his mother tells of a bike, where he is present."""
    mother_home = make_household(
        worker=make_user(centre=family.centre), nickname="Bij mama", address="Diestsestraat 1, Kessel-Lo"
    )
    boy = make_member(mother_home, first_name="Bilal", role="child")
    family.members.create(person=boy.person, centre=boy.centre, role="child")
    talk = make_contact(mother_home, note="Bilal wil een fiets.", visibility="team")
    talk.present.add(boy.person)
    secret = make_contact(mother_home, note="Enkel voor haar dossier.")
    secret.present.add(boy.person)
    return mother_home


def test_scenario_4_a_shared_talk_is_exported_once_in_either_home(client, family, two_homes):
    rows = take_out(client, what="contacts")[1:]

    # What the story of this family tells along, with what this reader reads of it.
    assert [(row[1], row[2], row[-1]) for row in rows] == [
        (family.nickname, family.code, ""),
        (family.nickname, family.code, "Bilal wil een fiets."),
    ]
    assert "Kessel-Lo" not in str(rows) and two_homes.code not in str(rows)

    client.force_login(make_user(Role.COORDINATOR, centre=family.centre))
    notes = [row[-1] for row in take_out(client, what="contacts")[1:]]
    assert sorted(notes) == ["Bilal wil een fiets.", "Enkel voor haar dossier."]


@pytest.mark.parametrize("which", ["the mother's", "the father's"])
def test_scenario_4_with_luiken_on_an_export_shows_neither_the_text_nor_the_address(client, family, two_homes, which):
    with_luiken = two_homes if which == "the mother's" else family
    Household.objects.filter(pk=with_luiken.pk).update(has_compartments=True)

    told = "".join(str(take_out(client, what=what)) for what in ("families", "contacts", "follow_ups"))

    for secret in ("Bilal wil een fiets.", "Enkel voor haar dossier.", "Kessel-Lo", "Bij mama", two_homes.code):
        assert secret not in told


def test_of_a_contact_that_one_does_not_read_an_export_says_only_that_it_was(client, family):
    colleague = make_user(centre=family.centre)
    make_contact(
        family, author=colleague, visibility="named", readers=[colleague], place="Bij de dokter", themes=["health"]
    )

    (row,) = take_out(client, what="contacts")[1:]

    assert row[3] == "Huisbezoek" and row[4:9] == [""] * 5


# Taking it back


def everything():
    """Every row about families, as text, without what may grow by itself."""
    models = [Household, Person, Member, Contact, FollowUp, HelpRequest]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def take_back(client):
    sheet = UploadedSheet.objects.latest("pk")
    return client.post(reverse("households:sheet-take-back", args=[sheet.pk]), follow=True).text


def test_a_file_that_was_the_wrong_one_is_taken_back_and_nothing_else_is_touched(client, worker):
    make_contact(make_household(worker=worker, nickname="Blijft"))
    before = everything()
    page = take_in(client, FAMILIES)
    assert "Maak ongedaan" in page and Household.objects.count() == 3

    response = client.post(reverse("drafts:take-back", args=[Undo.objects.latest("pk").token]), follow=True)

    assert "Alles wat uit het bestand kwam, is weg." in response.text
    assert everything() == before
    assert not UploadedSheet.objects.exists()


def test_contacts_that_were_read_in_are_taken_back_with_the_rhythm_they_moved(client, worker):
    family = make_household(worker=worker, nickname="El Amrani", last_attempt_on=date(2025, 11, 1))
    before = everything()
    take_in(client, CONTACTS.format(code=family.code), kind="contacts")
    family.refresh_from_db()
    assert Contact.objects.exists() and family.last_attempt_on != date(2025, 11, 1)

    assert "Alles wat uit het bestand kwam, is weg." in take_back(client)

    assert everything() == before


@pytest.mark.parametrize("change", ["family", "contact", "person", "promise", "merge"])
def test_what_a_colleague_did_since_keeps_all_of_it_and_is_named(client, worker, change):
    take_in(client, FAMILIES)
    family = Household.objects.get(nickname="El Amrani")
    other = Household.objects.get(nickname="Oma van het plein")
    do = {
        "family": lambda: Household.objects.filter(pk=family.pk).update(address="Ooststraat 3", version=2),
        "contact": lambda: make_contact(family),
        "person": lambda: Person.objects.filter(first_name="Samira").update(phone="0470 00 00 99"),
        "promise": lambda: make_follow_up(family),
        "merge": lambda: Household.objects.filter(pk=family.pk).update(merged_into=other),
    }
    do[change]()
    before = everything()

    page = take_back(client)

    assert "Hier is intussen iets aan veranderd" in page and family.code in page
    assert everything() == before
    assert (other.code in page.split("veranderd: ")[1][:60]) == (change == "merge")


def test_a_contact_that_was_read_in_and_worked_on_is_named_by_its_day(client, worker):
    family = make_household(worker=worker, nickname="El Amrani")
    take_in(client, CONTACTS.format(code=family.code), kind="contacts")
    contact = Contact.objects.latest("happened_on")
    make_follow_up(family, born_from=contact)

    page = take_back(client)

    assert f"het contact van {contact.happened_on:%d/%m/%Y} bij {family.code}" in page
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_after_half_an_hour_it_stays(client, worker):
    take_in(client, FAMILIES)
    UploadedSheet.objects.update(done_at=timezone.now() - timedelta(minutes=31))

    assert "langer dan een half uur" in take_back(client)
    assert Household.objects.count() == 2
    assert "Net ingelezen" not in client.get(UPLOAD).text


def test_only_who_read_it_in_takes_it_back(client, worker):
    take_in(client, FAMILIES)
    sheet = UploadedSheet.objects.get()
    client.force_login(make_user(Role.COORDINATOR, centre=sheet.centre))

    assert client.post(reverse("households:sheet-take-back", args=[sheet.pk])).status_code == 404
    assert Household.objects.count() == 2
