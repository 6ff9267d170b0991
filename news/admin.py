from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from news.models import NewsItem, NewsRelease
from publishing.admin import ReleasedAdmin
from translations.admin import ReadOnlyAdmin


class NewsItemForm(forms.ModelForm):
    class Meta:
        # A headline of ninety letters does not fit a box of one line; modeltranslation copies this widget to every language.
        widgets = {"title": AdminTextareaWidget(attrs={"rows": 2})}


@admin.register(NewsItem)
class NewsItemAdmin(ReleasedAdmin):
    form = NewsItemForm
    list_display = ["__str__", "date", "original_language"]
    list_filter = ["original_language", "delegations"]
    date_hierarchy = "date"
    autocomplete_fields = ["picture", "delegations", "people", "source"]
    fieldsets = [
        (_("Text"), {"fields": ["title", "lead", "body", "place"]}),
        (
            _("The same in all languages"),
            {"fields": ["date", "original_language", "slug", "picture", "delegations", "people", "source"]},
        ),
    ]
    show_full_result_count = False


@admin.register(NewsRelease)
class NewsReleaseAdmin(ReadOnlyAdmin):
    list_display = ["title", "language", "since", "until", "withdrawn", "released_by"]
    list_filter = ["language", "withdrawn"]
    date_hierarchy = "since"
    list_select_related = ["released_by"]
    show_full_result_count = False
