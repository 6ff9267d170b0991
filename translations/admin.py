"""How records with translated fields are edited: languages in columns, search by folded text, the ledger in step."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from modeltranslation.admin import TranslationAdmin

from languages.fold import fold
from languages.text import column, translated_fields
from staff.merge import MergeMixin
from staff.switch import SCRIPTS, name_languages, readable, switch_data
from translations import ledger
from translations.models import Unit

# An address without a scheme is taken to be https; one with http stays as published.
ADDRESSES = {models.URLField: {"assume_scheme": "https"}}


class FoldedSearchMixin:
    """Search finds every spelling and script: the words are folded as the columns are."""

    search_fields = ["folded"]

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term[:100]))


class TextStates:
    """
    What the ledger says of the saved texts that a page of forms shows: `fields` {name of the control: State},
    `languages` {code: the worst of its State}, `changes` [{name, source, old, new}] of the stale ones.

    One query for each model. `typed`: the forms hold what was just typed, so what is saved is read again.
    """

    def __init__(self, forms, typed=False):
        self.fields, self.languages, self.changes = {}, {}, []
        by_model = {}
        for form in forms:
            by_model.setdefault(form._meta.model, {})[form.instance.pk] = form
        for model, some in by_model.items():
            self._add(model, some, typed)

    def _add(self, model, forms, typed):
        saved = model._base_manager.in_bulk(forms) if typed else {pk: form.instance for pk, form in forms.items()}
        units = {pk: {} for pk in forms}
        content_type = ContentType.objects.get_for_model(model)
        for unit in Unit.objects.filter(content_type=content_type, object_id__in=list(forms)):
            units[unit.object_id][unit.field, unit.language] = unit
        for pk, obj in saved.items():
            for (field, language), state in ledger.states(obj, units[pk]).items():
                name = forms[pk].add_prefix(column(field, language))
                self.fields[name] = state
                self.languages[language] = max(state, self.languages.get(language, state), key=ledger.SEVERITY.index)
                if state == ledger.State.STALE:
                    self._change(name, forms[pk], obj, units[pk][field, language])

    def _change(self, name, form, obj, unit):
        source = column(unit.field, unit.source_language)
        old, new = readable(unit.source_text), readable(getattr(obj, source))
        if source not in form.fields or readable(form[source].value()) == new:  # else the page shows another text
            self.changes.append({"name": name, "source": unit.source_language, "old": old, "new": new})


def _said(state):
    return {"state": state.value, "word": str(state.label)}


class LedgerAdmin(MergeMixin, TranslationAdmin):
    """A record with translated fields. What a form writes, the person who saved it vouches for."""

    formfield_overrides = ADDRESSES

    class Media:
        js = SCRIPTS

    def readers_see(self, request, obj):
        """{language: (name of a shape, words)} of what readers see of a saved object, for models that have releases."""
        return {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        name_languages(form)
        return form

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            name_languages(formset.form)
            yield formset, inline

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        forms = [context["adminform"].form]
        required = {"": obj.required_texts if obj else self.model.required_texts}
        for inline in context["inline_admin_formsets"]:
            if translated_fields(inline.formset.model):
                forms += inline.formset.initial_forms
                required[inline.formset.prefix] = inline.formset.model.required_texts
        texts = TextStates([form for form in forms if change and form.instance.pk], typed=request.method == "POST")
        seen = self.readers_see(request, obj) if change else {}
        context["switch"] = switch_data(
            original=(obj or self.model()).source_language,
            required=required,
            fields={name: _said(state) for name, state in texts.fields.items()},
            languages={
                code: _said(state) | ({"public": seen[code][0], "public_word": seen[code][1]} if code in seen else {})
                for code, state in texts.languages.items()
            },
        )
        context["source_changes"] = texts.changes
        return super().render_change_form(request, context, add, change, form_url, obj)

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
