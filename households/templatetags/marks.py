import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join

register = template.Library()

# As written by households.wording.mark: in front of a sentence.
MARK = re.compile(r"(?:(?<=^)|(?<=[.!?…]\s)|(?<=\n))(Feit|Gehoord|Indruk): ")


@register.filter
def marked(text):
    """A note with the marks in front of its sentences as small tags. Everything else stays text."""
    text = text or ""
    parts = MARK.split(text)
    if len(parts) == 1:
        return conditional_escape(text)
    pairs = zip(map(str.lower, parts[1::2]), parts[2::2], strict=True)
    return format_html("{}{}", parts[0], format_html_join("", '<span class="tag">{}</span> {}', pairs))
