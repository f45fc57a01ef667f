"""The ways back behind *Maak ongedaan*."""

from buurtwerk.drafts.models import Draft
from buurtwerk.drafts.undo import undoable
from signals import actions
from signals.codes import Resolution
from signals.models import Signal, SignalEvent

TOO_LATE = "Dat kan niet meer: een collega werkt al aan dit signaal."


@undoable("signals.log")
def take_back_log(signal_id, *, by):
    signal = Signal.objects.logged_by(by).get(pk=signal_id)
    if signal.notes.exists():
        return TOO_LATE
    try:
        actions.erase(signal, by=by, seen=1, resolution=Resolution.WITHDRAWN)
    except actions.Refused:
        return TOO_LATE
    # A tap beside the right button may not cost a sentence.
    typed = {"body": [signal.body], "theme": [signal.theme]}
    Draft.objects.keep(
        user=by, form="signal", subject="", title="Nieuw signaal", address="/team/signalen/nieuw/", typed=typed
    )
    return f"Signaal {signal} is ingetrokken. Je zin staat nog in het formulier."


@undoable("signals.move")
def take_back_move(event_id, *, by):
    events = SignalEvent.objects.filter(centre__in=by.centres_where("signals.triage"), by=by)
    event = events.select_related("signal").get(pk=event_id)
    try:
        back = actions.take_back(event, by=by)
    except actions.Refused:
        return "Dat kan niet meer: er gebeurde al iets anders met dit signaal."
    return f"Signaal {event.signal} is opnieuw {back.get_after_display().lower()}."
