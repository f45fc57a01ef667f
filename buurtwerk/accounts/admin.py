"""The Django admin, for administrators only: who works here, and the places. Never families or signals."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm

from buurtwerk.accounts.leaving import reasons_to_stay, say_goodbye
from buurtwerk.accounts.models import Membership, User
from buurtwerk.accounts.policy import RIGHTS

WITH_FAMILIES = RIGHTS["handovers.make"].roles


class ForAdministrators:
    """Mixin: the policy table decides, not Django's own permissions. Nothing is deleted here."""

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


def refuse_ownerless(user, centre_id=None):
    if reasons := reasons_to_stay(user, centre_id):
        listed = ", ".join(reasons)
        raise forms.ValidationError(f"Dat kan nog niet: op naam van {user} staat nog {listed}. Laat het overdragen.")


class LeavingForm(UserChangeForm):
    """Whoever still has open files stays: the coordinator hands them over first."""

    def clean_is_active(self):
        if "is_active" in self.changed_data and not self.cleaned_data["is_active"]:
            refuse_ownerless(self.instance)
        return self.cleaned_data["is_active"]


class OneKindOfRole(forms.BaseInlineFormSet):
    """An administrator arranges accounts and reads no case; that only holds when nobody is both."""

    def clean(self):
        super().clean()
        self._refuse_ownerless()
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        roles = {data["role"] for data in kept if "role" in data}
        if Membership.Role.ADMINISTRATOR in roles and len(roles) > 1:
            raise forms.ValidationError("Wie beheerder is, heeft geen andere rol. Maak daarvoor een tweede gebruiker.")

    def _refuse_ownerless(self):
        """A role that goes, or moves to another centre, leaves no families behind."""
        staying = [form.cleaned_data for form in self.forms if not form.cleaned_data.get("DELETE")]
        kept = {data.get("centre") for data in staying if data.get("role") in WITH_FAMILIES}
        for centre in {form.instance.centre for form in self.initial_forms} - kept:
            refuse_ownerless(self.instance, centre.pk)


class MembershipInline(ForAdministrators, admin.TabularInline):
    model = Membership
    formset = OneKindOfRole
    extra = 1

    def has_delete_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)


@admin.register(User)
class TeamMemberAdmin(ForAdministrators, UserAdmin):
    form = LeavingForm
    inlines = [MembershipInline]
    list_display = ["username", "first_name", "last_name", "is_active", "leaves_on"]
    list_filter = ["is_active", "membership__role", "membership__centre"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Wie", {"fields": ["first_name", "last_name", "email"]}),
        ("Tot wanneer", {"fields": ["is_active", "leaves_on"]}),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            say_goodbye(obj)

    def save_related(self, request, form, formsets, change):
        before = _works_with_families_in(form.instance)
        super().save_related(request, form, formsets, change)
        for centre_id in before - _works_with_families_in(form.instance):
            say_goodbye(form.instance, centre_id)


def _works_with_families_in(user):
    return set(Membership.objects.filter(user=user, role__in=WITH_FAMILIES).values_list("centre", flat=True))
