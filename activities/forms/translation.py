from crispy_forms.layout import Layout
from django import forms
from django.utils.html import format_html

from activities.forms.series import Section
from activities.models import ActivitySeries
from activities.texts import FIELDS, OTHERS, is_stale, translation_of, with_translation
from buurtwerk.drafts.versions import VersionedForm
from buurtwerk.interface.forms import helper
from buurtwerk.interface.language import direction_of
from buurtwerk.languages import Language

LABELS = {"title": "Titel", "summary": "Korte uitleg"}


class TranslationForm(VersionedForm):
    """The title and the summary of an activity in every other language, beside the Dutch text."""

    class Meta:
        model = ActivitySeries
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sections = [self._section(language, name) for language, name in OTHERS.items()]
        self.helper = helper("Bewaar de vertalingen", guard=True)
        self.helper.form_class = "stack"
        self.helper.layout = Layout("loaded_version", *sections)

    def _section(self, language, name):
        names = []
        for field in FIELDS:
            key = f"{field}_{language}"
            self.fields[key] = self._text_field(field, language)
            names.append(key)
        if any(self._is_stale(language, field) for field in FIELDS):
            key = f"checked_{language}"
            self.fields[key] = forms.BooleanField(
                label="Ik keek deze vertaling na: ze klopt met de Nederlandse tekst van nu", required=False
            )
            names.append(key)
        return Section(f"{Language(language).label} ({name})", *names)

    def _text_field(self, field, language):
        found = ActivitySeries._meta.get_field(field).formfield(required=False)
        found.label = f"{LABELS[field]} in het {Language(language).label}"
        found.initial = translation_of(self.instance.i18n, language, field)
        found.help_text = self._about(language, field)
        if field == "summary":
            found.widget = forms.Textarea(attrs={"rows": 3})
        found.widget.attrs |= {"lang": language, "dir": direction_of(language)}
        return found

    def _is_stale(self, language, field):
        return is_stale(self.instance.i18n, language, field, getattr(self.instance, field))

    def _about(self, language, field):
        """The Dutch text; and when the translation was made from another one, that one too."""
        now = getattr(self.instance, field)
        if not self._is_stale(language, field):
            return format_html("Nederlands: “{}”", now)
        before = self.instance.i18n[language].get("of", {}).get(field) or "niet geweten"
        return format_html(
            "<strong>De Nederlandse tekst veranderde na deze vertaling.</strong> Nu: “{}” Vroeger: “{}”", now, before
        )

    def save(self, commit=True):
        series = super().save(commit=False)
        dutch = {field: getattr(series, field) for field in FIELDS}
        for language in OTHERS:
            is_checked = self.cleaned_data.get(f"checked_{language}", False)
            texts = {field: (self.cleaned_data[f"{field}_{language}"], is_checked) for field in FIELDS}
            series.i18n = with_translation(series.i18n, language, texts, dutch)
        if commit:
            series.save()
        return series
