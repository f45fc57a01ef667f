"""Files that people send: which kinds, how large, and what is left of them when we keep them."""

import hashlib
import io
import re
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.module_loading import import_string
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MOST_IMAGE, MOST_PDF = 10 * MEGABYTE, 5 * MEGABYTE
# More than any phone takes; a picture of these pixels is unpacked in about 150 MB.
MOST_PIXELS = 50_000_000
KEPT_SIDE = 2400
IMAGES = ("JPEG", "PNG", "WEBP")
NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff<>:\"|?*]")
LONGEST_NAME = 100

EMPTY = "Dit bestand is leeg. Kies een ander."
WRONG_KIND = "Dit soort bestand bewaren we niet. Kies een foto (JPEG, PNG of WebP) of een pdf."
BROKEN = "Deze foto kunnen we niet openen. Kies een andere, of maak ze opnieuw."
TOO_MANY_PIXELS = "Deze foto heeft te veel beeldpunten. Maak ze kleiner en probeer opnieuw."
TOO_LARGE = "Dit bestand is te groot. Een foto mag 10 MB zijn, een pdf 5 MB."
NOT_SAFE = "De viruscontrole hield dit bestand tegen. Het is niet bewaard."


class NoMoreThanNeeded(FileUploadHandler):
    """Keeps nothing of what comes after the largest file we take, so that 50 MB fills no disk.

    What is let through is too large already: the form says so, with all its other fields as they were.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= MOST_IMAGE else None

    def file_complete(self, file_size):
        """The handlers after this one keep it."""


@dataclass(frozen=True)
class Paper:
    """What we keep of a file."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self):
        return hashlib.sha256(self.content).hexdigest()


def safe_name(name):
    """The last part of a name that may be a path, without characters that cannot be seen."""
    name = NOT_IN_A_NAME.sub("", (name or "").replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}" if stem else name[:LONGEST_NAME]


def accepted(upload):
    """A file as we keep it, or a ValidationError that says why not. What it is, its own bytes say, not its name."""
    if upload.size > MOST_IMAGE:
        raise ValidationError(TOO_LARGE, code="too_large")
    content = upload.read()
    if not content:
        raise ValidationError(EMPTY, code="empty")
    name = safe_name(upload.name)
    paper = _pdf(content, name) if content.startswith(b"%PDF-") else _picture(content, name)
    if settings.UPLOAD_SCAN and not import_string(settings.UPLOAD_SCAN)(content):
        raise ValidationError(NOT_SAFE, code="not_safe")
    return paper


def _pdf(content, name):
    if len(content) > MOST_PDF:
        raise ValidationError(TOO_LARGE, code="too_large")
    if not name.lower().endswith(".pdf") or b"%%EOF" not in content[-2048:]:
        raise ValidationError(WRONG_KIND, code="wrong_kind")
    return Paper(name, "pdf", content)


def _picture(content, name):
    """Painted again on an empty sheet: place, camera and whatever hung behind the picture stay behind."""
    picture = _opened(content)
    if picture.width * picture.height > MOST_PIXELS:
        raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels")
    try:
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
        picture.load()
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
        picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        raise ValidationError(BROKEN, code="broken") from None
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    kept = io.BytesIO()
    sheet.save(kept, "JPEG", quality=85, optimize=True)
    return Paper(f"{name.rpartition('.')[0] or name or 'foto'}.jpg", "jpeg", kept.getvalue())


def _opened(content):
    """Only reads the beginning, and only as one of the three kinds that we take."""
    with warnings.catch_warnings():
        # Many pixels are refused in words of our own.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return Image.open(io.BytesIO(content), formats=IMAGES)
        except Image.DecompressionBombError:
            raise ValidationError(TOO_MANY_PIXELS, code="too_many_pixels") from None
        except (OSError, ValueError, SyntaxError):
            raise ValidationError(WRONG_KIND, code="wrong_kind") from None
