"""The Django admin, for administrators only: who works here, and the places. Never families or signals."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from buurtwerk.accounts.models import Membership, User


class ForAdministrators:
    """Mixin: the policy table decides, not Django's own permissions. Nothing is deleted here."""

    def has_module_permission(self, request):
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


class OneKindOfRole(forms.BaseInlineFormSet):
    """An administrator arranges accounts and reads no case; that only holds when nobody is both."""

    def clean(self):
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        roles = {data["role"] for data in kept if "role" in data}
        if Membership.Role.ADMINISTRATOR in roles and len(roles) > 1:
            raise forms.ValidationError("Wie beheerder is, heeft geen andere rol. Maak daarvoor een tweede gebruiker.")


class MembershipInline(ForAdministrators, admin.TabularInline):
    model = Membership
    formset = OneKindOfRole
    extra = 1

    def has_delete_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)


@admin.register(User)
class TeamMemberAdmin(ForAdministrators, UserAdmin):
    inlines = [MembershipInline]
    list_display = ["username", "first_name", "last_name", "is_active", "leaves_on"]
    list_filter = ["is_active", "membership__role", "membership__centre"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Wie", {"fields": ["first_name", "last_name", "email"]}),
        ("Tot wanneer", {"fields": ["is_active", "leaves_on"]}),
    ]
