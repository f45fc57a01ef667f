"""The texts people wrote about an activity, in the language of the page: Dutch where nobody translated them yet.

`i18n` of a series holds per language the translated fields, and under "of" the Dutch text each was made from.
"""

from dataclasses import dataclass

from django.utils.html import format_html

from buurtwerk.interface.language import DUTCH, PUBLIC_LANGUAGES, spoken

FIELDS = ("title", "summary")
# Those a text can be translated into.
OTHERS = {code: name for code, name in PUBLIC_LANGUAGES.items() if code != DUTCH}


@dataclass(frozen=True)
class Text:
    """Words with the language they are in."""

    words: str
    is_missing: bool

    def __str__(self):
        return self.words

    @property
    def html(self):
        return format_html('<bdi lang="nl">{}</bdi>', self.words) if self.is_missing else self.words


def text_here(dutch, translation):
    """The translation, or else the Dutch text, for a page in the language that is spoken now."""
    if spoken() == DUTCH:
        return Text(dutch, False)
    return Text(translation, False) if translation else Text(dutch, True)


def translation_of(i18n, language, field):
    return i18n.get(language, {}).get(field, "")


def is_stale(i18n, language, field, dutch):
    """The Dutch text changed after it was translated."""
    of = i18n.get(language, {}).get("of", {})
    return bool(translation_of(i18n, language, field)) and of.get(field) != dutch


def with_translation(i18n, language, texts, dutch):
    """A copy of `i18n` where the fields of one language are these; what did not change keeps what it was made from.

    `texts` has for each field the words and whether they were looked at beside today's Dutch text.
    """
    kept = i18n.get(language, {})
    fields, of = {}, {}
    for field, (words, is_checked) in texts.items():
        if not words:
            continue
        is_as_it_was = words == kept.get(field) and not is_checked
        fields[field] = words
        of[field] = kept.get("of", {}).get(field, "") if is_as_it_was else dutch[field]
    others = {code: texts for code, texts in i18n.items() if code != language}
    return {**others, language: {**fields, "of": of}} if fields else others
