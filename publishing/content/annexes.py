"""
What belongs to a record of any model: what is known of its translations, former addresses, erasures, releases.

Each annex is a key of the record's file. `read` checks its value, `store` writes those of a batch of drafts and touches
the drafts that changed, `written` gives {id of the record: value} for the files of a batch of records.
"""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from languages.text import column, translated_fields
from publishing import release
from publishing.content.shapes import Wrong, languages, part
from publishing.models import Erasure, Redirect
from translations import ledger
from translations.models import Unit


class Rows:
    """Rows of an annex: their keys are columns of a model that has no file of its own."""

    def __init__(self, model, names):
        self.parts = {name: part(model, name) for name in names}

    def read(self, row, loader):
        """{column: value} of the keys that are there. Raises Wrong."""
        if not isinstance(row, dict):
            raise Wrong(_("expected keys and values."))
        if unknown := sorted(row.keys() - self.parts.keys()):
            raise Wrong(
                _("“%(key)s” is no key here; expected %(keys)s.") % {"key": unknown[0], "keys": ", ".join(self.parts)}
            )
        found = {}
        for name, value in row.items():
            part = self.parts[name]
            try:
                told = part.read(value, loader)
                for column_value in told.values():
                    part.field.run_validators(column_value)
            except (Wrong, ValidationError) as error:
                raise Wrong(f"{name}: {' '.join(getattr(error, 'messages', [str(error)]))}") from error
            found |= told
        return found

    def write(self, obj, dumper, names=None):
        """The keys that have a value."""
        found = {name: self.parts[name].write(obj, dumper) for name in names or self.parts}
        return {name: value for name, value in found.items() if value is not None}


def numbered(value, read):
    """What `read` makes of each row of a list; Wrong says in which one."""
    if not isinstance(value, list):
        raise Wrong(_("expected a list."))
    found = []
    for number, row in enumerate(value, 1):
        try:
            found.append(read(row))
        except Wrong as wrong:
            raise Wrong(f"{number}: {wrong}") from wrong
    return found


def named(value, allowed, read):
    """{name: what `read` makes of its value}; Wrong says under which name."""
    if not isinstance(value, dict):
        raise Wrong(_("expected keys and values."))
    found = {}
    for name, row in value.items():
        if name not in allowed:
            raise Wrong(
                _("“%(key)s” is no key here; expected %(keys)s.") % {"key": name, "keys": ", ".join(allowed)}
            )
        try:
            found[name] = read(row)
        except Wrong as wrong:
            raise Wrong(f"{name}: {wrong}") from wrong
    return found


def units_of(model, pks):
    """{id: {(field, language): Unit}} of records."""
    found = defaultdict(dict)
    content_type = ContentType.objects.get_for_model(model)
    for unit in Unit.objects.filter(content_type=content_type, object_id__in=pks):
        found[unit.object_id][unit.field, unit.language] = unit
    return found


class Translations:
    """
    {"ru": {"title": {…}}}: who vouched for which text, and what it was made from.

    A unit speaks of the text and of its source as they stand in the file, unless `text_digest` or `source_text` say
    that either was another one. The units of originals are recorded, never read.
    """

    name = "translations"
    rows = [
        "source_language", "source_text", "text_digest", "approved_by", "approved_at", "suggestion", "suggested_by",
        "suggested_at",
    ]

    def fits(self, shape):
        return bool(translated_fields(shape.model))

    def read(self, value, shape, loader):
        rows, fields = Rows(Unit, self.rows), translated_fields(shape.model)

        def unit(row):
            found = rows.read(row, loader)
            if found.get("source_language", "") not in {"", *languages()}:
                raise Wrong(_("source_language: expected one of %(choices)s.") % {"choices": ", ".join(languages())})
            return found

        return named(value, languages(), lambda texts: named(texts, fields, unit))

    def store(self, shape, drafts, loader):
        content_type = ContentType.objects.get_for_model(shape.model)
        with ledger.locked_units(shape.model, [draft.obj.pk for draft in drafts]) as units_by_object:
            for draft in drafts:
                obj, units, told = draft.obj, units_by_object[draft.obj.pk], draft.annexes.get(self.name, {})
                if self._refuse_circles(draft, told, units, loader):
                    continue
                for language, rows in told.items():
                    for field, row in rows.items():
                        new = Unit(content_type=content_type, object_id=obj.pk, field=field, language=language)
                        unit = units.setdefault((field, language), new)
                        columns = self._columns(obj, field, language, row)
                        if unit is new or any(getattr(unit, name) != value for name, value in columns.items()):
                            for name, value in columns.items():
                                setattr(unit, name, value)
                            draft.touch()
                if draft.rewritten:
                    for field in translated_fields(shape.model):
                        for language in [obj.source_language] if draft.new else languages():
                            ledger.note(obj, units, field, language)

    def written(self, shape, objs, dumper):
        rows, found = Rows(Unit, self.rows), defaultdict(dict)
        units = units_of(shape.model, [obj.pk for obj in objs])
        for obj in objs:
            for language in languages():
                for field in translated_fields(shape.model):
                    unit = units.get(obj.pk, {}).get((field, language))
                    if unit and language != obj.source_language:
                        known = self._columns(obj, field, language, {"source_language": unit.source_language})
                        names = [
                            name for name in self.rows
                            if name not in {"text_digest", "source_text"} or getattr(unit, name) != known[name]
                        ]
                        found[obj.pk].setdefault(language, {})[field] = rows.write(unit, dumper, names)
        return found

    def _columns(self, obj, field, language, row):
        """All columns of a unit from what a file says of it."""
        source_language = row.get("source_language", "")
        source = ledger.text_of(obj, field, source_language) if source_language else ""
        text = ledger.digest(ledger.text_of(obj, field, language)) if source_language else ""
        columns = {
            "source_language": source_language, "source_text": source, "text_digest": text, "approved_by_id": None,
            "approved_at": None, "suggestion": "", "suggested_by_id": None, "suggested_at": None,
        } | row
        return columns | {
            "source_digest": ledger.digest(columns["source_text"]), "current_source_digest": ledger.digest(source)
        }

    def _refuse_circles(self, draft, told, units, loader):
        """Whether a text would be its own source; noted if so."""
        refused, original = False, draft.obj.source_language
        sources = {key: unit.source_language for key, unit in units.items()}
        for language, rows in told.items():
            sources |= {(field, language): row.get("source_language", "") for field, row in rows.items()}
        for language, rows in told.items():
            for field in rows:
                step, seen = language, []
                while step and step != original and step not in seen:
                    seen.append(step)
                    step = sources.get((field, step), "")
                if language == original or step in seen:
                    sentence = _("is the original.") if language == original else _("would be translated from itself.")
                    loader.problem(draft.spot / self.name / language / field, sentence)
                    refused = True
        return refused


