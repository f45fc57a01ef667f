from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from activities.generation import NonexistentTime, instant
from activities.models import Session
from buurtwerk.interface.forms import helper, say_when_empty
from buurtwerk.interface.text import refuse_control_characters, refuse_national_number
from buurtwerk.places.models import PublicHoliday, SchoolHoliday

FURTHEST = timedelta(days=400)


class MoveForm(forms.Form):
    """Another day, hour or place; in local time, as it stands on the wall clock."""

    day = forms.DateField(label="Op welke dag?", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label="Van", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label="Tot", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(
        label="Op een andere plaats?",
        help_text="Laat leeg als het in het centrum zelf is.",
        max_length=120,
        required=False,
        validators=[refuse_control_characters, refuse_national_number],
    )
    anyway = forms.BooleanField(label="Het mag ook op een vakantiedag of feestdag", required=False)
    sequence = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Laad de pagina opnieuw."}, min_value=0
    )

    def __init__(self, *args, session, **kwargs):
        self.session = session
        start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        now = {"day": start.date(), "start": start.time(), "end": end.time(), "place": session.place}
        super().__init__(*args, initial={**now, "sequence": session.sequence}, **kwargs)
        say_when_empty(self, day="Kies een dag.", start="Vul in wanneer het begint.", end="Vul in wanneer het eindigt.")
        self.helper = helper("Bekijk wat er verandert")

    def clean_day(self):
        day, today = self.cleaned_data["day"], timezone.localdate()
        if day < today:
            raise forms.ValidationError("Die dag is voorbij. Kies een dag vanaf vandaag.")
        if day > today + FURTHEST:
            raise forms.ValidationError("Zo ver plannen we niet. Kies een dag binnen het jaar.")
        return day

    def clean_sequence(self):
        if self.cleaned_data["sequence"] != self.session.sequence:
            raise forms.ValidationError("Iemand anders veranderde dit moment intussen. Laad de pagina opnieuw.")
        return self.cleaned_data["sequence"]

    def clean(self):
        cleaned = super().clean()
        day, start, end = (cleaned.get(name) for name in ("day", "start", "end"))
        if start and end and end <= start:
            self.add_error("end", "Het einde komt na het begin, op dezelfde dag.")
        elif day and start and end:
            self._to_instants(day, start, end)
        return cleaned

    def _to_instants(self, day, start, end):
        for name, hour in (("start", start), ("end", end)):
            try:
                self.cleaned_data[f"{name}s_at"] = instant(datetime.combine(day, hour), self.session.series.zone)
            except NonexistentTime:
                self.add_error(
                    name, f"{hour:%H.%M} uur bestaat die dag niet: de klok gaat vooruit. Kies een ander uur."
                )
        if not self.errors:
            self._check_day(day)
            self._check_change()

    def _check_day(self, day):
        closure = self.session.centre.closures.filter(first_day__lte=day, last_day__gte=day).first()
        if closure:
            self.add_error("day", f"Dan is het centrum gesloten: {closure.reason}. Kies een andere dag.")
        elif not self.cleaned_data.get("anyway") and (name := holiday_of(self.session.series, day)):
            self.add_error("day", f"Die dag is het {name}. Kies een andere dag, of vink aan dat het toch mag.")

    def _check_change(self):
        start, end, place = (self.cleaned_data[name] for name in ("starts_at", "ends_at", "place"))
        if start <= timezone.now():
            self.add_error("start", "Dat uur is voorbij. Kies een later uur.")
        if (start, end, place) == (self.session.starts_at, self.session.ends_at, self.session.place):
            self.add_error(None, "Er verandert niets: kies een andere dag, een ander uur of een andere plaats.")
        others = Session.objects.shown().filter(series=self.session.series_id).exclude(pk=self.session.pk)
        if others.exclude(status=Session.Status.CANCELLED).filter(starts_at__lt=end, ends_at__gt=start).exists():
            self.add_error("start", "Dan is er al een moment van deze activiteit. Kies een ander uur.")

    @property
    def moved(self):
        """What the moment becomes: not saved, to show and to save."""
        return {name: self.cleaned_data[name] for name in ("starts_at", "ends_at", "place")}


def holiday_of(series, day):
    """The holiday on which this series is not held, or an empty string."""
    skip = series.HolidayPolicy.SKIP
    days = PublicHoliday.objects.legal().filter(day=day) if series.public_holiday_policy == skip else []
    weeks = SchoolHoliday.objects.filter(community="nl", first_day__lte=day, last_day__gte=day)
    return next((holiday.name for holiday in [*days, *(weeks if series.holiday_policy == skip else [])]), "")
