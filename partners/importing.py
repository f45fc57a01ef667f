"""The directory from a file: each row is an organisation and one service of the same name.

Good rows are kept when others are wrong, and a second time changes nothing. The day of a check is never
imported: that someone else read something, is no check.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field

from django.db import IntegrityError, models, transaction

from buurtwerk.places.models import Neighbourhood
from partners.forms.row import COLUMNS, RowForm
from partners.models import Organisation, Service


class UnreadableFile(Exception):
    """Nothing of this file can be used; the message says what to do."""


class Result(models.TextChoices):
    NEW = "new", "nieuw"
    CHANGED = "changed", "gewijzigd"
    UNCHANGED = "unchanged", "ongewijzigd"
    ERROR = "error", "fout"


@dataclass
class Outcome:
    """What became of one row."""

    line: int
    slug: str
    result: Result
    problems: list = field(default_factory=list)


@transaction.atomic
def import_partners(content, *, leave_existing=False):
    """Take over the rows of a file, given as bytes; returns an outcome per row.

    With `leave_existing` a card that is already there is left as it is.
    """
    areas = {area.slug: area for area in Neighbourhood.objects.all()}
    first_lines, outcomes = {}, []
    for line, row, problem in _rows(content):
        slug = (row.get("slug") or "").strip()
        if not problem and slug in first_lines:
            problem = f"kolom slug: {slug} staat ook op regel {first_lines[slug]}."
        if problem:
            outcomes.append(Outcome(line, slug, Result.ERROR, [problem]))
            continue
        first_lines[slug] = line
        outcomes.append(_take_over(line, RowForm(row, areas=areas), leave_existing=leave_existing))
    return outcomes


def count_results(outcomes):
    """How many rows had each result, in the order of the report."""
    counted = Counter(outcome.result for outcome in outcomes)
    return [(result, counted[result]) for result in Result]


def _rows(content):
    """The number of its first line, the cells, and what is wrong with the shape, for each row."""
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header = _header(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, {}, "Deze rij is niet te lezen. Kijk de aanhalingstekens na."
            continue
        if any(cell.strip() for cell in cells):
            yield line, dict(zip(header, cells, strict=False)), _wrong_shape(header, cells)


def _decoded(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            "Dit bestand is niet in UTF-8 bewaard. Bewaar het opnieuw, met UTF-8 als tekenset."
        ) from error


def _delimiter(text):
    first_line = text.split("\n", 1)[0]
    return ";" if first_line.count(";") >= first_line.count(",") else ","


def _header(reader):
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        raise UnreadableFile("De eerste regel is niet te lezen. Kijk de aanhalingstekens na.") from error
    if not any(header):
        raise UnreadableFile("Dit bestand is leeg, of de eerste regel met de namen van de kolommen ontbreekt.")
    if missing := [column for column in COLUMNS if column not in header]:
        raise UnreadableFile(f"Deze kolommen ontbreken op de eerste regel: {', '.join(missing)}.")
    if twice := [column for column, times in Counter(header).items() if column in COLUMNS and times > 1]:
        raise UnreadableFile(f"Deze kolommen staan er twee keer: {', '.join(twice)}.")
    return header


def _wrong_shape(header, cells):
    if len(cells) == len(header):
        return ""
    return (
        f"Deze rij heeft {len(cells)} cellen in plaats van {len(header)}. "
        "Staat er een scheidingsteken in een tekst zonder aanhalingstekens?"
    )


def _take_over(line, form, *, leave_existing):
    slug = form.data["slug"].strip()
    if not form.is_valid():
        return Outcome(line, slug, Result.ERROR, form.problems)
    organisation = Organisation.objects.select_for_update().filter(slug=slug).first()
    if organisation and leave_existing:
        return Outcome(line, slug, Result.UNCHANGED)
    service = Service.objects.select_for_update().filter(slug=slug).first()
    if service and (not organisation or service.organisation_id != organisation.pk):
        return Outcome(line, slug, Result.ERROR, [f"kolom slug: {slug} is al aanbod van een andere organisatie."])
    # A savepoint per row: whatever the database itself refuses, costs only this row.
    try:
        with transaction.atomic():
            changed = _save_row(form, organisation or Organisation(slug=slug), service or Service(slug=slug))
    except IntegrityError as error:
        return Outcome(line, slug, Result.ERROR, [f"De databank weigert deze rij: {error}"])
    if not organisation:
        return Outcome(line, slug, Result.NEW)
    return Outcome(line, slug, Result.CHANGED if changed else Result.UNCHANGED)


def _save_row(form, organisation, service):
    """Save what differs; returns whether anything did."""
    changed = _save_changes(organisation, form.for_organisation)
    areas_before = set(service.neighbourhoods.all()) if service.pk else set()
    changed |= _save_changes(service, {**form.for_service, "organisation": organisation})
    if areas_before != set(form.service_areas):
        service.neighbourhoods.set(form.service_areas)
        changed = True
    return changed


def _save_changes(card, values):
    different = {name: value for name, value in values.items() if not card.pk or getattr(card, name) != value}
    if not different:
        return False
    for name, value in different.items():
        setattr(card, name, value)
    if card.pk:
        # Whoever has this card open to edit it, learns that it changed.
        card.version += 1
    card.save()
    return True
