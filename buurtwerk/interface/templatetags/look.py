"""What every template may use without loading it: icons, and times as Flanders writes them."""

import re
from functools import cache

from django import forms, template
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from buurtwerk.interface import language

register = template.Library()

# What lucide writes in every icon, and .icon in buurtwerk.css says too.
DRAWN_BY_CSS = ' fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
SPACES = re.compile(r"\s*\n\s*")
# A line of an icon, and one after it that says from which point it starts.
NEXT_LINE = re.compile(r'(<path d="[^"]*)"/><path d="(?=M)')


@register.simple_tag
@cache
def icon(name, size=24):
    """An inline picture beside its word; screen readers skip it.

    How it is drawn stands once in the stylesheet, lines that start at a point of their own become one, and the spaces
    between go: a long page has sixty of these.
    """
    drawing = lucide(name, size=size, **{"aria-hidden": "true", "class": "icon"})
    drawing = SPACES.sub("", drawing).replace(DRAWN_BY_CSS, "").replace(" />", "/>")
    while (shorter := NEXT_LINE.sub(r"\1", drawing)) != drawing:
        drawing = shorter
    return SafeString(drawing)


@register.filter
def clock(value):
    """14.05 uur"""
    if value is None:
        return ""
    if hasattr(value, "date"):
        value = timezone.localtime(value)
    return f"{value:%H.%M} uur"


@register.filter
def hour(value):
    """14.05 as Flanders writes it; 14:05 in the other languages"""
    if hasattr(value, "date"):
        value = timezone.localtime(value)
    return f"{value:%H.%M}" if language.spoken() == language.DUTCH else f"{value:%H:%M}"


@register.filter
def until(start, end):
    """14.00 tot 16.30 uur: in words, so that nothing turns round in Arabic"""
    return _("%(start)s tot %(end)s uur") % {"start": hour(start), "end": hour(end)}


@register.filter
def day(value):
    """woensdag 2 december; with the year when it is not this one"""
    if value is None:
        return ""
    if hasattr(value, "hour"):
        value = timezone.localtime(value).date()
    return format_date(value, "l j F" if value.year == timezone.localdate().year else "l j F Y")


@register.filter
def due(value):
    """A date in words: 3 dagen te laat, vandaag, morgen, over 5 dagen"""
    days = (value - timezone.localdate()).days
    if days < 0:
        return "1 dag te laat" if days == -1 else f"{-days} dagen te laat"
    return {0: "vandaag", 1: "morgen"}.get(days, f"over {days} dagen")


@register.filter
def ago(value):
    """A date in words: vandaag, gisteren, 12 dagen geleden"""
    if hasattr(value, "hour"):
        value = timezone.localtime(value).date()
    days = (timezone.localdate() - value).days
    return {0: "vandaag", 1: "gisteren"}.get(days, f"{days} dagen geleden")


@register.filter
def euro(cents):
    """1250 as € 12,50; an amount that nobody wrote down is not zero"""
    if cents is None:
        return "onbekend"
    return f"€ {cents // 100},{cents % 100:02d}"


@register.filter
def translated(label):
    """A fixed word of ours, such as the label of a choice, in the language of the page."""
    return language.translated(label)


@register.filter
def dutch(text):
    """What people wrote in Dutch, for a page in another language: read aloud in Dutch, and never turned round."""
    if not text or language.spoken() == language.DUTCH:
        return text
    return format_html('<bdi lang="nl">{}</bdi>', text)


@register.filter
def ltr(text):
    """A telephone number, an address on the web: from left to right, on an Arabic page too."""
    return format_html('<bdi dir="ltr">{}</bdi>', text) if language.direction_of(language.spoken()) == "rtl" else text


@register.simple_tag(takes_context=True)
def this_page(context):
    """The language of this page, and the same page in the others."""
    request = context.get("request")
    code = language.spoken()
    return {
        "tag": "nl-BE" if code == language.DUTCH else code,
        "direction": language.direction_of(code),
        "translations": language.translations_of(request) if request else [],
    }


@register.filter
def undo_token(message):
    """The token in the tags of a message that can be undone, or an empty string."""
    return next((tag.removeprefix("undo:") for tag in message.tags.split() if tag.startswith("undo:")), "")


@register.filter
def dialled(phone):
    """03 123 45 67 as the address of a telephone link: 031234567"""
    return "".join(character for character in phone if character.isdigit() or character == "+")


@register.filter
def problems(field):
    """The errors of a field, as sentences that also make sense in the summary, far from the field."""
    return [_sentence(field, error) for error in field.errors]


@register.filter
def first_control(field):
    """The id of what gets focus when someone follows an error to its field."""
    if not field.use_fieldset:
        return field.id_for_label
    return next((option.id_for_label for option in field.subwidgets), "") or f"div_{field.auto_id}"


def _sentence(field, error):
    if error != forms.Field.default_error_messages["required"]:
        return error
    is_choice = isinstance(field.field, forms.ChoiceField | forms.ModelChoiceField)
    sentence = _("Kies iets bij “%(label)s”.") if is_choice else _("Vul “%(label)s” in.")
    return sentence % {"label": field.label}
