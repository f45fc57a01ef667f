"""Public pages that are never stale and cost next to nothing while nothing changes.

A trigger raises the version of a centre (or of the directory) in the same transaction as the change.
A whole page is kept under the versions it depends on, and carries them as its ETag.
"""

import gzip
import hashlib
from functools import cache, wraps

import brotli
import pgtrigger
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db import models, transaction
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from buurtwerk.interface.language import spoken

DIRECTORY = 0


class PublicVersion(models.Model):
    """How often something public of a centre changed; `key` 0 is the directory of partners."""

    key = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        app_label = "places"
        verbose_name = "openbare versie"
        verbose_name_plural = "openbare versies"

    def __str__(self):
        return f"{self.key}: {self.number}"


def publishes(new, old):
    """A trigger for the Meta of a model whose rows are public.

    `new` and `old` are SQL for the id of the centre after and before a change, or the key DIRECTORY.
    """
    return pgtrigger.Trigger(
        name="publishes",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.After,
        declare=[("touched", "BIGINT[]")],
        func=f"""
            IF TG_OP = 'INSERT' THEN touched := ARRAY[{new}];
            ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[{old}];
            ELSE touched := ARRAY[{new}, {old}];
            END IF;
            INSERT INTO places_publicversion (key, number)
                SELECT DISTINCT key, 1 FROM unnest(touched) AS key WHERE key IS NOT NULL ORDER BY key
                ON CONFLICT (key) DO UPDATE SET number = places_publicversion.number + 1;
            RETURN NULL;
        """,
    )


def current_version():
    """One number for everything public: it rises with each change of any centre or card."""
    return PublicVersion.objects.aggregate(total=models.Sum("number"))["total"] or 0


@cache
def release():
    """A fingerprint of the program itself: a new release makes new pages, with the names of its own static files."""
    found = hashlib.sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder in ("activities", "buurtwerk", "partners", "templates"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*.[hp][ty]*")):
            found.update(file.read_bytes())
    for catalogue in sorted((settings.BASE_DIR / "buurtwerk" / "locale").rglob("*.mo")):
        found.update(catalogue.read_bytes())
    return found.hexdigest()


def public_page(view=None, *, until=None):
    """A page for everyone: no sign-in, no cookie, kept whole until something public changes.

    `until` is for pages that also change by the clock: a function of the view's arguments
    whose answer becomes part of the version. The day always is.
    """
    if view is None:
        return lambda actual: public_page(actual, until=until)

    @wraps(view)
    def served(request, *args, **kwargs):
        parts = [current_version(), release(), timezone.localdate(), request.get_full_path()]
        if until:
            parts.append(until(*args, **kwargs))
        fingerprint = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]
        encoding = _encoding(request)
        etag = f'"{fingerprint}{encoding[:1]}"'
        if request.headers.get("If-None-Match") == etag:
            return _with_headers(HttpResponseNotModified(), etag)
        kept = caches["pages"].get(fingerprint + encoding)
        if kept is None:
            response = view(request, *args, **kwargs)
            if response.status_code != 200:
                return response
            kept = _pack(response.content, encoding), response.headers["Content-Type"], encoding
            caches["pages"].set(fingerprint + encoding, kept)
        content, content_type, encoding = kept
        response = HttpResponse(content, content_type=content_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return _with_headers(response, etag)

    # Reading needs no transaction; beginning and ending one would cost as much as the page itself.
    return transaction.non_atomic_requests(login_not_required(require_safe(served)))


def _encoding(request):
    accepted = request.headers.get("Accept-Encoding", "")
    return next((name for name in ("br", "gzip") if name in accepted), "")


def _pack(content, encoding):
    # These pages hold no secret and echo no form, so compressing them gives nothing away.
    if encoding == "br":
        return brotli.compress(content, quality=5)
    return gzip.compress(content, 6, mtime=0) if encoding == "gzip" else content


def _with_headers(response, etag):
    response.headers["ETag"] = etag
    response.headers["Content-Language"] = spoken()
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
