"""
Two people at once: three-way merge of what a form posts.

A form of the admin posts every field in all languages, so the second to save would wipe out what the first changed. The
form carries one signed field with the digest of every field's value when it was opened. On saving, under the lock of
the row: a field untouched here keeps the database's value; touched here alone, the posted one; touched by both, both are
shown and a choice is asked for. Rows of inlines are merged field by field too; a row the other removed is a conflict.

It works on what a browser posts, so it knows nothing of models, and nobody is locked out while people type.
"""

import hashlib
from copy import copy
from dataclasses import dataclass, field

from django.contrib.admin.utils import unquote
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import CheckboxInput, FileInput, MultiWidget
from django.utils.translation import gettext as _

from staff.words import merged

SALT, FIELD, GONE = "staff.merge", "_opened", "row"
CHOICES = ("mine", "theirs", "both")


@dataclass
class Cell:
    """One field of the form or of a row of an inline, as the database has it now."""

    key: str
    name: str  # the name under which it is posted; '' for a row that is not posted
    label: str
    widget: object
    values: dict  # {suffix of the name: [value, …]} as a browser would post it
    obj: object = None
    field_name: str = ""


@dataclass
class Conflict:
    """A field that two people changed. `base` is '' where history does not have it any more."""

    key: str
    name: str
    label: str
    language: str
    base: str
    mine: str
    theirs: str
    both: str
    row: bool = False
    by: object = None
    at: object = None
    choice: str = ""
    columns: list = field(default_factory=list)


