"""Icons for long lists: drawn once on the page, and then only pointed at."""

import re
from functools import cache

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@register.simple_tag
@cache
def sprite(**icons):
    """{% sprite clock="clock" %} draws it; <svg width="20" height="20"><use href="#i-clock"/></svg> shows it."""
    symbols = format_html_join(
        "",
        '<symbol id="i-{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round">{}</symbol>',
        ((name, _drawing(icon)) for name, icon in icons.items()),
    )
    return mark_safe(f'<svg hidden aria-hidden="true">{symbols}</svg>')  # noqa: S308


def _drawing(icon):
    # The drawings come from the lucide package, not from people.
    return mark_safe(re.sub(r"\s*\n\s*", "", DRAWING.search(lucide(icon))[1]))  # noqa: S308
