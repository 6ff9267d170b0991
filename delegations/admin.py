from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from delegations.models import (
    Assembly,
    Chamber,
    Delegation,
    Membership,
    Office,
    Person,
    PersonName,
    Plenipotentiary,
    Seats,
    Source,
    Website,
)
from languages import CODES
from translations.admin import ADDRESSES, FoldedSearchMixin, LedgerAdmin, TranslatedAdmin

DATES = (_("What is known of the days"), {"fields": ["since", "until", "ended", "source", "confirmed_on", "confirmed_by"]})


@admin.register(Assembly)
class AssemblyAdmin(LedgerAdmin):
    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Assembly.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Source)
class SourceAdmin(LedgerAdmin):
    list_display = ["__str__", "published", "retrieved", "address"]
    search_fields = ["slug", "address", *(f"title_{code}" for code in CODES)]
    date_hierarchy = "published"


@admin.register(Office)
class OfficeAdmin(TranslatedAdmin):
    list_display = ["__str__", "slug"]


class PersonNameInline(admin.TabularInline):
    model, extra = PersonName, 0


@admin.register(Person)
class PersonAdmin(TranslatedAdmin):
    list_display = ["__str__", "slug", "gender"]
    search_fields = ["folded", "other_names__folded"]
    autocomplete_fields = ["portrait"]
    inlines = [PersonNameInline]


class ChamberInline(TranslationStackedInline):
    model, extra, show_change_link = Chamber, 0, True
    autocomplete_fields = ["name_source", "successor"]


class PlenipotentiaryInline(admin.StackedInline):
    model, extra = Plenipotentiary, 0
    autocomplete_fields = ["person", "office", "source", "confirmed_by"]


class WebsiteInline(admin.TabularInline):
    model, extra = Website, 0
    formfield_overrides = ADDRESSES
    autocomplete_fields = ["source"]


@admin.register(Delegation)
class DelegationAdmin(TranslatedAdmin):
    list_display = ["__str__", "country_code", "order"]
    inlines = [ChamberInline, PlenipotentiaryInline, WebsiteInline]


class SeatsInline(admin.StackedInline):
    model, extra = Seats, 0
    autocomplete_fields = ["source", "confirmed_by"]


@admin.register(Chamber)
class ChamberAdmin(TranslatedAdmin):
    list_display = ["__str__", "delegation", "kind", "order"]
    list_filter = ["kind", "delegation"]
    search_fields = ["folded", "delegation__folded"]
    list_select_related = ["delegation"]
    autocomplete_fields = ["delegation", "successor", "name_source"]
    inlines = [SeatsInline]


class FactAdmin(FoldedSearchMixin, admin.ModelAdmin):
    list_filter = ["ended", "reason"]
    date_hierarchy = "confirmed_on"
    autocomplete_fields = ["source", "confirmed_by"]


@admin.register(Seats)
class SeatsAdmin(FactAdmin):
    list_display = ["__str__", "since", "until", "ended", "source", "confirmed_on"]
    search_fields = ["chamber__folded", "chamber__delegation__folded"]
    list_select_related = ["chamber__delegation", "source"]
    autocomplete_fields = [*FactAdmin.autocomplete_fields, "chamber"]
    fieldsets = [(None, {"fields": ["chamber", "number", "reason"]}), DATES]


@admin.register(Plenipotentiary)
class PlenipotentiaryAdmin(FactAdmin):
    list_display = ["__str__", "since", "until", "ended", "source", "confirmed_on"]
    search_fields = ["delegation__folded", "person__folded", "person__other_names__folded"]
    list_select_related = ["delegation", "person", "source"]
    autocomplete_fields = [*FactAdmin.autocomplete_fields, "delegation", "person", "office"]
    fieldsets = [(None, {"fields": ["delegation", "person", "office", "reason"]}), DATES]


@admin.register(Membership)
class MembershipAdmin(TranslatedAdmin):
    list_display = ["__str__", "role", "since", "until", "ended", "source", "confirmed_on"]
    list_filter = ["role", "ended"]
    search_fields = ["person__folded", "person__other_names__folded", "chamber__folded", "delegation__folded"]
    list_select_related = ["person", "chamber__delegation", "source"]
    autocomplete_fields = ["person", "chamber", "source", "confirmed_by"]
    fieldsets = [(None, {"fields": ["person", "chamber", "role", "end_reason"]}), DATES]


@admin.register(Website)
class WebsiteAdmin(admin.ModelAdmin):
    formfield_overrides = ADDRESSES
    list_display = ["address", "delegation", "chamber", "language", "source"]
    list_filter = ["language"]
    search_fields = ["address"]
    list_select_related = ["delegation", "chamber__delegation", "source"]
    autocomplete_fields = ["delegation", "chamber", "source"]


@admin.register(PersonName)
class PersonNameAdmin(FoldedSearchMixin, admin.ModelAdmin):
    list_display = ["text", "person", "language", "kind"]
    list_filter = ["kind", "language"]
    search_fields = ["folded", "person__folded"]
    list_select_related = ["person"]
    autocomplete_fields = ["person"]
