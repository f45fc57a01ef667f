import re
from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from buurtwerk.accounts.models import User
from buurtwerk.accounts.policy import RIGHTS, Role
from buurtwerk.drafts.once import SaveOnceForm
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import TileSelect, TileSelectMultiple, helper, say_when_empty
from buurtwerk.interface.text import refuse_national_number
from buurtwerk.places.models import Centre, Neighbourhood
from buurtwerk.themes import ICONS, Theme
from signals.codes import Channel, Resolution, Status
from signals.models import Signal, SignalContact, SignalNote
from signals.personal_data import found_in, refuse_personal_data

FIRST_THEMES = 8
WHERE_IS_IT = "Weet je het niet? Kies “Niet geweten”."


class Folded(Div):
    """Fields that most people leave alone, behind one line; it opens by itself when one of them is wrong."""

    template = "signals/_folded.html"

    def __init__(self, title, *fields):
        super().__init__(*fields)
        self.title = title

    def render(self, form, context, **kwargs):
        self.is_open = any(name in form.errors for name in self.fields) if form.is_bound else False
        return super().render(form, context, **kwargs)


class SignalForm(SaveOnceForm, forms.ModelForm):
    """Log a signal in half a minute: a theme, a place, a sentence."""

    contact_name = forms.CharField(label="Naam", max_length=80, required=False, validators=[refuse_national_number])
    contact_phone = forms.RegexField(
        r"^[\d +./()-]{6,30}$",
        label="Telefoon",
        required=False,
        error_messages={"invalid": "Typ een telefoonnummer met enkel cijfers en spaties."},
        validators=[refuse_national_number],
    )
    contact_mail = forms.EmailField(label="Mail", max_length=120, required=False)
    may_contact = forms.BooleanField(label="Deze persoon mag gecontacteerd worden", required=False)

    class Meta:
        model = Signal
        fields = [
            "centre", "theme", "neighbourhood", "body", "channel", "kind", "urgency", "told_by", "repeats", "age_group",
            "language",
        ]  # fmt: skip
        labels = {
            "theme": "Waarover gaat het?",
            "neighbourhood": "Welke buurt?",
            "body": "Wat hoorde je?",
            "channel": "Hoe kwam het binnen?",
            "kind": "Wat is het?",
            "urgency": "Hoe dringend is het?",
            "told_by": "Wie vertelde het?",
            "repeats": "Speelt dit bij meer mensen?",
            "age_group": "Over welke leeftijd gaat het?",
            "language": "In welke taal?",
        }
        help_texts = {"body": "Eén zin is genoeg, zoals het verteld werd. Zet er geen namen in."}
        widgets = {
            "theme": TileSelect(icons=ICONS),
            "body": forms.Textarea(attrs={"rows": 3}),
            "channel": TileSelect,
            "kind": TileSelect,
            "urgency": TileSelect,
            "told_by": TileSelect,
            "repeats": TileSelect,
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        centres = list(Centre.objects.where(user, "signals.log").select_related("neighbourhood"))
        self.only_centre = centres[0] if len(centres) == 1 else None
        self._offer(centres, user)
        say_when_empty(
            self,
            theme="Kies waarover het gaat.",
            body="Schrijf wat je hoorde. Eén zin is genoeg.",
            channel="Kies hoe het binnenkwam.",
        )
        self.helper = helper("Bewaar het signaal", guard=True)
        self.helper.layout = Layout(
            *self._hidden_or_centre(),
            Field("theme", template="signals/_theme_tiles.html"),
            "neighbourhood",
            "body",
            "channel",
            "kind",
            Folded("Dringend? Of weet je nog meer?", "urgency", "told_by", "repeats", "age_group", "language"),
            Folded("Wil iemand iets terug horen?", "contact_name", "contact_phone", "contact_mail", "may_contact"),
        )

    def _offer(self, centres, user):
        here = centres[0]
        self.fields["theme"].choices = _most_used_first(centres)
        self.fields["neighbourhood"].queryset = Neighbourhood.objects.filter(kind=Neighbourhood.Kind.NEIGHBOURHOOD)
        self.fields["neighbourhood"].empty_label = "Niet geweten"
        self.fields["centre"].queryset = Centre.objects.where(user, "signals.log")
        self.fields["centre"].empty_label = None
        if self.only_centre:
            del self.fields["centre"]
            self.instance.centre = self.only_centre
        at_the_desk = user.has_role(Role.RECEPTION)
        self.initial = {
            "centre": here.pk,
            "neighbourhood": here.neighbourhood_id,
            "channel": Channel.DESK if at_the_desk else Channel.STREET,
            **self.initial,
        }

    def _hidden_or_centre(self):
        return ["token"] if self.only_centre else ["token", "centre"]

    @property
    def has_folded_theme(self):
        """Whether the chosen theme stands behind *Meer thema's*."""
        folded = [code for code, _ in self.fields["theme"].choices[FIRST_THEMES:]]
        return self["theme"].value() in folded

    def clean_body(self):
        return self.cleaned_data["body"].strip()

    def clean(self):
        cleaned = super().clean()
        reachable = cleaned.get("contact_phone") or cleaned.get("contact_mail")
        if cleaned.get("may_contact") and not reachable and not {"contact_phone", "contact_mail"} & set(self.errors):
            self.add_error("contact_phone", "Geef een telefoonnummer of een mailadres, of vink het contact uit.")
        return cleaned

    def validate_constraints(self):
        """The fields ask for all that the constraints hold; each of those would cost a query here."""

    def contact(self):
        given = {name: self.cleaned_data[f"contact_{name}"] for name in ("name", "phone", "mail")}
        return SignalContact(**given, may_contact=self.cleaned_data["may_contact"])


def _most_used_first(centres):
    """The themes of these centres in the last half year, the most used first, then the others."""
    recent = Signal.objects.filter(centre__in=centres, received_at__gte=timezone.now() - timedelta(days=180))
    used = dict(recent.values_list("theme").annotate(times=Count("pk")))
    return sorted(Theme.choices, key=lambda choice: -used.get(choice[0], 0))


def fields_only():
    """The layout of a form whose tag and buttons stand in the template."""
    layout = FormHelper()
    layout.form_tag = False
    return layout


class TriageForm(VersionedForm):
    name = "triage"
    extra_themes = forms.MultipleChoiceField(
        label="Nog thema's",
        choices=Theme,
        widget=TileSelectMultiple,
        required=False,
        help_text="Hoogstens twee.",
    )

    class Meta:
        model = Signal
        fields = ["summary", "theme", "neighbourhood", "urgency", "extra_themes"]
        labels = {"summary": "Samenvatting", "theme": "Thema", "neighbourhood": "Buurt", "urgency": "Hoe dringend?"}
        help_texts = {"summary": "Eén neutrale zin, zonder namen, nummers of adressen."}
        widgets = {"summary": forms.Textarea(attrs={"rows": 2}), "urgency": TileSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="triage_%s", **kwargs)
        self.fields["summary"].required = True
        self.fields["neighbourhood"].empty_label = "Niet geweten"
        self.fields["theme"].choices = Theme.choices
        say_when_empty(self, summary="Vat het samen in één zin.", theme="Kies een thema.")
        if self.instance.status == Status.NEW and not self.instance.summary:
            self.initial["summary"] = proposed_summary(self.instance.body)
        self.helper = fields_only()
        self.helper.layout = Layout(
            "loaded_version", "summary", "theme", "neighbourhood", "urgency", Folded("Nog thema's", "extra_themes")
        )

    def clean_summary(self):
        return " ".join(self.cleaned_data["summary"].split())

    def clean_extra_themes(self):
        extra = [code for code in self.cleaned_data["extra_themes"] if code != self.cleaned_data.get("theme")]
        if len(extra) > 2:
            raise forms.ValidationError("Kies hoogstens twee thema's erbij.")
        return extra

    def validate_constraints(self):
        """As in SignalForm."""

    @property
    def decided(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def proposed_summary(body):
    """The first sentence of what was told, unless it points at someone."""
    first = re.split(r"(?<=[.!?])\s", " ".join(body.split()), maxsplit=1)[0]
    return "" if len(first) > 300 or found_in(first) else first


class MoveForm(forms.Form):
    """A decision about a signal, with the version that was on the screen."""

    name = "move"
    loaded_version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), "Laad de pagina opnieuw.")
    )

    def __init__(self, *args, signal, query="", **kwargs):
        super().__init__(*args, auto_id=f"{self.name}_%s", **kwargs)
        self.fields["loaded_version"].initial = signal.version
        self.action = reverse(f"signals:{self.name}", args=[signal.reference]) + query
        self.helper = fields_only()

    @property
    def seen(self):
        return self.cleaned_data.get("loaded_version")

    @property
    def decided(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "loaded_version"}

    @property
    def typed(self):
        """The text that was typed, valid or not."""
        texts = (self.data.get(name, "") for name in ("why", "on") if name in self.fields)
        return next(filter(None, texts), "")


