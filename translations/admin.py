"""How records with translated fields are edited: languages in columns, search by folded text, the ledger kept in step."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modeltranslation.admin import TranslationAdmin

from languages.fold import fold
from staff.merge import MergeMixin
from translations import ledger
from translations.models import Unit

# An address without a scheme is taken to be https; one with http stays as published.
ADDRESSES = {models.URLField: {"assume_scheme": "https"}}


class FoldedSearchMixin:
    """Search finds every spelling and script: the words are folded as the columns are."""

    search_fields = ["folded"]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term[:100]))


class LedgerAdmin(MergeMixin, TranslationAdmin):
    """A record with translated fields. What a form writes, the person who saved it vouches for."""

    formfield_overrides = ADDRESSES

    def save_model(self, request, obj, form, change):
        before = ledger.texts(self.model._base_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        ledger.written(obj, before, by=request.user)


class TranslatedAdmin(FoldedSearchMixin, LedgerAdmin):
    """The same for a model with a folded column."""


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that acts write, not forms."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin):
    list_display = ["target_name", "field", "language", "source_language", "approved_by", "approved_at"]
    list_filter = ["language", "field"]
    list_select_related = ["content_type", "approved_by"]
    show_full_result_count = False

    @admin.display(description="")
    def target_name(self, unit):
        return f"{ContentType.objects.get_for_id(unit.content_type_id).name} {unit.object_id}"
