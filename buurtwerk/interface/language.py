"""The public pages in five languages: Dutch without a prefix, the others under /fr/, /en/, /tr/ and /ar/.

The address alone decides, never the browser or where someone is. So a link that was shared shows the same to everyone,
and a whole page can be kept under its address.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import Resolver404, URLResolver, resolve
from django.utils.translation import get_language, gettext, override

DUTCH = settings.LANGUAGE_CODE
PUBLIC_LANGUAGES = dict(settings.LANGUAGES)


class PublicLanguage:
    """The language of the address, for as long as the answer is made; the team speaks Dutch."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with override(language_of(request.path_info)):
            return self.get_response(request)


def language_of(path):
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in PUBLIC_LANGUAGES and first != DUTCH else DUTCH


def spoken():
    """The language of this answer, as a code of ours."""
    language = get_language()
    return language if language in PUBLIC_LANGUAGES else DUTCH


def prefix():
    """What stands before the path of a public page: nothing, or /fr."""
    return "" if spoken() == DUTCH else f"/{spoken()}"


class LanguagePrefix:
    """A piece of an address that is different in each language, for `reverse` and for what is asked."""

    converters = {}

    @property
    def regex(self):
        return re.compile(re.escape(str(self)))

    def match(self, path):
        return (path.removeprefix(str(self)), (), {}) if path.startswith(str(self)) else None

    def check(self):
        return []

    def describe(self):
        return f"'{self}'"

    def __str__(self):
        return f"{prefix()}/".removeprefix("/")


def in_every_language(patterns):
    """The addresses of pages for everyone; to put in the urlpatterns of an app."""
    return [URLResolver(LanguagePrefix(), list(patterns))]


@dataclass(frozen=True)
class Translation:
    """This page in one language."""

    code: str
    name: str
    path: str
    is_this: bool

    @property
    def address(self):
        return settings.SITE_URL + self.path

    @property
    def direction(self):
        return direction_of(self.code)


def direction_of(code):
    return "rtl" if code in settings.LANGUAGES_BIDI else "ltr"


def translations_of(request):
    """This page in each language, with the same filters. Nothing for a page that only speaks Dutch."""
    if request.resolver_match is None:
        path = "" if request.path.startswith("/team/") else "/"
    else:
        path = _without_prefix(request.get_full_path())
    if not path or not _is_in_every_language(path):
        return []
    return [
        Translation(code, name, path if code == DUTCH else f"/{code}{path}", code == spoken())
        for code, name in PUBLIC_LANGUAGES.items()
    ]


def _without_prefix(path):
    return path.removeprefix(prefix()) or "/"


def _is_in_every_language(path):
    with override("en"):
        try:
            resolve("/en" + path.partition("?")[0])
        except Resolver404:
            return False
    return True


def translated(label):
    """A fixed word of ours in the language of the page; what is nothing stays nothing."""
    return gettext(str(label)) if label else ""