class PickUpForm(MoveForm):
    name = "pick-up"


class SpamForm(MoveForm):
    name = "spam"


class NotSpamForm(MoveForm):
    name = "not-spam"


class AssignForm(MoveForm):
    name = "assign"
    to = forms.ModelChoiceField(label="Aan wie?", queryset=User.objects.none(), empty_label="Kies een collega")

    def __init__(self, *args, signal, **kwargs):
        super().__init__(*args, signal=signal, **kwargs)
        self.fields["to"].queryset = colleagues(signal)
        say_when_empty(self, to="Kies een collega.")


def colleagues(signal):
    """Who works on signals in this centre, but for whoever has this one already."""
    here = User.objects.filter(
        is_active=True,
        membership__centre=signal.centre_id,
        membership__role__in=RIGHTS["signals.triage"].roles,
    )
    return (
        here.exclude(leaves_on__lt=timezone.localdate())
        .exclude(pk=signal.assigned_to_id)
        .distinct()
        .order_by("first_name", "username")
    )


def _reason(label, **options):
    return forms.CharField(
        label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_national_number, refuse_personal_data], **options,
    )  # fmt: skip


class WaitForm(MoveForm):
    name = "wait"
    on = forms.CharField(
        label="Op wie wacht je?",
        max_length=120,
        help_text="Een dienst of een functie, geen naam van een bewoner. Over tien dagen vragen we het opnieuw.",
        error_messages={"required": "Zeg op wie je wacht."},
        validators=[refuse_national_number, refuse_personal_data],
    )


