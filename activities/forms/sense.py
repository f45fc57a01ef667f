"""What a series cannot ask for at the same time, said at the field."""

from datetime import datetime

from django.utils import timezone

from activities.generation import NonexistentTime, instant
from activities.models import ActivitySeries

Registration = ActivitySeries.Registration
EnrolScope = ActivitySeries.EnrolScope


def check_combinations(form):
    cleaned = form.cleaned_data
    capacity = cleaned.get("capacity")
    if "capacity" not in form.errors:
        _within(form, "priority_seats", capacity, needs_capacity=True)
        _within(form, "min_participants", capacity)
    if cleaned.get("min_participants") == 0:
        form.add_error("min_participants", "Kies minstens 1, of laat dit leeg.")
    is_open_door = cleaned.get("registration") == Registration.NONE
    if is_open_door and cleaned.get("enrol_scope") not in (None, EnrolScope.SESSION):
        form.add_error("enrol_scope", "Wie gewoon langskomt, schrijft niet in. Kies “Per keer”, of laat inschrijven.")
    if cleaned.get("draw_at"):
        _check_draw(form, capacity)


def _within(form, name, capacity, *, needs_capacity=False):
    number = form.cleaned_data.get(name)
    if not number:
        return
    if capacity is None and needs_capacity:
        form.add_error(name, "Vul eerst het aantal plaatsen in.")
    elif capacity is not None and number > capacity:
        form.add_error(name, f"Er zijn maar {capacity} plaatsen. Kies er hoogstens zoveel.")


def _check_draw(form, capacity):
    draw_at = form.cleaned_data["draw_at"]
    if form.cleaned_data.get("registration") != Registration.REQUIRED or capacity is None:
        form.add_error("draw_at", "Loten kan enkel als inschrijven nodig is en er een aantal plaatsen is.")
    elif draw_at != form.instance.draw_at and draw_at <= timezone.now():
        form.add_error("draw_at", "Kies een dag en een uur die nog moeten komen.")


def check_single_hour(form):
    """A series of one day cannot skip the hour that the clock jumps over."""
    day = form.cleaned_data.get("first_date")
    for name in ("local_start", "local_end"):
        hour = form.cleaned_data.get(name)
        if day and hour:
            try:
                instant(datetime.combine(day, hour), form.instance.zone)
            except NonexistentTime:
                form.add_error(name, f"{hour:%H.%M} uur bestaat die dag niet: de klok gaat vooruit.")
