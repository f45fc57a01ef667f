import csv
import io
import re

import pghistory.models
import pytest
from django.core.management import CommandError, call_command

from buurtwerk.demo.facts import DATA
from buurtwerk.demo.partners import load_partners
from buurtwerk.places.models import Neighbourhood, PublicVersion
from partners.forms.row import COLUMNS
from partners.importing import Result, UnreadableFile, import_partners
from partners.models import Organisation, Service
from tests.factories import make_neighbourhood
from tests.partners.factories import make_organisation, make_service

pytestmark = pytest.mark.django_db


def row(**cells):
    defaults = {
        "slug": "vzw-samen",
        "name": "vzw Samen",
        "kind": "ngo",
        "description_nl": "Ze koken samen; iedereen mag mee.",
        "for_whom_nl": "Iedereen",
        "themes": "food, living_together",
        "functions": "meeting_cohesion",
        "ages": "2.5-14",
        "neighbourhoods": "all",
        "website": "https://voorbeeld.be",
        "verified": "yes",
        "to_check_nl": "",
        "source": "voorbeeld.be",
    }
    return {**defaults, **cells}


def content(*rows, delimiter=";", columns=COLUMNS):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def results(outcomes):
    return [(outcome.line, outcome.result.label) for outcome in outcomes]


def traces():
    """Everything that an import could leave behind: history and public versions."""
    return (
        pghistory.models.Events.objects.count(),
        Organisation.pgh_event_model.objects.count(),
        Service.pgh_event_model.objects.count(),
        list(PublicVersion.objects.order_by("key").values_list("key", "number")),
    )


def test_a_row_becomes_an_organisation_and_one_service_of_the_same_name():
    hoogland = make_neighbourhood(slug="hoogland")

    outcomes = import_partners(content(row(neighbourhoods="hoogland")))

    organisation, service = Organisation.objects.get(), Service.objects.get()
    assert results(outcomes) == [(2, "nieuw")]
    assert (organisation.slug, organisation.kind, organisation.source_read) == ("vzw-samen", "ngo", "yes")
    assert (organisation.description, organisation.functions) == (
        "Ze koken samen; iedereen mag mee.",
        ["meeting_cohesion"],
    )
    assert (service.organisation, service.slug, service.name) == (organisation, "vzw-samen", "vzw Samen")
    assert (service.themes, service.ages) == (["food", "living_together"], "2,5 tot 14 jaar")
    assert list(service.neighbourhoods.all()) == [hoogland]
    assert not service.city_wide
    assert service.verified_on is None
    assert service.text == organisation.description


@pytest.mark.parametrize(
    ("cell", "ages"),
    [
        ("", ""),
        ("all", "alle leeftijden"),
        ("0-12", "tot 12 jaar"),
        ("18-", "vanaf 18 jaar"),
        ("2,5-14", "2,5 tot 14 jaar"),
    ],
)
def test_ages_are_read_in_every_way_they_are_written(cell, ages):
    import_partners(content(row(ages=cell)))

    assert Service.objects.get().ages == ages


def test_a_second_time_changes_nothing_and_leaves_no_trace():
    make_neighbourhood(slug="hoogland")
    rows = content(row(neighbourhoods="hoogland"), row(slug="twee", name="Twee"))
    import_partners(rows)
    before = traces()

    outcomes = import_partners(rows)

    assert results(outcomes) == [(2, "ongewijzigd"), (3, "ongewijzigd")]
    assert traces() == before


@pytest.mark.parametrize(
    "cells",
    [
        {"description_nl": "Anders"},
        {"themes": "work"},
        {"ages": ""},
        {"neighbourhoods": ""},
        {"neighbourhoods": "hoogland"},
    ],
)
def test_what_differs_is_taken_over_and_an_open_edit_will_notice(cells):
    make_neighbourhood(slug="hoogland")
    import_partners(content(row()))
    before = traces()

    outcomes = import_partners(content(row(**cells)))

    assert results(outcomes) == [(2, "gewijzigd")]
    assert traces() != before
    assert Organisation.objects.get().version + Service.objects.get().version >= 2


