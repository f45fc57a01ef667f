"""What must hold for the house as a whole."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent


def tracked_files():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_imports_go_one_way(monkeypatch):
    monkeypatch.chdir(ROOT)

    assert lint_imports(no_cache=True) == 0


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_dependency_is_pinned_and_says_why():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    pins = [number for number, line in enumerate(lines) if re.fullmatch(r'    "[^"]+==[^"]+",', line)]
    own = [number for number in pins if number < lines.index("[tool.uv]")]

    assert len(own) >= 20
    assert all(lines[number - 1].lstrip().startswith(("#", '"pytest')) for number in own)


def test_nothing_in_the_repository_names_a_place_to_download_from():
    names = ["pypi", "pythonhosted", "npmjs", "debian"]
    hosts = re.compile("|".join(rf"{name}\.(?:org|com)" for name in names))
    found = [file.name for file in tracked_files() if hosts.search(file.read_text(errors="ignore"))]

    assert found == []


def test_no_template_carries_a_style_or_a_script_of_its_own():
    events = "click|submit|load|change|input|focus|blur|key[a-z]+|mouse[a-z]+"
    inline = re.compile(rf'\sstyle="|<style|\son(?:{events})=|<script(?![^>]*\bsrc=| type="application/ld.json">)')
    found = [file.name for file in (ROOT / "templates").rglob("*.html") if inline.search(file.read_text())]

    assert found == []
