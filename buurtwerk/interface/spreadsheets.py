"""Spreadsheets in and out: XLSX and CSV as cells of text. Nothing in them is ever calculated."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from buurtwerk.interface.text import NATIONAL_NUMBER, has_national_number

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 300
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5000, 60, 5000
# A sheet that was made wide or long by mistake goes on for a million empty rows.
MAX_EMPTY_ROWS = 500
MASKED = "[rijksregisternummer]"

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

WRONG_KIND = "Dit bestand kunnen we niet lezen. Kies een rekenblad: een .xlsx- of een .csv-bestand."
TOO_BIG = "Dit bestand is groter dan 5 MB. Verdeel het over meer bestanden."
TOO_MANY = f"Dit bestand heeft meer dan {MAX_ROWS} rijen. Verdeel het over meer bestanden."
EMPTY = "Dit bestand is leeg. Kies een bestand met een titelrij en daaronder de rijen."


class Unreadable(ValueError):
    """A file that we refuse, with a sentence that says what to do."""


@dataclass(frozen=True)
class Sheet:
    headings: list
    # Each row as its number in the file and as many texts as there are headings.
    rows: list


def read(upload):
    """The first sheet of an uploaded file that holds something. Raises Unreadable."""
    if upload.size == 0:
        raise Unreadable(EMPTY)
    if upload.size > MAX_BYTES:
        raise Unreadable(TOO_BIG)
    content = upload.read()
    if content.startswith(OLD_EXCEL):
        raise Unreadable("Dit is een oud Excel-bestand. Bewaar het als .xlsx of als .csv en kies het opnieuw.")
    lines = _lines_of_workbook(content) if content.startswith(b"PK") else _lines_of_text(content)
    return _with_headings(lines)


def _with_headings(lines):
    """The first row with two cells is the row of headings; a title above it is passed over."""
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if not filled:
        raise Unreadable(EMPTY)
    start = next((place for place, (_, cells) in enumerate(filled) if sum(map(bool, cells)) > 1), 0)
    headings = _headings(filled[start][1])
    rows = [[number, *_padded(cells, len(headings))] for number, cells in filled[start + 1 :]]
    if not rows:
        raise Unreadable("Er staat enkel een titelrij in dit bestand. Zet de gezinnen eronder.")
    if len(rows) > MAX_ROWS:
        raise Unreadable(TOO_MANY)
    return Sheet(headings, rows)


def _headings(cells):
    while cells and not cells[-1]:
        cells = cells[:-1]
    headings = [cell[:60] or f"Kolom {place}" for place, cell in enumerate(cells, start=1)]
    twice = next((each for each in headings if [other.lower() for other in headings].count(each.lower()) > 1), None)
    if twice:
        raise Unreadable(f"Twee kolommen heten “{twice}”. Geef elke kolom een eigen titel.")
    return headings


def _padded(cells, length):
    return [*cells[:length], *[""] * (length - len(cells))]


def _lines_of_text(content):
    text = _decoded(content)
    if CONTROL.search(text):
        raise Unreadable(WRONG_KIND)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    lines = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            lines.append((len(lines) + 1, [as_text(cell) for cell in row[:MAX_COLUMNS]]))
            if len(lines) > MAX_ROWS + MAX_EMPTY_ROWS:
                raise Unreadable(TOO_MANY)
    except csv.Error:
        raise Unreadable(WRONG_KIND) from None
    return lines


def _decoded(content):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(WRONG_KIND)


def _lines_of_workbook(content):
    _check_package(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = [(sheet, _lines_of_sheet(sheet)) for sheet in workbook.worksheets[:1]]
        if not any(any(cells) for _, lines in sheets for _, cells in lines):
            sheets = [(sheet, _lines_of_sheet(sheet)) for sheet in workbook.worksheets[1:10]]
    except Unreadable:
        raise
    # A broken file makes the parts of the reader raise whatever they raise.
    except Exception:
        raise Unreadable(WRONG_KIND) from None
    sheet, lines = next(((sheet, lines) for sheet, lines in sheets if any(any(cells) for _, cells in lines)), (0, []))
    if lines and _has_merged_cells(content, sheet):
        raise Unreadable("In dit rekenblad zijn cellen samengevoegd. Splits ze eerst, zodat elke rij op zich staat.")
    return lines


def _check_package(content):
    """Before anything is unpacked: what it says that it holds, may not be more than we want to read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable("Dit bestand is uitgepakt te groot. Verdeel het over meer bestanden.")
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("Op dit bestand staat een wachtwoord. Haal het eraf en kies het opnieuw.")
            if "xl/workbook.xml" not in package.namelist():
                raise Unreadable(WRONG_KIND)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in package.read(part)[:2000]:
                    raise Unreadable(WRONG_KIND)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as broken:
        if isinstance(broken, Unreadable):
            raise
        raise Unreadable(WRONG_KIND) from None


def _lines_of_sheet(sheet):
    # What the file says of its own size may be wrong.
    sheet.reset_dimensions()
    lines, empty = [], 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
        cells = [as_text(value) for value in row]
        empty = 0 if any(cells) else empty + 1
        if empty > MAX_EMPTY_ROWS:
            break
        lines.append((number, cells))
        if len(lines) - empty > MAX_ROWS + MAX_EMPTY_ROWS:
            raise Unreadable(TOO_MANY)
    return lines


def _has_merged_cells(content, sheet):
    """Reading row by row does not tell, so the part itself is asked."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"<mergeCell " in package.read(sheet._worksheet_path)


def as_text(value):
    """A cell as one would type it. A rijksregisternummer is never taken in, not even to refuse it later."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    if isinstance(value, int):
        # A sheet takes the first nought off a number.
        text = text.zfill(11) if len(text) == 10 and has_national_number(text.zfill(11)) else text
    text = CONTROL.sub(" ", text).replace("\r\n", "\n").strip()[: MAX_CELL + 1]
    return NATIONAL_NUMBER.sub(_mask, text)


def _mask(found):
    return MASKED if has_national_number(found.group()) else found.group()


def harmless(value):
    """What a spreadsheet would calculate, begins with a quote, so that it stays text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n\u00a0").startswith(FORMULA_STARTS) else text


def as_csv(headings, rows):
    """With a mark for Excel that it is UTF-8, and a semicolon as Belgian sheets expect."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerows([harmless(cell) for cell in row] for row in [headings, *rows])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(headings, rows, *, title):
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    for row in [headings, *rows]:
        sheet.append([_cell(cell) for cell in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _cell(value):
    """Always text: `harmless` leaves nothing that could be taken for a formula."""
    return ILLEGAL_CHARACTERS_RE.sub(" ", harmless(value))[:32_000]