def test_what_the_file_does_not_know_stays_as_people_wrote_it():
    import_partners(content(row()))
    Organisation.objects.update(phone="016 00 00 12")
    Service.objects.update(cost="Gratis", description="Eigen tekst", status="paused")

    import_partners(content(row(name="Andere naam")))

    service = Service.objects.select_related("organisation").get()
    assert (service.name, service.organisation.search_key) == ("Andere naam", "anderenaam")
    assert (service.organisation.phone, service.cost, service.description, service.status) == (
        "016 00 00 12",
        "Gratis",
        "Eigen tekst",
        "paused",
    )


BAD_ROWS = [
    ("slug", ""),
    ("slug", "geen slug"),
    ("slug", "nieuw"),
    ("slug", "x" * 71),
    ("slug", "85073003328"),
    ("name", ""),
    ("name", "x" * 121),
    ("name", "a\x00b"),
    ("kind", "circus"),
    ("kind", ""),
    ("description_nl", "x" * 2001),
    ("description_nl", "nummer 85.07.30-033.28"),
    ("for_whom_nl", "x" * 201),
    ("themes", "food,onbekend"),
    ("functions", "juggling"),
    ("ages", "jong"),
    ("ages", "12-6"),
    ("ages", "0-121"),
    ("ages", "-"),
    ("neighbourhoods", "nergens"),
    ("neighbourhoods", "all,hoogland"),
    ("website", "javascript:alert(1)"),
    ("website", "geen site"),
    ("website", "https://voorbeeld.be/" + "x" * 200),
    ("verified", "maybe"),
    ("to_check_nl", "x" * 301),
    ("source", "a\x07b"),
]


@pytest.mark.parametrize(("column", "cell"), BAD_ROWS)
def test_a_bad_row_is_named_and_the_good_ones_are_kept(column, cell):
    make_neighbourhood(slug="hoogland")

    outcomes = import_partners(content(row(slug="een"), row(slug="twee") | {column: cell}, row(slug="drie")))

    assert results(outcomes) == [(2, "nieuw"), (3, "fout"), (4, "nieuw")]
    assert re.fullmatch(rf"kolom {column}: .*\.", outcomes[1].problems[0])
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"een", "drie"}


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    outcome = import_partners(content(row(kind="circus", themes="onbekend", ages="x")))[0]

    assert len(outcome.problems) == 3


def test_a_row_that_is_there_twice_is_taken_once():
    outcomes = import_partners(content(row(), row(name="Anders")))

    assert results(outcomes) == [(2, "nieuw"), (3, "fout")]
    assert "regel 2" in outcomes[1].problems[0]
    assert Organisation.objects.get().name == "vzw Samen"


def test_the_offer_of_another_organisation_is_not_taken_away():
    service = make_service(slug="vzw-samen")

    outcomes = import_partners(content(row()))

    service.refresh_from_db()
    assert results(outcomes) == [(2, "fout")]
    assert service.organisation.slug != "vzw-samen"
    assert not Organisation.objects.filter(slug="vzw-samen").exists()


def test_lines_are_counted_as_an_editor_shows_them():
    rows = content(row(slug="een", description_nl="Eén\nregel\nen nog een"), row(slug="twee", kind="x")) + b"\n\n;;;\n"

    assert results(import_partners(rows)) == [(2, "nieuw"), (5, "fout")]


def test_a_row_of_another_shape_is_named():
    good = content(row())
    header, line = good.decode().split("\n")[:2]

    outcomes = import_partners(f"{header}\n{line};meer\n{line.rsplit(';', 1)[0]}\n".encode())

    assert results(outcomes) == [(2, "fout"), (3, "fout")]
    assert "14 cellen in plaats van 13" in outcomes[0].problems[0]


