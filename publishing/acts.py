"""The pages on which an editor releases, withdraws, takes a plan back, joins and readdresses: each says before what it does."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from languages import ENDONYMS
from languages.dates import written_moment
from publishing.forms import AddressForm, ReleaseForm, WithdrawForm
from publishing.html import plain
from publishing.panel import Public, panel
from publishing.release import Doubtful, ReleaseError, cancel, join, readdress, release, withdraw


class ActsMixin:
    """For the ModelAdmin of a working copy. Every page asks for its right again: the button is not the guard."""

    def get_urls(self):
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        acts = [
            ("release", "release/", self.release_view),
            ("withdraw", "withdraw/", self.withdraw_view),
            ("cancel", "cancel/", self.cancel_view),
            ("readdress", "readdress/", self.readdress_view),
            ("join", "join/<str:language>/", self.join_view),
        ]
        found = [
            path(f"<int:pk>/{address}", self.admin_site.admin_view(view), name=f"{info}_{name}")
            for name, address, view in acts
        ]
        return found + super().get_urls()

    def has_release_permission(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.release_{self.opts.model_name}")

    def has_join_permission(self, request, language):
        """Whoever reviews a language says when it is ready; what is public of the item, an editor does."""
        return self.has_release_permission(request) or request.user.reviews(language)

    def release_view(self, request, pk):
        item = self._item(request, pk)
        said = request.POST if request.method == "POST" else request.GET
        form = ReleaseForm(item, said)
        valid = form.is_valid()
        if request.method == "POST" and valid and "_confirmed" in request.POST:
            try:
                release(item, **form.arguments(), by=request.user)
            except Doubtful as error:
                form.add_error("word", str(error))
            except ReleaseError as error:
                form.add_error(None, str(error))
            else:
                return self._done(request, item, self._released(form))
        state = panel(item)
        codes = [code for code in said.getlist("release") if code in ENDONYMS]
        chosen = [row for row in state.rows if row.code in codes]
        doubts = [{"code": row.code, "language": row.name, "state": row.text} for row in chosen if row.doubt]
        fields = ["release_when", "release_date", "release_time", "release_kind", *(f"note_{code}" for code in codes)]
        fields += ["end_date", "end_time", f"reason_{item.original_language}"]
        if request.method != "POST":
            form.errors.clear()  # what was not asked for yet is not wrong yet
        context = {
            "form": form, "fields": [form[name] for name in (["word"] if doubts else []) + fields], "chosen": codes,
            "when": self._when(form) if valid else "", "differences": list(self._differences(item, chosen)), "doubts": doubts,
            "refused": [row.refused for row in chosen if row.refused], "consequences": list(self._consequences(state, codes)),
            "verb": ngettext("Release %(count)s language", "Release %(count)s languages", len(chosen)) % {"count": len(chosen)}
            if chosen
            else "",
        }
        return self._page(request, item, state, "release", _("Release"), context)

    def withdraw_view(self, request, pk):
        item = self._item(request, pk)
        state = panel(item)
        codes = [row.code for row in state.rows if row.row]
        form = WithdrawForm(item, codes, request.POST if request.method == "POST" else None, initial={"what": ["item"]})
        if form.is_bound and form.is_valid():
            try:
                withdraw(item, **form.arguments(), by=request.user)
            except ReleaseError as error:
                form.add_error(None, str(error))
            else:
                return self._done(request, item, _("It is withdrawn, or will be at the time you chose."))
        return self._page(request, item, state, "withdraw", _("Withdraw"), {"form": form, "verb": _("Withdraw")})

    def cancel_view(self, request, pk):
        item = self._item(request, pk)
        if request.method == "POST":
            cancel(item, by=request.user)
            return self._done(request, item, _("The plan is taken back. What is public stays."))
        sentences = [_("What is planned is taken back; what is public stays as it is.")]
        context = {"sentences": sentences, "verb": _("Take the plan back")}
        return self._page(request, item, panel(item), "confirm", _("Take the plan back"), context)

    def join_view(self, request, pk, language):
        if language not in ENDONYMS:
            raise Http404
        item = self._item(request, pk, language)
        state, error = panel(item), ""
        if request.method == "POST":
            try:
                join(item, language, by=request.user)
            except ReleaseError as refused:
                error = str(refused)
            else:
                said = _("%(language)s is public wherever its original is.") % {"language": ENDONYMS[language]}
                return self._done(request, item, said)
        row = next(row for row in state.rows if row.code == language)
        sentences = [
            error
            or row.refused
            or _("Readers get this translation wherever the original it was made from is public or planned."),
            _("No plan is changed, and no other language."),
        ]
        context = {"sentences": sentences, "verb": _("Join") if row.joinable else ""}
        return self._page(request, item, state, "confirm", _("Join %(language)s") % {"language": row.name}, context)

    def readdress_view(self, request, pk):
        item = self._item(request, pk)
        form = AddressForm(request.POST if request.method == "POST" else None, initial={"slug": item.slug})
        if form.is_bound and form.is_valid():
            try:
                readdress(item, form.cleaned_data["slug"], by=request.user)
            except (ReleaseError, ValidationError) as error:
                form.add_error("slug", getattr(error, "messages", [str(error)]))
            else:
                return self._done(request, item, _("The address is new; the former one leads here."))
        sentences = [_("Links to the former address go on leading here.")]
        return self._page(request, item, panel(item), "confirm", _("New address"),
                          {"sentences": sentences, "form": form, "verb": _("Change the address")})

    def _item(self, request, pk, language=None):
        """The item, for whoever may see it and may act on it; 404 and 403 otherwise."""
        item = self.get_object(request, str(pk))
        if item is None:
            raise Http404
        may = self.has_join_permission(request, language) if language else self.has_release_permission(request)
        if not may or not self.has_view_permission(request, item):
            raise PermissionDenied
        return item

    def _page(self, request, item, state, template, title, context):
        context = {"item": item, "opts": self.opts, "panel": state, "title": title, **context}
        return TemplateResponse(
            request, f"admin/publishing/{template}.html", {**self.admin_site.each_context(request), **context}
        )

    def _done(self, request, item, sentence):
        messages.success(request, sentence)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[item.pk]))

    def _when(self, form):
        at = form.cleaned_data["at"]
        return _("At once") if at is None else _("From %(at)s") % {"at": _written(at)}

    def _released(self, form):
        names = ", ".join(ENDONYMS[code] for code in form.cleaned_data["release"])
        if at := form.cleaned_data["at"]:
            return _("%(languages)s will be public from %(at)s.") % {"languages": names, "at": _written(at)}
        return _("Public now: %(languages)s.") % {"languages": names}

    def _differences(self, item, chosen):
        for row in chosen:
            before = row.row.texts() if row.row and not row.row.withdrawn else {}
            for name, text in item.texts(row.code).items():
                old, new = plain(before.get(name, "")), plain(text)
                if old != new:
                    yield {
                        "field": item._meta.get_field(name).verbose_name, "code": row.code, "language": row.name,
                        "old": old, "new": new,
                    }

    def _consequences(self, state, codes):
        for row in state.rows:
            if row.code in codes and row.row and not row.row.withdrawn:
                said = _("%(language)s: the release of %(at)s ends, a new one begins. The address stays.")
                yield {"shape": "public", "sentence": said % {"language": row.name, "at": _written(row.row.since)}}
            elif row.code in codes:
                yield {"shape": "public", "sentence": _("%(language)s becomes public.") % {"language": row.name}}
            elif row.public in {Public.PUBLIC, Public.CHANGED}:
                yield {"shape": "none", "sentence": _("%(language)s keeps its text.") % {"language": row.name}}
        if state.begins or state.ends:
            yield {"shape": "planned", "sentence": _("What was planned for this item is replaced.")}


def _written(at):
    return written_moment(timezone.localtime(at), get_language())
