"""Tables for a spreadsheet."""

import csv
import io

# A cell that begins with one of these is a formula for a spreadsheet, and then it does what the writer wants.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell):
    """Text that a spreadsheet shows and never calculates; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


def as_csv(rows):
    """With semicolons and the mark that Excel wants to read accents."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()
