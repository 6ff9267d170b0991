"""
Loading a folder of content: all of it or nothing. What is there already is compared and corrected; nothing is removed.

Records are read, checked and written in batches, so that memory does not grow with their number. What is wrong in a
batch is collected and raised together, as one CommandError.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from simple_history.models import HistoricalRecords

from languages.fields import FoldedField
from languages.text import column, translated_fields
from publishing.content import forget_queries
from publishing.content.annexes import ANNEXES, numbered
from publishing.content.folder import Folder, Record
from publishing.content.keys import Keys, linked
from publishing.content.pictures import Store
from publishing.content.shapes import References, Spot, Wrong, languages

BATCH = 500
BATCH_BYTES = 8_000_000
SHOWN = 20


@dataclass
class Draft:
    """A record of a file on its way into the database."""

    spot: Spot
    values: dict = field(default_factory=dict)  # {column: value}
    links: dict = field(default_factory=dict)  # {many-to-many: ids}
    later: dict = field(default_factory=dict)  # {foreign key: natural key}
    lists: dict = field(default_factory=dict)  # {name: records}, read when what they may name is there
    annexes: dict = field(default_factory=dict)
    whole: "Draft | None" = None  # the record that it is a part of
    obj: object = None
    new: bool = False
    dirty: bool = False  # to be saved
    rewritten: bool = False  # some of its texts changed
    changed: bool = False

    def touch(self):
        """Something of the record changed, and so of the record that it is a part of."""
        self.changed = True
        if self.whole:
            self.whole.touch()


def load(path, sections, dry_run=False, progress=lambda path, number: None):
    """{path of a section: Counter of new, changed and same records}, when all is loaded, or when all could be."""
    with Store(keep=not dry_run) as store, transaction.atomic():
        loader = _Loader(Folder(path, sections), store, progress)
        with _refused_by_database():
            loader.load()
        transaction.set_rollback(dry_run)
    return loader.counts


class _Loader:
    def __init__(self, folder, store, progress):
        self.folder, self.store, self.progress = folder, store, progress
        self.keys = Keys(folder.sections)
        self.counts, self.problems, self.later = {}, [], []

    def load(self):
        for section in self.folder.sections:
            counts, seen = self.counts.setdefault(section.path, Counter()), set()
            for batch in _batches(self.folder.records(section)):
                drafts = [self.read(section.shape, record, section) for record in batch]
                self.refuse_twice(section.shape, drafts, seen)
                self.raise_problems()
                self.find_existing(section.shape, drafts)
                self.write(section.shape, drafts)
                self.raise_problems()
                self.refer_later()
                self.raise_problems()
                counts.update("new" if draft.new else "changed" if draft.changed else "same" for draft in drafts)
                self.progress(section.path, counts.total())
                forget_queries()

    def problem(self, spot, sentence):
        self.problems.append(f"{spot}: {sentence}")

    @contextmanager
    def noting(self, spot):
        """Mistakes within are noted with their place."""
        try:
            yield
        except Wrong as wrong:
            self.problem(spot, wrong)
        except ValidationError as error:
            for name, messages in getattr(error, "message_dict", {"__all__": error.messages}).items():
                for message in messages:
                    self.problem(spot if name == "__all__" else spot / name, message)

    def raise_problems(self):
        if self.problems:
            more = len(self.problems) - SHOWN
            said = self.problems[:SHOWN] + ([_("And %(number)s more.") % {"number": more}] if more > 0 else [])
            raise CommandError("\n".join(said))

    # What the parts of a record may ask

    def find(self, model, name):
        return self.keys.find(model, self.store.name(model, name))

    def keep(self, name, part):
        return self.store.keep(self.folder.picture(name) or part.refuse())

    # Reading

    def read(self, shape, record, section=None):
        """The Draft of a record of a file; what is wrong with it is noted."""
        draft = Draft(record.spot)
        if not isinstance(record.data, dict):
            self.problem(draft.spot, _("expected a record: keys and values."))
            return draft
        data, parts = record.data, shape.parts
        if section and not section.one_file:
            if shape.key[0] in data:
                self.problem(draft.spot / shape.key[0], _("expected no such key: the name of the file says it."))
            data = {**data, shape.key[0]: Path(draft.spot.file).stem}
        annexes = [annex for annex in ANNEXES if annex.fits(shape)]
        known = [*parts, *shape.lists, *(annex.name for annex in annexes)]
        for name in [name for name in data if name not in known]:
            sentence = _("“%(key)s” is no key here; expected %(keys)s.")
            self.problem(draft.spot, sentence % {"key": name, "keys": ", ".join(known)})
        for name, part in parts.items():
            with self.noting(draft.spot / name):
                if name in shape.later:
                    draft.later[name] = part.text(data[name]) if name in data else None
                else:
                    found = part.read(data[name], self) if name in data else part.read_absent()
                    (draft.links if isinstance(part, References) else draft.values).update(found)
        for name in shape.lists:
            with self.noting(draft.spot / name):
                rows = numbered(data.get(name, []), lambda row: row)
                draft.lists[name] = [Record(draft.spot / f"{name} {number}", row) for number, row in enumerate(rows, 1)]
        for annex in annexes:
            if annex.name in data:
                with self.noting(draft.spot / annex.name):
                    draft.annexes[annex.name] = annex.read(data[annex.name], shape, self)
        day = section and section.by_year and draft.values.get(section.by_year)
        if day and Path(draft.spot.file).parent.name != f"{day.year:04}":
            self.problem(draft.spot, _("expected it in the folder of its year, %(year)s.") % {"year": f"{day.year:04}"})
        return draft

    def refuse_twice(self, shape, drafts, seen):
        for draft in drafts if shape.key else []:
            key = draft.values.get(shape.key[0])  # missing: noted already
            if key and key in seen:
                self.problem(draft.spot, _("“%(key)s” stands in this folder twice.") % {"key": key})
            seen.add(key)

    # Writing

    def find_existing(self, shape, drafts):
        rows = shape.model._base_manager.all()
        if shape.key:
            name = shape.key[0]
            rows = rows.filter(**{f"{name}__in": [draft.values[name] for draft in drafts]})
        found = {str(getattr(obj, name)) if shape.key else None: obj for obj in rows}
        for draft in drafts:
            draft.obj = found.get(draft.values[name] if shape.key else None)

    def find_parts(self, shape, drafts, there):
        """The records of a list among those that are there: first what is equal, then what is known again."""
        for names in [None, shape.same]:
            for draft in drafts:
                if not draft.obj:
                    draft.obj = next((obj for obj in there if not _differing(obj, draft.values, names)), None)
                    if draft.obj:
                        there.remove(draft.obj)

    def write(self, shape, drafts, about=None):
        """Check and save what is new or changed, with its lists and annexes. `about`: what a new record is part of."""
        texts = {column(field, code) for field in translated_fields(shape.model) for code in languages()}
        for draft in drafts:
            draft.new = draft.obj is None
            draft.obj = draft.obj or shape.model(**about or {})
            differing = _differing(draft.obj, draft.values)
            for name in differing:
                setattr(draft.obj, name, draft.values[name])
            draft.dirty, draft.rewritten = draft.new or bool(differing), bool(texts & {*differing})
        if shape.bulk:
            self.insert(shape, [draft for draft in drafts if draft.new])
        for draft in sorted(drafts, key=lambda draft: draft.new):  # what ends, then what follows it
            if draft.dirty and not (shape.bulk and draft.new) and self.check(draft, about):
                with _refused_by_database(draft.spot):
                    draft.obj.save()
                draft.dirty = False
                draft.touch()
                self.keys.forget(shape.model)
        drafts = [draft for draft in drafts if not draft.dirty]
        self.link(shape.model, drafts)
        for draft in drafts:
            for name, inner in shape.lists.items():
                self.write_list(inner, draft, name)
            self.later += [(draft, name, key) for name, key in draft.later.items()]
        for annex in ANNEXES:
            if annex.fits(shape):
                annex.store(shape, drafts, self)

    def write_list(self, shape, whole, name):
        noted = len(self.problems)
        drafts = [self.read(shape, record) for record in whole.lists[name]]
        if len(self.problems) == noted:
            relation = getattr(whole.obj, name)
            self.find_parts(shape, drafts, [] if whole.new else list(relation.all()))
            for draft in drafts:
                draft.whole = whole
            self.write(shape, drafts, {relation.field.name: whole.obj})

    def check(self, draft, about=None, unique=True):
        """Whether the record may be saved; what it breaks is noted. References were found by their keys."""
        obj, before = draft.obj, len(self.problems)
        with self.noting(draft.spot):
            obj.clean_fields(exclude=_derived(type(obj)))
        if not draft.annexes.get("erasures"):  # nothing is left of it that could be asked for
            with self.noting(draft.spot):
                obj.clean()
        for name, whole in (about or {}).items():
            if getattr(obj, name) != whole:
                self.problem(draft.spot, _("belongs to “%(other)s”.") % {"other": getattr(obj, name)})
        if len(self.problems) == before:
            with self.noting(draft.spot):
                if unique:
                    obj.validate_unique()
                obj.validate_constraints()
        return len(self.problems) == before

    def insert(self, shape, drafts):
        """New records in few statements, with the history that saving them one by one would have begun."""
        drafts = [draft for draft in drafts if self.check(draft, unique=False)]  # of the key it is known already
        if not drafts:
            return
        for language, group in groupby(sorted(drafts, key=_language), _language):
            with override(language):  # which fills the base columns
                shape.model._base_manager.bulk_create([draft.obj for draft in group], batch_size=BATCH)
        begun = shape.model.history.bulk_history_create([draft.obj for draft in drafts], batch_size=BATCH)
        begun = {draft.obj.pk: row for draft, row in zip(drafts, begun, strict=True)}
        for links_to in shape.model._meta.many_to_many:
            this, that = f"{links_to.m2m_field_name()}_id", links_to.m2m_reverse_name()
            links = [{this: draft.obj.pk, that: other} for draft in drafts for other in draft.links[links_to.name]]
            through, kept = links_to.remote_field.through, HistoricalRecords.m2m_models[links_to]
            rows = through._base_manager.bulk_create([through(**link) for link in links], batch_size=4 * BATCH)
            past = [kept(id=row.pk, history=begun[link[this]], **link) for row, link in zip(rows, links, strict=True)]
            kept._base_manager.bulk_create(past, batch_size=4 * BATCH)
        for draft in drafts:
            draft.dirty = False
            draft.touch()

    def link(self, model, drafts):
        """Links of records that were there before; those of new ones too, where they were saved one by one."""
        there = linked(model, [draft.obj for draft in drafts])
        for draft in drafts:
            for name, ids in draft.links.items():
                if there[draft.obj.pk][name] != ids:
                    getattr(draft.obj, name).set(ids)
                    draft.touch()

    def refer_later(self):
        """Set the references that waited until all records of the batch were there."""
        for draft, name, key in self.later:
            field = draft.obj._meta.get_field(name)
            with self.noting(draft.spot / name):
                pk = self.find(field.related_model, key) if key is not None else None
                if getattr(draft.obj, field.attname) != pk:
                    setattr(draft.obj, field.attname, pk)
                    if self.check(draft):
                        draft.obj.save()
                        draft.touch()
        self.later = []


def _language(draft):
    return draft.obj.source_language


def _differing(obj, values, names=None):
    """The columns in which a record differs from the values; '' and None are one thing."""
    pairs = {name: (getattr(obj, name), values[name]) for name in (values if names is None else names)}
    return [name for name, pair in pairs.items() if pair[0] != pair[1] and set(pair) != {"", None}]


def _derived(model):
    """Fields whose values are not typed: base columns of translated fields, folded ones, references."""
    fields = model._meta.fields
    return {
        *translated_fields(model),
        *(field.name for field in fields if isinstance(field, FoldedField) or field.many_to_one),
    }


@contextmanager
def _refused_by_database(spot=""):
    """What no check foresaw, or a database that is away, is no traceback either."""
    try:
        yield
    except DatabaseError as error:
        sentence = _("The database refuses it: %(error)s") % {"error": error}
        raise CommandError(f"{spot}: {sentence}" if spot else sentence) from error


def _batches(records):
    """Lists of records, so many at a time that they fit into memory."""
    batch, size = [], 0
    for record in records:
        batch.append(record)
        size += record.size
        if len(batch) == BATCH or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
