"""Writing the content into a folder: as it stood at one instant, a batch of records at a time."""

import shutil
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from publishing.content import folder, forget_queries
from publishing.content.annexes import ANNEXES
from publishing.content.keys import Keys, linked
from publishing.pictures import FOLDER, Picture

BATCH = 500


def dump(path, sections, progress=lambda path, number: None):
    """{path of a section: number of records} of a new folder at `path`, or of one that replaces a folder of content."""
    with folder.replacement(path, sections) as draft, _snapshot():
        return _Dumper(draft, sections, progress).dump()


@contextmanager
def _snapshot():
    """All queries within see one and the same state; nobody's writing waits for it."""
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.transaction_mode = "DEFERRED"  # IMMEDIATE would keep out all writers
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode


class _Dumper:
    def __init__(self, path, sections, progress):
        self.path, self.sections, self.progress = path, sections, progress
        self.keys = Keys(sections)

    def dump(self):
        folder.write(self.path / folder.MARK, {"format": folder.FORMAT})
        return {section.path: self.write(section) for section in self.sections}

    # What the parts of a record may ask

    def name(self, model, pk):
        return self.keys.name(model, pk)

    def take(self, file):
        """The name of a picture's file, which is copied into the folder."""
        name = file.name.removeprefix(FOLDER)
        target = self.path / folder.PICTURES / name
        target.parent.mkdir(exist_ok=True)
        try:
            with file.storage.open(file.name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        except FileNotFoundError as error:
            raise CommandError(_("The file of a picture is missing: %(name)s.") % {"name": file.name}) from error
        return name

    # Writing

    def write(self, section):
        """The number of records, when their files are written."""
        number, rows = 0, []
        for objs in self.batches(section.shape):
            records = self.records(section.shape, objs)
            number += len(records)
            if section.one_file:
                rows += records
            else:
                for obj, record in zip(objs, records, strict=True):
                    key = record.pop(section.shape.key[0])
                    year = f"{getattr(obj, section.by_year).year:04}/" if section.by_year else ""
                    folder.write(self.path / f"{section.path}{year}{key}.json", record)
            self.progress(section.path, number)
            forget_queries()
        if section.one_file and rows:
            folder.write(self.path / section.path, rows[0] if section.single else rows)
        return number

    def batches(self, shape):
        """Lists of records in the order in which they came: loaded again, they come in it again."""
        rows, last = shape.model._base_manager.order_by("pk"), 0
        if any(field.related_model is Picture for field in shape.model._meta.fields):
            rows = rows.select_related(*[f.name for f in shape.model._meta.fields if f.related_model is Picture])
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            yield batch
            last = batch[-1].pk

    def records(self, shape, objs):
        """The records as they stand in files, keys in their order."""
        links, parts = linked(shape.model, objs), shape.parts
        for obj in objs:
            obj.links = links[obj.pk]
        annexes = {annex.name: annex.written(shape, objs, self) for annex in ANNEXES if annex.fits(shape)}
        found = []
        for obj in objs:
            record = {name: part.write(obj, self) for name, part in parts.items()}
            for name, inner in shape.lists.items():
                record[name] = self.records(inner, list(getattr(obj, name).order_by("pk")))
            record |= {name: written.get(obj.pk) for name, written in annexes.items()}
            found.append({name: value for name, value in record.items() if value not in (None, [], {})})
        return found
