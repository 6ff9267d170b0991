from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from languages import ENDONYMS
from publishing.acts import ActsMixin
from publishing.models import Erasure, Picture, Redirect
from publishing.panel import panel
from publishing.release import ReleaseError, doubts, release
from translations.admin import LedgerAdmin, ReadOnlyAdmin, TranslatedAdmin, units_of

RELEASE_FIELDS = ["release", "release_when", "release_date", "release_time"]  # of the panel, handed to the next step


class WordForm(forms.Form):
    word = forms.CharField(
        label=gettext_lazy("Why stale or unverified texts are right"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReleasedAdmin(ActsMixin, TranslatedAdmin):
    """A working copy: saving makes nothing public; its acts do, after they have said what readers will see."""

    change_form_template = "admin/publishing/change_form.html"
    actions = ["release_filled"]

    def readers_see(self, request, obj):
        return {row.code: (row.public.value, row.public.label) for row in self._panel(obj).rows}

    def _panel(self, obj):
        """The panel of the object on the page, worked out once."""
        if "release_panel" not in obj.__dict__:
            obj.release_panel = panel(obj, units_of(obj))
        return obj.release_panel

    def _frozen(self, obj):
        """Whether a release exists or is planned, asked once a page."""
        if "is_frozen" not in obj.__dict__:
            obj.is_frozen = obj.releases.exists()
        return obj.is_frozen

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["may_release"] = self.has_release_permission(request)
        if change and obj is not None:
            if request.method == "POST":  # the form holds what was typed; the panel speaks of what is saved
                obj = type(obj)._base_manager.get(pk=obj.pk)
            context["panel"] = self._panel(obj)
            for row in context["panel"].rows:
                row.joinable = row.joinable and self.has_join_permission(request, row.code)
            context["ticked"] = request.POST.getlist("release")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        if "_release" in request.POST and self.has_release_permission(request):
            asked = {name: request.POST.getlist(name) for name in RELEASE_FIELDS if request.POST.get(name)}
            page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_release", args=[obj.pk])
            return HttpResponseRedirect(f"{page}?{urlencode(asked, doseq=True)}")
        return super().response_change(request, obj)

    def get_readonly_fields(self, request, obj=None):
        fields = list(super().get_readonly_fields(request, obj))
        if obj and self._frozen(obj):
            fields += ["slug", "original_language"]  # frozen by the first release
        return fields

    def has_delete_permission(self, request, obj=None):
        """What was ever public is withdrawn, never deleted."""
        return super().has_delete_permission(request, obj) and not (obj and self._frozen(obj))

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # one by one, from the form, where it says why not
        return actions

    @admin.action(description=gettext_lazy("Release all filled languages now"), permissions=["release"])
    def release_filled(self, request, queryset):
        if not self.has_release_permission(request):
            raise PermissionDenied
        plans = [self._plan(item) for item in queryset]
        form = WordForm(request.POST if "confirmed" in request.POST else None)
        needs_word = any(plan["doubts"] for plan in plans)
        if form.is_bound and form.is_valid():
            word = form.cleaned_data["word"].strip()
            if word or not needs_word:
                return self._release(request, plans, word)
            form.add_error("word", _("Some texts are stale or unverified; say why they are right."))
        return TemplateResponse(
            request,
            "admin/release_filled.html",
            {
                **self.admin_site.each_context(request), "title": _("Release now"), "opts": self.opts, "plans": plans,
                "form": form, "needs_word": needs_word, "possible": any(not plan["refused"] for plan in plans),
                "selected": request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME),
            },
        )

    def _plan(self, item):
        languages = [
            code for code in ENDONYMS if all(item.texts(code)[field] for field in item.required_texts)
        ]
        try:
            found, refused = doubts(item, languages) if languages else {}, "" if languages else _("No language is filled.")
        except ReleaseError as error:
            found, refused = {}, str(error)
        return {
            "item": item, "languages": [(code, ENDONYMS[code], found.get(code)) for code in languages],
            "doubts": found, "refused": refused,
        }

    def _release(self, request, plans, word):
        done = 0
        for plan in plans:
            try:
                if plan["refused"]:
                    raise ReleaseError(plan["refused"])
                release(plan["item"], [code for code, *_rest in plan["languages"]], word=word, by=request.user)
                done += 1
            except ReleaseError as error:
                messages.error(request, f"{plan['item']}: {error}")
        if done:
            messages.success(
                request, ngettext("%(count)s item is public now.", "%(count)s items are public now.", done) % {"count": done}
            )


@admin.register(Picture)
class PictureAdmin(LedgerAdmin):
    list_display = ["__str__", "width", "height", "credit", "created_at"]
    search_fields = ["credit", *(f"alt_{code}" for code in ENDONYMS)]
    readonly_fields = ["width", "height", "created_at"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["file"] if obj else [])]  # files are never overwritten


@admin.register(Redirect)
class RedirectAdmin(ReadOnlyAdmin):
    list_display = ["slug", "content_type", "object_id", "created_at"]
    list_filter = ["content_type"]
    search_fields = ["slug"]


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ["content_type", "object_id", "reason", "erased_by", "erased_at"]
    list_filter = ["content_type"]