class FormerSlugs:
    """A list of the addresses that a record had before."""

    name = "former_slugs"

    def fits(self, shape):
        return shape.addressed

    def read(self, value, shape, loader):
        slug = part(shape.model, "slug")

        def former(text):
            try:
                slug.field.run_validators(slug.text(text))
            except ValidationError as error:
                raise Wrong(" ".join(error.messages)) from error
            return text

        return numbered(value, former)

    def store(self, shape, drafts, loader):
        wanted = [(draft, slug) for draft in drafts for slug in draft.annexes.get(self.name, [])]
        slugs = [slug for _draft, slug in wanted]
        if not slugs:
            return
        content_type = ContentType.objects.get_for_model(shape.model)
        redirects = Redirect.objects.filter(content_type=content_type, slug__in=slugs)
        owners = dict(redirects.values_list("slug", "object_id"))
        living = set(shape.model._base_manager.filter(slug__in=slugs).values_list("slug", flat=True))
        create = []
        for draft, slug in wanted:
            if slug in living or owners.get(slug, draft.obj.pk) != draft.obj.pk:
                sentence = _("“%(slug)s” is or was the address of another record.")
                loader.problem(draft.spot / self.name, sentence % {"slug": slug})
            elif slug not in owners:
                owners[slug] = draft.obj.pk
                create.append(Redirect(content_type=content_type, object_id=draft.obj.pk, slug=slug))
                draft.touch()
        Redirect.objects.bulk_create(create)

    def written(self, shape, objs, dumper):
        found = defaultdict(list)
        content_type = ContentType.objects.get_for_model(shape.model)
        rows = Redirect.objects.filter(content_type=content_type, object_id__in=[obj.pk for obj in objs])
        for row in rows.order_by("pk"):
            found[row.object_id].append(row.slug)
        return found


class Erasures:
    """A list: that, when and why the record was erased."""

    name = "erasures"
    rows = ["reason", "erased_by", "erased_at"]

    def fits(self, shape):
        return shape.addressed

    def read(self, value, shape, loader):
        rows = Rows(Erasure, self.rows)

        def erasure(row):
            found = rows.read(row, loader)
            if missing := {"reason", "erased_at"} - {name for name, value in found.items() if value}:
                raise Wrong(_("“%(key)s” is missing.") % {"key": min(missing)})
            return found

        return numbered(value, erasure)

    def store(self, shape, drafts, loader):
        content_type = ContentType.objects.get_for_model(shape.model)
        for draft in drafts:
            for columns in draft.annexes.get(self.name, []):
                about = {"content_type": content_type, "object_id": draft.obj.pk}
                at = columns["erased_at"]
                row = Erasure.objects.filter(**about, erased_at=at).first()
                if not row or row.reason != columns["reason"]:
                    row = row or Erasure(**about, erased_by_id=columns.get("erased_by_id"))
                    row.reason = columns["reason"]
                    row.save()
                    Erasure.objects.filter(pk=row.pk).update(erased_at=at)  # saving fills in the present
                    draft.touch()

    def written(self, shape, objs, dumper):
        rows, found = Rows(Erasure, self.rows), defaultdict(list)
        content_type = ContentType.objects.get_for_model(shape.model)
        erasures = Erasure.objects.filter(content_type=content_type, object_id__in=[obj.pk for obj in objs])
        for row in erasures.order_by("erased_at", "pk"):
            found[row.object_id].append(rows.write(row, dumper))
        return found


