"""The data files beside this module: real facts and invented people, said apart in data/README.md."""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def rows(name):
    """The rows of a data file as dicts of text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
