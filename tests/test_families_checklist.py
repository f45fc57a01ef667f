"""The table of rules names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_each_rule_of_families_names_a_test_that_is_there():
    missing = []
    for line in (ROOT / "docs/families-checklist.md").read_text().splitlines():
        path = ""
        for given, name in re.findall(r"`([^`:]*)::(\w+)`", line):
            path = given or path
            if f"def {name}(" not in (ROOT / path).read_text():
                missing.append(f"{path}::{name}")

    assert not missing
