"""The ecomap: the family in the middle and who it leans on around it, as numbers for an SVG.

Two arcs of figures, with the words on the outside and each on a row of its own: so no two labels can meet, and who is
added at the end moves nobody to the other side.
"""

from dataclasses import dataclass
from math import sqrt

WIDTH, ROW, EDGE = 480, 84, 12
MIDDLE = WIDTH / 2
NEAR, FAR = 60, 32
LABEL_GAP, LABEL_WIDTH = 12, 134
LINE = 17
FAMILY_WIDTH, FAMILY_RADIUS = 84, 48
NAME, SMALL = 15, 13


@dataclass(frozen=True)
class Line:
    text: str
    y: float
    is_name: bool = False


@dataclass(frozen=True)
class Figure:
    x: float
    y: float
    text_x: float
    is_left: bool
    lines: tuple
    quality: str
    # Halfway, where a broken bond is crossed out.
    half_x: float
    half_y: float


@dataclass(frozen=True)
class Ecomap:
    height: float
    middle: float
    family: tuple
    figures: tuple
    width: int = WIDTH
    across: float = MIDDLE


def draw(household, links):
    """The same links in the same order give the same picture."""
    rows = max((len(links) + 1) // 2, 2)
    height = rows * ROW + 2 * EDGE
    middle = height / 2
    figures = [
        _figure(link, place // 2, len(links[place % 2 :: 2]), is_left=place % 2 == 1, middle=middle)
        for place, link in enumerate(links)
    ]
    return Ecomap(
        height, middle, _stacked(_wrapped(str(household), FAMILY_WIDTH, NAME, most=3), middle), tuple(figures)
    )


def _figure(link, row, rows, *, is_left, middle):
    y = middle + (row - (rows - 1) / 2) * ROW
    out = NEAR + FAR * sqrt(max(0, 1 - ((y - middle) / middle) ** 2))
    side = -1 if is_left else 1
    names = _wrapped(str(link), LABEL_WIDTH, NAME, most=2)
    kind = link.get_kind_display() + (f", van {link.of_whom}" if link.of_whom else "")
    small = [*_wrapped(kind, LABEL_WIDTH, SMALL, most=1), link.get_quality_display()]
    return Figure(
        x=round(MIDDLE + side * out, 1),
        y=round(y, 1),
        text_x=round(MIDDLE + side * (out + LABEL_GAP), 1),
        is_left=is_left,
        lines=_stacked([*names, *small], y, names=len(names)),
        quality=link.quality,
        half_x=round(MIDDLE + side * (FAMILY_RADIUS + out) / 2, 1),
        half_y=round(middle + (y - middle) * (FAMILY_RADIUS + out) / 2 / out, 1),
    )


def _stacked(texts, middle, *, names=None):
    """Lines around a height; the first `names` of them are a name."""
    top = middle - (len(texts) - 1) * LINE / 2 + NAME / 3
    names = len(texts) if names is None else names
    return tuple(Line(text, round(top + number * LINE, 1), number < names) for number, text in enumerate(texts))


def _wrapped(text, width, size, *, most):
    """In at most so many lines of this width; what does not fit ends in three dots, the list below has it whole."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, size) <= width:
            lines[-1] = longer
        elif not lines[-1]:
            lines[-1] = _cut(word, width, size)
        elif len(lines) < most:
            lines.append(_cut(word, width, size))
        else:
            lines[-1] = _cut(longer, width, size)
            break
    return lines


def _cut(text, width, size):
    if _width(text, size) <= width:
        return text
    while text and _width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _width(text, size):
    """A little wider than any letter type of ours draws it."""
    return size * sum(_letter(letter) for letter in text)


def _letter(letter):
    if letter in "ijlftr.,'’-()| ":
        return 0.36
    if letter in "mwMW@%…" or ord(letter) > 0x2E7F:
        return 1.0
    return 0.74 if letter.isupper() else 0.6
