from django.contrib import admin

from buurtwerk.accounts.admin import ForAdministrators
from buurtwerk.places.models import Centre, Closure, Neighbourhood, OpeningHours, PublicHoliday, SchoolHoliday


class OpeningHoursInline(ForAdministrators, admin.TabularInline):
    model = OpeningHours
    extra = 1

    def has_delete_permission(self, request, obj=None):
        return self.admin_site.has_permission(request)


class ClosureInline(OpeningHoursInline):
    model = Closure


@admin.register(Centre)
class CentreAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ["name", "kind", "neighbourhood", "status"]
    inlines = [OpeningHoursInline, ClosureInline]


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ["name", "kind", "part_of"]


@admin.register(SchoolHoliday)
class SchoolHolidayAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ["name", "school_year", "school", "first_day", "last_day", "source"]


@admin.register(PublicHoliday)
class PublicHolidayAdmin(ForAdministrators, admin.ModelAdmin):
    list_display = ["day", "name", "is_legal", "source"]
