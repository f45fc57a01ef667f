from datetime import datetime

from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.utils import timezone

from activities.actions.scope import Scope
from activities.generation import NonexistentTime, instant
from activities.people import people_in
from buurtwerk.interface.forms import TileSelect, helper, say_when_empty

WITH_PEOPLE = [("yes", "Verander ze mee"), ("no", "Laat ze zoals ze zijn")]


def people_field():
    return forms.ChoiceField(
        label="En de momenten waar al mensen bij zijn?", choices=WITH_PEOPLE, widget=TileSelect, required=False
    )


def ask_about_people(form, replanned):
    """Say how many moments have people in them, and ask what becomes of those."""
    moments = "1 moment heeft" if replanned.with_people == 1 else f"{replanned.with_people} momenten hebben"
    form.helper.layout.insert(0, "people")
    form.add_error("people", f"{moments} al mensen ({replanned.registered} ingeschreven). Kies wat ermee gebeurt.")


class HoursForm(forms.Form):
    """Other hours and places for a moment; the scope says for which others too."""

    loaded = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."})
    scope = forms.ChoiceField(label="Waarvoor geldt het?", choices=Scope.choices, widget=TileSelect)
    start = forms.TimeField(label="Begint om", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label="Eindigt om", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    capacity = forms.IntegerField(
        label="Aantal plaatsen",
        help_text="Leeg: zoveel als er willen komen.",
        min_value=1,
        max_value=2000,
        required=False,
    )
    people = people_field()

    def __init__(self, *args, session, **kwargs):
        self.session = session
        start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        initial = {"start": start.time(), "end": end.time(), "capacity": session.seats, "loaded": self._standing()}
        super().__init__(*args, initial=initial, **kwargs)
        say_when_empty(
            self,
            scope="Kies waarvoor het geldt.",
            start="Vul in wanneer het begint.",
            end="Vul in wanneer het eindigt.",
        )
        for name in ("start", "end"):
            self.fields[name].error_messages["invalid"] = "Schrijf een uur zoals 14:30."
        self.helper = helper("Bewaar", guard=True)
        self.helper.add_input(Submit("preview", "Toon wat er verandert", css_class="btn"))
        self.helper.form_class = "stack"
        self.helper.layout = Layout("loaded", Div("start", "end", css_class="columns"), "capacity", "scope")

    def _standing(self):
        return f"{self.session.sequence}.{self.session.series.version}"

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", "Het einde komt na het begin, op dezelfde dag.")
        elif start and end:
            self._on_the_clock(start, end)
        if cleaned.get("scope") and "capacity" in cleaned:
            self._room_for_who_is_in(cleaned["scope"], cleaned["capacity"])
        if cleaned.get("loaded") and cleaned["loaded"] != self._standing():
            self._show_theirs()
        return cleaned

    def _on_the_clock(self, start, end):
        day = timezone.localdate(self.session.starts_at)
        for name, hour in (("start", start), ("end", end)):
            try:
                instant(datetime.combine(day, hour), self.session.series.zone)
            except NonexistentTime:
                self.add_error(name, f"{hour:%H.%M} uur bestaat die dag niet: de klok gaat vooruit.")

    def _room_for_who_is_in(self, scope, capacity):
        if capacity is None:
            return
        sessions = moments_of(self.session, scope)
        taken = max((one.seated for one in people_in(self.session.series, sessions).values()), default=0)
        if taken > capacity:
            self.add_error("capacity", f"Er zijn al {taken} plaatsen ingenomen. Kies er minstens {taken}.")

    def _show_theirs(self):
        theirs, places = self.session.hours, self.session.seats or "geen grens"
        self.data = self.data.copy()
        self.data["loaded"] = self._standing()
        self.add_error(
            None,
            f"Iemand anders veranderde dit intussen: nu staat er {theirs}, plaatsen: {places}. "
            "Wat jij typte, staat er nog. Bewaar opnieuw als het zo moet.",
        )


def moments_of(session, scope):
    """The coming moments that a scope reaches and that follow their series, and the one itself."""
    if scope == Scope.SESSION:
        return [session]
    coming = session.series.sessions.filter(starts_at__gt=timezone.now())
    if scope == Scope.ONWARD:
        coming = coming.filter(original_start__gte=session.original_start)
    return [one for one in coming if one.pk == session.pk or "capacity" not in one.overridden_fields]