class CloseForm(MoveForm):
    name = "close"
    resolution = forms.ChoiceField(
        label="Hoe liep het af?",
        choices=Resolution,
        widget=TileSelect,
        error_messages={"required": "Kies hoe het afliep."},
    )
    why = _reason("Wat is er gebeurd?", required=False, help_text="Zonder namen. Zo kun je het later terug vertellen.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("resolution") == Resolution.NOT_POSSIBLE and not cleaned.get("why") and "why" not in self.errors:
            self.add_error("why", "Leg uit waarom het niet kan.")
        return cleaned


class ReopenForm(MoveForm):
    name = "reopen"
    why = _reason("Waarom open je het opnieuw?", error_messages={"required": "Zeg waarom je het opnieuw opent."})


class NoteForm(SaveOnceForm, forms.ModelForm):
    class Meta:
        model = SignalNote
        fields = ["text"]
        labels = {"text": "Nieuwe nota"}
        help_texts = {"text": "Enkel voor collega's. Geen medische gegevens."}
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    name = "note"

    def __init__(self, *args, signal, query="", **kwargs):
        super().__init__(*args, auto_id="note_%s", **kwargs)
        say_when_empty(self, text="Schrijf je nota.")
        self.action = reverse("signals:note", args=[signal.reference]) + query
        self.helper = fields_only()

    def validate_constraints(self):
        """As in SignalForm."""