def test_a_cell_without_end_costs_only_its_row():
    header = ";".join(COLUMNS)

    outcomes = import_partners(f'{header}\neen;"{"x" * 200_000}'.encode())

    assert results(outcomes) == [(2, "fout")]


@pytest.mark.parametrize(
    "rows",
    [
        content(row(), delimiter=","),
        b"\xef\xbb\xbf" + content(row()),
        content(row()).replace(b"\n", b"\r\n"),
        content(row(), columns=[*reversed(COLUMNS), "eigen kolom"]),
    ],
)
def test_files_of_every_program_are_read(rows):
    assert results(import_partners(rows)) == [(2, "nieuw")]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (content(row(name="Café")).decode().encode("latin-1"), "UTF-8"),
        (content(row()).decode().encode("utf-16"), "UTF-8"),
        (b"", "leeg"),
        (b"\n\n", "leeg"),
        (content(row(), columns=COLUMNS[:-2]), "ontbreken.*to_check_nl|ontbreken.*source"),
        (content(row(), columns=[*COLUMNS, "slug"]), "twee keer: slug"),
        (b"\x89PNG\r\n", "UTF-8"),
        (b"niets;van;dit", "ontbreken"),
        (b'"' + b"x" * 200_000, "leeg|ontbreken|lezen"),
    ],
)
def test_a_file_that_is_of_no_use_says_why(rows, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        import_partners(rows)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "partners.csv"
    path.write_bytes(content(row(), row(slug="twee", kind="circus")))
    return path


def run(*args, capsys):
    call_command("import_partners", *args)
    return capsys.readouterr().out


def test_the_command_only_says_what_would_happen(file, capsys):
    before = traces()

    said = run(file, capsys=capsys)

    assert "regel    2  nieuw        vzw-samen" in said
    assert "regel    3  fout         twee\n            kolom kind: " in said
    assert "1 nieuw, 0 gewijzigd, 0 ongewijzigd, 1 fout." in said
    assert "er is niets bewaard" in said
    assert traces() == before
    assert not Organisation.objects.exists()


def test_the_command_does_it_when_asked(file, capsys):
    said = run(file, "--apply", capsys=capsys)
    again = run(file, "--apply", capsys=capsys)

    assert Organisation.objects.get().events.get().pgh_context.metadata == {"command": "import_partners"}
    assert "De goede rijen zijn bewaard" in said
    assert "0 nieuw, 0 gewijzigd, 1 ongewijzigd, 1 fout." in again


def test_the_command_says_what_is_wrong_with_the_file(tmp_path, capsys):
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes(b"slug;name\n")

    with pytest.raises(CommandError, match="ontbreken"):
        call_command("import_partners", wrong)
    with pytest.raises(CommandError, match="niet te openen"):
        call_command("import_partners", tmp_path)


def make_real_neighbourhoods():
    with (DATA / "neighbourhoods.csv").open(encoding="utf-8", newline="") as facts:
        for fact in csv.DictReader(facts, delimiter=";"):
            Neighbourhood.objects.create(slug=fact["slug"], name=fact["name"], kind=fact["kind"])


def test_the_demo_loads_the_real_organisations_and_leaves_what_people_changed():
    make_real_neighbourhoods()
    make_organisation(slug="kirikou", name="Zoals wij het schreven")

    load_partners()
    Organisation.objects.filter(slug="velokadee").update(name="Ook aangepast")
    before = traces()
    load_partners()

    assert Organisation.objects.count() == 36
    assert Service.objects.count() == 35
    assert Organisation.objects.get(slug="kirikou").name == "Zoals wij het schreven"
    assert traces() == before


def test_the_file_of_the_demo_has_no_wrong_rows():
    make_real_neighbourhoods()

    outcomes = import_partners((DATA / "partners.csv").read_bytes())

    assert {outcome.result for outcome in outcomes} == {Result.NEW}
