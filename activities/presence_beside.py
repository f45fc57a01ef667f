"""What the page of a moment says of presence: the roll for who may open it, and else what is big enough to tell."""

from activities.figures import for_readers, with_presence, with_registered
from activities.models import Session
from activities.models.presence import may_open_roll

LABELS = {
    "registered": "Verwacht",
    "came": "Kwamen",
    "new": "Waarvan voor het eerst in deze reeks",
}


def presence_beside(session, user):
    """At most three queries: may this user open the list, the counts, and who stands there."""
    counted = with_registered(with_presence(Session.objects.filter(pk=session.pk))).get()
    may_tick = may_open_roll(user, session)
    context = {"may_tick": may_tick, "figures": _figures(counted, with_names=may_tick)}
    if user.may("presence.tick", session.centre_id):
        context["posted"] = [posting.user for posting in session.postings.select_related("user")]
    return context


def _figures(counted, *, with_names):
    """Pairs of label and number; None is too small to show."""
    if with_names:
        cells = {"came": counted.came, "new": counted.new}
        cells |= {name: getattr(counted, f"counted_{name}") or 0 for name in ("children", "teens", "adults")}
    else:
        cells = for_readers(counted)
    heads = [cells["children"], cells["teens"], cells["adults"]]
    rows = [(LABELS["registered"], counted.registered)] if with_names else []
    rows += [(LABELS["came"], cells["came"]), (LABELS["new"], cells["new"])]
    if any(head is None or head for head in heads):
        labels = ("Kinderen geteld", "Tieners geteld", "Volwassenen geteld")
        rows += zip(labels, heads, strict=True)
    return rows if any(number is None or number for _, number in rows) else []
