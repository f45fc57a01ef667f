from django import forms
from django.apps import AppConfig
from django.db.models import fields


class InterfaceConfig(AppConfig):
    name = "buurtwerk.interface"
    label = "interface"
    verbose_name = "Het uitzicht"

    def ready(self):
        from buurtwerk.interface.text import refuse_control_characters

        # Every text field of every form, a search box and the sign-in of allauth too: PostgreSQL
        # refuses a NUL, and nobody sees the other control characters.
        forms.CharField.default_validators = [refuse_control_characters]
        # Of a number in this form the letters are gone before anything is asked of them.
        forms.UUIDField.default_validators = []
        # Django's own words for this have no Dutch translation yet.
        fields.BLANK_CHOICE_LABEL = "Kies"
