from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect


class TeamAdminSite(admin.AdminSite):
    site_header = site_title = "Beheer van Buurtwerk"
    index_title = "Gebruikers en plaatsen"

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.may("users.manage")

    def login(self, request, extra_context=None):
        """There is one sign-in, with its throttle; whoever is signed in and ends here may not enter."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", "/beheer-django/"))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")