class MergeMixin:
    """For a ModelAdmin: merges before saving, and turns what the database refuses into an error of the form."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                self._merge(request, object_id)
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            request.refused = _("Somebody saved a record with the same key in this moment. Please save again.")
        with transaction.atomic():
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not getattr(request, "refused", None):
            return form

        def clean(this):
            cleaned = form.clean(this)
            this.add_error(None, ValidationError(request.refused))
            return cleaned

        return type(form.__name__, (form,), {"clean": clean})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj is not None:
            opened = getattr(request, "opened", None)
            if opened is None:
                formsets = [inline.formset for inline in context["inline_admin_formsets"]]
                opened = {"base": digests(cells(context["adminform"].form, formsets)), "asked": [], "rows": {}}
            context["opened"] = signing.dumps(opened, salt=SALT, compress=True)
            context["conflicts"] = getattr(request, "conflicts", [])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _merge(self, request, object_id):
        """Lock the row and rewrite request.POST; leaves request.conflicts where a choice is missing."""
        obj = self._locked(object_id)
        if obj is None or not self.has_change_permission(request, obj):
            return
        try:
            opened = signing.loads(request.POST.get(FIELD, ""), salt=SALT)
        except signing.BadSignature:
            request.refused = _("This form is not complete: it does not say when it was opened. Please load it again.")
            return
        fresh = copy(request)
        fresh.method = "GET"
        form = self.get_form(fresh, obj, change=True)(instance=obj)
        formsets, _inlines = self._create_formsets(fresh, obj, change=True)
        merge = Merge(request.POST.copy(), opened, form, formsets)
        merge.run()
        request.POST = merge.post
        request.opened = {
            "base": digests(merge.now.values()),
            "asked": [conflict.key for conflict in merge.conflicts if not conflict.row],
            "rows": merge.offered,
        }
        request.conflicts = merge.conflicts
        if merge.conflicts:
            request.refused = _("Two people changed the same text. Choose for each field, then save again.")

    def _locked(self, object_id):
        try:
            pk = self.opts.pk.to_python(unquote(object_id)) if object_id else None
        except ValidationError:  # an address that cannot be: the stock view answers it
            return None
        return pk and self.model._base_manager.select_for_update().filter(pk=pk).first()


class Merge:
    """One merge: `post` is rewritten in place, `conflicts` lists what still wants a choice."""

    def __init__(self, post, opened, form, formsets):
        self.post, self.base, self.asked = post, opened["base"], set(opened["asked"])
        self.now = {cell.key: cell for cell in cells(form, formsets, post)}
        self.formsets, self.conflicts = formsets, []
        self.rows, self.offered = opened["rows"], {}  # {key: number} of rows the other removed, offered as new ones

    def run(self):
        for cell in self.now.values():
            if cell.name and cell.key in self.base:
                self._cell(cell)
        for formset in self.formsets:
            self._rows(formset)

    def _cell(self, cell):
        before, now, posted = self.base[cell.key], digest(cell.values), digest(self._posted(cell))
        choice = self.post.get(f"conflict_{cell.key}", "")
        if cell.key in self.asked and choice in CHOICES and now == before:
            self._choose(cell, choice)
        elif cell.key in self.asked and now == before:
            self._ask(cell)
        elif now not in (before, posted):
            self._take(cell) if posted == before else self._ask(cell)

    def _posted(self, cell):
        return {suffix: self.post.getlist(cell.name + suffix) for suffix in cell.values}

    def _take(self, cell):
        for suffix, values in cell.values.items():
            self.post.setlist(cell.name + suffix, values)

    def _choose(self, cell, choice):
        if choice == "theirs":
            self._take(cell)
        elif choice == "both" and set(cell.values) == {""}:
            self.post[cell.name] = self.post.get(f"conflict_text_{cell.key}", "")

    def _ask(self, cell):
        mine, theirs = text_of(self._posted(cell)), text_of(cell.values)
        known = known_version(cell, self.base[cell.key])
        base = "" if known is None else known
        latest = latest_edit(cell)
        self.conflicts.append(
            Conflict(
                key=cell.key, name=cell.name, label=cell.label, language=cell.widget.attrs.get("lang", ""), base=base,
                mine=mine, theirs=theirs, both=merged(base, mine, theirs) if known is not None else mine,
                by=latest and latest.history_user, at=latest and latest.history_date,
            )
        )

    def _rows(self, formset):
        """Rows that the other removed: dropped where untouched here, asked about and offered as new ones where not."""
        prefix, pk_name = formset.prefix, formset.model._meta.pk.name
        initial = _number(self.post.get(f"{prefix}-INITIAL_FORMS"))
        total = _number(self.post.get(f"{prefix}-TOTAL_FORMS"))
        living = {str(form.instance.pk) for form in formset.initial_forms}
        offered = {number: key for key, number in self.rows.items() if key.startswith(f"{prefix}:")}
        known, new = [], []
        for number in range(total):
            row = self._row(prefix, number)
            pk = (row.get(pk_name) or [""])[0]
            if number >= initial:
                key = offered.get(number)
                choice = self.post.get(f"conflict_{key}", "") if key else "mine"
                if choice != "theirs":
                    new.append((row, key if choice != "mine" else None))
            elif pk in living:
                known.append(row)
            elif "DELETE" not in row and self._touched(prefix, pk, row):
                new.append(({**row, pk_name: [""]}, f"{prefix}:{pk}:{GONE}"))
        for number, (row, key) in enumerate(new, start=len(known)):
            if key:
                self.offered[key] = number
                said = "; ".join(value for name, values in row.items() for value in values if value and name != pk_name)
                self.conflicts.append(
                    Conflict(key=key, name="", label=str(formset.model._meta.verbose_name), language="", base="",
                             mine=said, theirs="", both="", row=True)
                )
        if len(known) < initial or len(known) + len(new) < total:
            self._rewrite(prefix, known, [row for row, _key in new])

    def _touched(self, prefix, pk, row):
        """Whether a posted row differs from what it was when the form was opened."""
        begin = f"{prefix}:{pk}:"
        names = [key.removeprefix(begin) for key in self.base if key.startswith(begin)]
        return any(digest({"": row.get(name, [])}) != self.base[begin + name] for name in names)

    def _row(self, prefix, number):
        begin = f"{prefix}-{number}-"
        return {name.removeprefix(begin): self.post.getlist(name) for name in self.post if name.startswith(begin)}

    def _rewrite(self, prefix, known, new):
        for name in [name for name in self.post if name.startswith(f"{prefix}-") and name.split("-")[-2].isdigit()]:
            del self.post[name]
        for number, row in enumerate([*known, *new]):
            for name, values in row.items():
                self.post.setlist(f"{prefix}-{number}-{name}", values)
        self.post[f"{prefix}-INITIAL_FORMS"], self.post[f"{prefix}-TOTAL_FORMS"] = len(known), len(known) + len(new)


def cells(form, formsets, post=None):
    """A Cell for every field that a browser posts; with `post`, under the names that it was posted by."""
    yield from _cells_of(form, "", "")
    for formset in formsets:
        numbers = {}
        if post is not None:
            pk = formset.model._meta.pk.name
            for number in range(_number(post.get(f"{formset.prefix}-INITIAL_FORMS"))):
                numbers[post.get(f"{formset.prefix}-{number}-{pk}", "")] = number
        for row in formset.initial_forms:
            prefix = row.prefix
            if post is not None:
                number = numbers.get(str(row.instance.pk))
                prefix = None if number is None else f"{formset.prefix}-{number}"
            skipped = {formset._pk_field.name, formset.fk.name, "DELETE"}
            yield from _cells_of(row, f"{formset.prefix}:{row.instance.pk}:", prefix, skipped)


def _cells_of(form, key, prefix, skipped=()):
    for name, form_field in form.fields.items():
        widget = getattr(form_field.widget, "widget", form_field.widget)  # the one inside the wrapper with "add another"
        if name in skipped or isinstance(widget, FileInput) or form_field.disabled:
            continue
        bound = form[name]
        yield Cell(
            key=key + name,
            name="" if prefix is None else (f"{prefix}-{name}" if prefix else bound.html_name),
            label=str(bound.label),
            widget=widget,
            values=as_posted(widget, form_field.prepare_value(form.get_initial_for_field(form_field, name))),
            obj=form.instance,
            field_name=name,
        )


def as_posted(widget, value, suffix=""):
    """{suffix of the name: [value, …]}: what a browser posts for a widget that shows a value."""
    if isinstance(widget, MultiWidget):
        parts = value if isinstance(value, list | tuple) else widget.decompress(value)
        found = {}
        for name, part, sub in zip(widget.widgets_names, parts, widget.widgets, strict=True):
            found |= as_posted(sub, part, suffix + name)
        return found
    if isinstance(widget, CheckboxInput):
        return {suffix: ["on"] if widget.check_test(value) else []}
    shown = widget.format_value(value)
    values = shown if isinstance(shown, list | tuple) else ["" if shown is None else shown]
    return {suffix: [str(value) for value in values]}


def digest(values):
    """Eleven characters for what one field posts; line ends and the order of many choices do not count."""
    text = repr(sorted((suffix, sorted(v.replace("\r\n", "\n").strip() for v in vs if v)) for suffix, vs in values.items()))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def digests(found):
    return {cell.key: digest(cell.values) for cell in found}


def text_of(values):
    return ", ".join(value for suffix in sorted(values) for value in values[suffix])


def known_version(cell, wanted):
    """The text that a field had when its digest was `wanted`, from the history; None where it is not there."""
    history = getattr(cell.obj, "history", None)
    if history is None or not hasattr(history.model, cell.field_name):
        return None
    for value in history.order_by("-history_date", "-pk").values_list(cell.field_name, flat=True)[:50]:
        values = as_posted(cell.widget, value)
        if digest(values) == wanted:
            return text_of(values)
    return None


def latest_edit(cell):
    history = getattr(cell.obj, "history", None)
    return history and history.select_related("history_user").order_by("-history_date", "-pk").first()


def _number(text):
    """A count out of a form: 0 for what is none, at most 1,000."""
    return min(int(text), 1000) if str(text or "").isdecimal() else 0
