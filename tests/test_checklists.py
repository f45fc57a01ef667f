"""The tables of what must hold name tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("checklist", ["families", "activities"])
def test_each_row_names_a_test_that_is_there(checklist):
    missing = []
    for line in (ROOT / f"docs/{checklist}-checklist.md").read_text().splitlines():
        path = ""
        for given, name in re.findall(r"`([^`:]*)::(\w+)`", line):
            path = given or path
            if f"def {name}(" not in (ROOT / path).read_text():
                missing.append(f"{path}::{name}")

    assert not missing
