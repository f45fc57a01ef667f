"""What happens to cards: added under an address of their own, changed, checked."""

from django.db import transaction
from django.utils.text import slugify

from partners.models import Service, Verification
from partners.models.codes import CheckResult
from partners.models.organisation import ADD

LONGEST_SLUG = 70


def free_slug(model, name):
    """The name as a part of an address, with a number when another card has it."""
    wanted = slugify(name)[:LONGEST_SLUG].strip("-") or "kaart"
    taken = {ADD, *model.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)


@transaction.atomic
def log_check(service, *, by, method, result, note=""):
    """Write down that someone checked this card; an offer that turns out to be gone, ends."""
    check = Verification.objects.create(service=service, by=by, method=method, result=result, note=note)
    if result == CheckResult.GONE:
        service = Service.objects.select_for_update().get(pk=service.pk)
        service.status = Service.Status.ENDED
        service.version += 1
        service.save(update_fields=["status", "version"])
    return check