class Releases:
    """
    A list of the item's releases. A row without texts and facts says what the item's record says.

    `since` null is the instant of loading.
    """

    name = "releases"

    def fits(self, shape):
        return shape.released

    def read(self, value, shape, loader):
        model = shape.model._meta.get_field("releases").related_model
        rows, told = Rows(model, self._names(model)), self._told(model)

        def release_row(row):
            row = dict(row) if isinstance(row, dict) else row
            begins_now = isinstance(row, dict) and "since" in row and row["since"] is None
            if begins_now:
                del row["since"]
            found = rows.read(row, loader)
            if "language" not in found or not ("since" in found or begins_now):
                raise Wrong(_("expected at least “language” and “since”."))
            if told & row.keys():
                for name in rows.parts.keys() & told - row.keys():
                    if name not in model.TEXTS and not (rows.parts[name].field.null or rows.parts[name].field.blank):
                        raise Wrong(_("“%(key)s” is missing.") % {"key": name})
                texts = dict.fromkeys([*model.TEXTS, "alt"], "")
                found = texts | dict.fromkeys(model.FACTS) | dict.fromkeys(model.LINKS, ()) | found
            return found

        return numbered(value, release_row)

    def store(self, shape, drafts, loader):
        spots = {draft.obj.pk: draft for draft in drafts if draft.annexes.get(self.name)}
        histories = [
            (draft.obj, [self._whole(draft, row) for row in draft.annexes[self.name]]) for draft in spots.values()
        ]
        self._follow(shape, histories)
        try:
            for item in release.load_many(histories):
                spots[item.pk].touch()
        except release.ReleaseError as error:
            loader.problem(spots[error.item.pk].spot / self.name, error)

    def written(self, shape, objs, dumper):
        model = shape.model._meta.get_field("releases").related_model
        rows, found = Rows(model, self._names(model)), defaultdict(list)
        items, of_the_item = {obj.pk: obj for obj in objs}, self._told(model)
        for row in model.objects.filter(item__in=items).order_by("since", "-original", "language").with_links():
            item, names = items[row.item_id], list(rows.parts)
            whole = {**row.texts(), **row.facts(), "alt": row.alt}
            if whole == self._standing(item, item.links, row.language):
                names = [name for name in names if name not in of_the_item]
            if row.original and row.follows == ledger.version(row.texts()):
                names.remove("follows")
            told = rows.write(row, dumper, names)
            if not row.original and not row.follows:
                told["follows"] = ""  # it follows none; without the key, what it follows would be found anew
            found[item.pk].append(told)
        return found

    def _names(self, model):
        facts = [model._meta.get_field(name).name for name in model.FACTS]
        return [
            "language", "since", "until", "withdrawn", "hidden", "reason", "note", "word", "follows",
            *model.TEXTS, *facts, "alt", *model.LINKS,
        ]

    def _told(self, model):
        """The keys of which a row has all or none."""
        return {*model.TEXTS, *(model._meta.get_field(name).name for name in model.FACTS), "alt", *model.LINKS}

    def _whole(self, draft, row):
        """The row with the texts and facts of the record, where it has none of its own."""
        told = {*draft.obj.release_model.TEXTS} <= row.keys()
        return row if told else self._standing(draft.obj, draft.links, row["language"]) | row

    def _follow(self, shape, histories):
        """Tell the digest of the original that a translation was made from, where its row does not."""
        asking = {
            item: [row for row in rows if "follows" not in row and row["language"] != item.original_language]
            for item, rows in histories
        }
        units = units_of(shape.model, [item.pk for item, rows in asking.items() if rows])
        for item, rows in histories:
            originals = [row for row in rows if row["language"] == item.original_language]
            texts = [item.texts(item.original_language)]
            texts += [{name: row[name] for name in texts[0]} for row in originals]
            for row in asking[item]:
                row["follows"] = ledger.made_from(item, row["language"], texts, units[item.pk])

    def _standing(self, item, links, language):
        """Texts and facts of the working copy as a release of today would have them."""
        model = item.release_model
        alt = getattr(item.picture, column("alt", language)) if item.picture_id else ""
        facts = {name: item.fact(name) for name in model.FACTS} | {name: tuple(links[name]) for name in model.LINKS}
        return {**item.texts(language), **facts, "alt": alt or ""}


ANNEXES = [Translations(), FormerSlugs(), Erasures(), Releases()]
