"""R23 holds for every form of a family, also for those that come later."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django import forms

from buurtwerk.interface.sensitive import GuardedText
from buurtwerk.interface.text import FreeLine, FreeText
from households import forms as family_forms


def all_forms():
    for module in iter_modules(family_forms.__path__):
        for each in vars(import_module(f"households.forms.{module.name}")).values():
            if isinstance(each, type) and issubclass(each, forms.ModelForm) and each._meta.model:
                yield each


def typed_fields(form):
    names = form._meta.fields or []
    fields = {field.name: field for field in form._meta.model._meta.get_fields()}
    return [name for name in names if isinstance(fields.get(name), FreeText | FreeLine)]


@pytest.mark.parametrize("form", sorted(set(all_forms()), key=lambda form: form.__name__), ids=lambda f: f.__name__)
def test_r23_no_form_of_a_family_keeps_a_number_unasked(form):
    # What only serves for others to build upon, is guarded there.
    assert form.__subclasses__() or not typed_fields(form) or issubclass(form, GuardedText)


def is_typed_text(field):
    return type(field) is forms.CharField and type(field.widget) in (forms.TextInput, forms.Textarea)


def plain_forms():
    for module in iter_modules(family_forms.__path__):
        for name, each in vars(import_module(f"households.forms.{module.name}")).items():
            is_form = (
                isinstance(each, type) and issubclass(each, forms.Form) and each.__module__.startswith("households.")
            )
            if is_form and not name.endswith(("Filter", "SearchForm")):
                yield each


# A search, and what only serves for others to build upon.
KEEP_NOTHING = {"SearchFirstForm", "PersonAlong", "LinkForm", "ChooseOtherForm", "FindFamilyForm", "WhichFamilyForm"}


@pytest.mark.parametrize("form", sorted(set(plain_forms()), key=lambda form: form.__name__), ids=lambda f: f.__name__)
def test_r23_neither_does_a_form_without_a_model(form):
    texts = [name for name, field in form.base_fields.items() if is_typed_text(field)]
    assert form.__name__ in KEEP_NOTHING or not texts or issubclass(form, GuardedText)
