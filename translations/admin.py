"""
How records with translated fields are edited: languages in columns, search by folded text, the ledger in step.

Whoever may change the model writes everything. Whoever has rights of languages alone (`staff.models.LanguageRight`)
writes the columns of these languages, never the original's: directly who reviews, as a suggestion who translates.
"""

from copy import copy

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from modeltranslation.admin import TranslationAdmin

from languages import CODES, ENDONYMS
from languages.fold import fold
from languages.text import column, translated_columns, translated_fields
from staff.merge import FIELD, SALT, MergeMixin, cells, digest
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
    `languages` {code: the worst of its State}, `changes` [{name, source, old, new}] of the stale ones, `waiting`
    [(form, saved object, unit)] of the suggestions.

    One query for each model. `typed`: the forms hold what was just typed, so what is saved is read again.
    """

    def __init__(self, forms, typed=False):
        self.fields, self.languages, self.changes, self.waiting = {}, {}, [], []
        by_model = {}
        for form in forms:
            by_model.setdefault(form._meta.model, {})[form.instance.pk] = form
        for model, some in by_model.items():
            self._add(model, some, typed)

    def _add(self, model, forms, typed):
        saved = model._base_manager.in_bulk(forms) if typed else {pk: form.instance for pk, form in forms.items()}
        units = _units(saved) if len(saved) > 1 else {pk: units_of(obj) for pk, obj in saved.items()}
        for pk, obj in saved.items():
            for (field, language), state in ledger.states(obj, units[pk]).items():
                name = forms[pk].add_prefix(column(field, language))
                self.fields[name] = state
                self.languages[language] = max(state, self.languages.get(language, state), key=ledger.SEVERITY.index)
                if state == ledger.State.STALE:
                    self._change(name, forms[pk], obj, units[pk][field, language])
            self.waiting += [(forms[pk], obj, unit) for unit in units[pk].values() if unit.suggestion]

    def _change(self, name, form, obj, unit):
        source = column(unit.field, unit.source_language)
        old, new = readable(unit.source_text), readable(getattr(obj, source))
        if source not in form.fields or readable(form[source].value()) == new:  # else the page shows another text
            self.changes.append({"name": name, "source": unit.source_language, "old": old, "new": new})


def _said(state):
    return {"state": state.value, "word": str(state.label)}


def _units(objects):
    """{pk: {(field, language): Unit}} of {pk: object}, all of one model, with who suggested: one query."""
    found = {pk: {} for pk in objects}
    content_type = ContentType.objects.get_for_model(next(iter(objects.values())))
    units = Unit.objects.filter(content_type=content_type, object_id__in=[*objects])
    for unit in units.select_related("suggested_by"):
        found[unit.object_id][unit.field, unit.language] = unit
    return found


def units_of(obj):
    """{(field, language): Unit} of an object, asked for once."""
    if "units" not in obj.__dict__:
        obj.units = _units({obj.pk: obj})[obj.pk]
    return obj.units


def _waiting(obj):
    """{column: Unit} of the suggestions that wait."""
    return {column(*key): unit for key, unit in units_of(obj).items() if unit.suggestion}


class LedgerAdmin(MergeMixin, TranslationAdmin):
    """
    A record with translated fields. What a form writes, the person who saved it vouches for.

    Every right is asked for again where something is written: what a form leaves out, no POST brings in.
    """

    formfield_overrides = ADDRESSES

    class Media:
        js = SCRIPTS

    # Rights

    def writes_all(self, request, obj=None):
        """Whether this person may change the record as a whole."""
        return super().has_change_permission(request, obj)

    def languages_of(self, request, obj=None):
        """The languages that this person may write in by a right of that language; never the original's."""
        return [code for code in CODES if request.user.translates(code) and not (obj and code == obj.source_language)]

    def translates_only(self, request, obj=None):
        return not self.writes_all(request, obj) and bool(self.languages_of(request, obj))

    def decides(self, request, obj, language):
        """Whether this person accepts and refuses suggestions in a language."""
        return language != obj.source_language and (self.writes_all(request, obj) or request.user.reviews(language))

    def has_change_permission(self, request, obj=None):
        return self.writes_all(request, obj) or bool(self.languages_of(request, obj))

    def get_readonly_fields(self, request, obj=None):
        fields = list(super().get_readonly_fields(request, obj))
        if self.translates_only(request, obj):
            texts = {*translated_fields(self.model), *translated_columns(self.model)}
            known = [*self.opts.fields, *self.opts.many_to_many]
            fields += [f.name for f in known if f.editable and not f.primary_key and f.name not in {*texts, *fields}]
        return fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if self.translates_only(request, obj) else super().get_prepopulated_fields(request, obj)

    def get_inline_instances(self, request, obj=None):
        return [] if self.translates_only(request, obj) else super().get_inline_instances(request, obj)

    def get_actions(self, request):
        return {} if self.translates_only(request) else super().get_actions(request)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and self.translates_only(request):  # nothing is done to many at once
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    # The form

    def readers_see(self, request, obj):
        """{language: (name of a shape, words)} of what readers see of a saved object, for models that have releases."""
        return {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and self.translates_only(request, obj):
            form = self._form_of_languages(form, request, obj)
        name_languages(form)
        return form

    def _form_of_languages(self, form, request, obj):
        """The form with the columns of some languages alone; a suggestion stands in its field, to be gone on with."""
        columns = self._columns(request, obj)
        suggestions = {
            name: unit.suggestion
            for name, unit in _waiting(obj).items()
            if name in columns and not request.user.reviews(unit.language)
        }

        class FormOfLanguages(form):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)
                self.initial.update(suggestions)
                for name in {*self.fields} - {*columns}:
                    self.fields[name].disabled = True  # shown beside the translation; what is posted for it is not read

            def add_error(self, field, error):
                """What is wrong with a field that is not in the form is an error of the record."""
                if field is None and hasattr(error, "error_dict"):
                    found = {}
                    for name, errors in error.error_dict.items():
                        found.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(errors)
                    error = ValidationError(found)
                super().add_error(field, error)

        return FormOfLanguages

    def _columns(self, request, obj):
        """{column: (field, language)} of what somebody who translates may write."""
        languages = self.languages_of(request, obj)
        return {
            column(field, code): (field, code) for field in translated_fields(self.model) for code in languages
        }

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
        for form, saved, unit in texts.waiting:
            self._show_suggestion(request, form, saved, unit)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _show_suggestion(self, request, form, saved, unit):
        """Beside its field: in the help, which stands in the row of the field and is read out with it."""
        name = column(unit.field, unit.language)
        if name not in form.fields or (form.fields[name].disabled and not self.decides(request, saved, unit.language)):
            return
        own = type(saved) is self.model
        shown = {
            "suggestion": unit,
            "help_text": form.fields[name].help_text,
            "old": readable(getattr(saved, name)),
            "new": readable(unit.suggestion),
            "seen": ledger.digest(unit.suggestion),
            "address": self._address("suggestion", saved.pk, unit.pk)
            if own and self.decides(request, saved, unit.language)
            else "",
        }
        form[name].help_text = form.fields[name].help_text = render_to_string(
            "admin/includes/suggestions.html", shown, request
        )

    # Saving

    def save_model(self, request, obj, form, change):
        if change and self.translates_only(request, obj):
            self._save_languages(request, obj)
            return
        before = ledger.texts(self.model._base_manager.get(pk=obj.pk)) if change else {}
        replaced = _waiting(obj) if change else {}
        super().save_model(request, obj, form, change)
        ledger.written(obj, before, by=request.user)
        self._say_what_is_replaced(request, obj, before, replaced)

    def _say_what_is_replaced(self, request, obj, before, waiting):
        """Who writes directly has seen what was suggested, or hears of it now."""
        for name, unit in waiting.items():
            text = getattr(obj, name)
            if ledger.digest(text) not in {ledger.digest(before[name]), ledger.digest(unit.suggestion)}:
                said = _("Your text replaced a suggestion by %(name)s: “%(text)s”")
                messages.info(request, said % {"name": unit.suggested_by or "–", "text": readable(unit.suggestion)})

    def save_related(self, request, form, formsets, change):
        if not (change and self.translates_only(request, form.instance)):
            super().save_related(request, form, formsets, change)

    def _save_languages(self, request, obj):
        """Of what was posted, the columns of the person's languages alone, into the record as it is saved."""
        saved = self.model._base_manager.get(pk=obj.pk)
        before, waiting = ledger.texts(saved), _waiting(saved)
        request.suggested, reviewed = 0, False
        for name, (field, language) in self._columns(request, saved).items():
            text = getattr(obj, name) or ""
            if request.user.reviews(language):
                reviewed |= text != before[name]
                setattr(saved, name, text)
            elif text != (waiting[name].suggestion if name in waiting else before[name]):
                if not text and name not in waiting:
                    said = _("An empty text is no suggestion: ask a reviewer to take a text out.")
                    messages.warning(request, said)
                    continue
                same = ledger.digest(text) == ledger.digest(before[name])
                ledger.suggest(saved, field, language, "" if same else text, by=request.user)
                request.suggested += not same and bool(text)
        if reviewed:
            saved.save()
            ledger.written(saved, before, by=request.user)
            self._say_what_is_replaced(request, saved, before, waiting)

    def response_change(self, request, obj):
        if not self.translates_only(request, obj):
            return super().response_change(request, obj)
        if request.suggested:
            said = ngettext(
                "%(count)s text waits as a suggestion for a reviewer; the field itself stays.",
                "%(count)s texts wait as suggestions for a reviewer; the fields themselves stay.",
                request.suggested,
            )
            messages.success(request, said % {"count": request.suggested})
        else:
            messages.success(request, _("Saved."))
        stays = "_continue" in request.POST
        return HttpResponseRedirect(self._address("change", obj.pk) if stays else self._address("changelist"))

    # Suggestions

    def get_urls(self):
        view, name = self.admin_site.admin_view(self.suggestion_view), f"{self.opts.app_label}_{self.opts.model_name}"
        return [path("<int:pk>/suggestion/<int:unit>/", view, name=f"{name}_suggestion"), *super().get_urls()]

    def suggestion_view(self, request, pk, unit):
        """Accepts a suggestion, puts it into its field to be changed, or refuses it; the whole form comes along."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if self.get_object(request, str(pk)) is None:
            raise Http404
        with transaction.atomic():
            obj = self._locked(str(pk))
            unit = obj and Unit.objects.of(obj).filter(pk=unit).first()
            if not unit or unit.field not in translated_fields(self.model):
                raise Http404
            if not self.has_view_permission(request, obj) or not self.decides(request, obj, unit.language):
                raise PermissionDenied
            return self._decide(request, obj, unit)

    def _decide(self, request, obj, unit):
        name = column(unit.field, unit.language)
        values = {"field": self.opts.get_field(unit.field).verbose_name, "language": ENDONYMS[unit.language]}
        asked = next((act for act in ["accept", "edit", "refuse"] if act in request.POST), None)
        if not unit.suggestion:
            messages.warning(request, _("No suggestion waits here any more: somebody has decided about it."))
        elif asked is None or request.POST[asked] != ledger.digest(unit.suggestion):
            messages.warning(request, _("The suggestion has changed since you opened the form. Please look at it again."))
        elif asked == "edit":
            said = _("The suggestion stands in its field, not saved yet. Change it there and save.")
            return self._form_again(request, obj, said, **{name: unit.suggestion})
        elif self._typed(request, obj):
            said = _("You have typed something that is not saved. Save it first, then decide about the suggestion.")
            return self._form_again(request, obj, said)
        else:
            try:
                said = self._accept(request, unit) if asked == "accept" else self._refuse(unit)
            except (ValueError, ValidationError) as error:
                messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            else:
                self.log_change(request, obj, said % values)
                messages.success(request, said % values)
        return HttpResponseRedirect(f"{self._address('change', obj.pk)}?lang={unit.language}")

    def _accept(self, request, unit):
        ledger.accept(unit, by=request.user)
        return _("The suggestion for “%(field)s” in %(language)s is accepted.")

    def _refuse(self, unit):
        ledger.refuse(unit)
        return _("The suggestion for “%(field)s” in %(language)s is refused; the field stays as it was.")

    def _form_again(self, request, obj, said, **texts):
        """The form with all that was typed in it, and a sentence why nothing was saved."""
        request.POST = request.POST.copy()
        for name, text in texts.items():
            request.POST[name] = text
        request.refused = said
        return self.changeform_view(request, str(obj.pk), form_url=self._address("change", obj.pk))

    def _typed(self, request, obj):
        """Whether the form that came along holds what is not saved yet."""
        try:
            base = signing.loads(request.POST.get(FIELD, ""), salt=SALT)["base"]
        except signing.BadSignature:  # sent without the form
            return False
        fresh = copy(request)
        fresh.method = "GET"
        form = self.get_form(fresh, obj, change=True)(instance=obj)
        formsets, _inlines = self._create_formsets(fresh, obj, change=True)
        post = request.POST
        if any(post.get(f"{f.prefix}-TOTAL_FORMS") != post.get(f"{f.prefix}-INITIAL_FORMS") for f in formsets):
            return True
        return any(
            digest({suffix: post.getlist(cell.name + suffix) for suffix in cell.values}) != base[cell.key]
            for cell in cells(form, formsets, post)
            if cell.name and cell.key in base
        )

    def _merge(self, request, object_id):
        """A suggestion was no edit of the record: its author is another one."""
        super()._merge(request, object_id)
        conflicts = {conflict.key: conflict for conflict in getattr(request, "conflicts", [])}
        if conflicts and (obj := self.get_object(request, object_id)) and self.translates_only(request, obj):
            for name, unit in _waiting(obj).items():
                if name in conflicts and not request.user.reviews(unit.language):
                    conflicts[name].by, conflicts[name].at = unit.suggested_by, unit.suggested_at

    def _address(self, page, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


class TranslatedAdmin(FoldedSearchMixin, LedgerAdmin):
    """The same for a model with a folded column."""


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that acts write, not forms."""

    editors_read = True  # staff.roles

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
