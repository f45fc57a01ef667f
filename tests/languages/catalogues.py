"""The sentences of the public pages and their translations.

`python -m tests.languages.catalogues` adds new sentences to every .po file, drops those nobody says any more, and
compiles. Setting up needs none of this: the .mo files are kept.
"""

import ast
import io
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Engine
from django.template.backends.django import get_installed_libraries
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "buurtwerk" / "locale"
LANGUAGES = ("fr", "en", "tr", "ar")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}
FOLDERS = ("activities", "buurtwerk", "partners", "households", "signals")
TO_READ = "nog na te lezen door een moedertaalspreker"


def sentences():
    """Every sentence as a key: its words, or a pair of one and many."""
    found = set(of_the_fixed_lists())
    for file in sorted((ROOT / "templates").rglob("*.html")):
        found |= set(of_a_template(file.read_text()))
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            found |= set(of_python(file.read_text()))
    return found


def of_a_template(text):
    if "{% translate " not in text and "{% blocktranslate" not in text:
        return
    options = settings.TEMPLATES[0]["OPTIONS"]
    engine = Engine(libraries=get_installed_libraries(), builtins=options["builtins"])
    for node in engine.from_string(text).nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
        if isinstance(node, TranslateNode):
            # The words of a constant are already marked safe by the template.
            yield str(node.filter_expression.var.literal)
        elif node.plural:
            yield node.render_token_list(node.singular)[0], node.render_token_list(node.plural)[0]
        else:
            yield node.render_token_list(node.singular)[0]


def of_python(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in CALLS:
            continue
        words = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if node.func.id == "ngettext" and len(words) == 2:
            yield tuple(words)
        elif words:
            yield words[0]


def of_the_fixed_lists():
    """The labels that public pages print through `translated`."""
    from activities.codes import Audience, Kind
    from activities.models import ActivitySeries
    from activities.rules import ORDINALS, WEEKDAYS
    from buurtwerk.languages import Language
    from buurtwerk.places.models import Centre
    from buurtwerk.themes import Theme
    from partners.models.codes import AccessMode

    for codes in (Kind, Audience, ActivitySeries.Registration, Language, Centre.Kind, Theme, AccessMode):
        yield from (str(label) for label in codes.labels)
    yield from ORDINALS.values()
    yield from WEEKDAYS.values()


def po_file(language):
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language):
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def words_of(message):
    return tuple(message.id) if message.pluralizable else message.id


def compiled(catalogue):
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(language, said):
    before = read(language) if po_file(language).exists() else Catalog(locale=language)
    catalogue = Catalog(
        locale=language,
        project="Buurtwerk",
        version="1",
        header_comment=f"# Buurtwerk: {language}. {TO_READ.capitalize()}.",
        copyright_holder="Buurtwerk",
        creation_date=before.creation_date if po_file(language).exists() else None,
        revision_date=before.revision_date if po_file(language).exists() else None,
        last_translator=TO_READ,
        language_team=language,
        fuzzy=False,
    )
    known = {words_of(message): message.string for message in before if message.id}
    for words in sorted(said, key=str):
        catalogue.add(words, known.get(words), flags=["python-format"] if _is_formatted(words) else [])
    po_file(language).parent.mkdir(parents=True, exist_ok=True)
    with po_file(language).open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, include_previous=False)
    # Read back, so that what is compiled is what stands in the file.
    po_file(language).with_suffix(".mo").write_bytes(compiled(read(language)))
    return [words for words in said if not all(known.get(words) or [""])]


def _is_formatted(words):
    return any("%(" in each for each in ([words] if isinstance(words, str) else words))


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "buurtwerk.settings")
    import django

    django.setup()
    said = sentences()
    for language in LANGUAGES:
        missing = update(language, said)
        print(f"{language}: {len(said)} zinnen, {len(missing)} zonder vertaling")


if __name__ == "__main__":
    main()
