from django import template

from buurtwerk.places.models import Centre

register = template.Library()


@register.simple_tag
def reachable_centres():
    """The running centres that have a telephone, for the footer of every public page."""
    return Centre.objects.running().exclude(phone="")[:4]
