"""Words to search by: lower case and without accents, the same in Python and in PostgreSQL."""

import re

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func

ACCENTED = "áàâäãåçćčđéèêëęěğíìîïıłñńňóòôöõøřśşšțúùûüůýÿźżž"
PLAIN___ = "aaaaaacccdeeeeeegiiiiilnnnoooooorssstuuuuuyyzzz"
FOLD = str.maketrans(ACCENTED, PLAIN___)


class SearchWords(Func):
    """The words of some text columns, for a generated column."""

    template = f"to_tsvector('simple', translate(lower(%(expressions)s), '{ACCENTED}', '{PLAIN___}'))"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def all_words(typed):
    """Texts in which every typed word begins a word; None when nothing of what was typed is a word."""
    words = re.findall(r"\w+", typed.lower().translate(FOLD))[:8]
    if not words:
        return None
    return SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
