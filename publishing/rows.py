"""Rows of releases as the acts build, compare and write them, and the lock of an act."""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.text import column
from publishing import clock
from publishing.models import Erasure, Picture, WorkingCopy

TICK = timedelta(microseconds=1)
APART = {"id", "since", "until", "created_at", "released_by_id"}  # columns in which two rows of the same content differ


class ReleaseError(ValueError):
    """An act that would break a promise to the reader; nothing was changed. `item`: which, where many are loaded."""

    def __init__(self, message, item=None):
        self.item = item
        super().__init__(message)


@contextmanager
def locked(record):
    """
    The record as it stands, locked until the act is done, and the instant of the act.

    No act has the instant of another one, nor of a row that begins: two in the same microsecond, or after the clock
    was set back, follow each other.
    """
    with transaction.atomic():
        record = type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        if record is None:
            raise ReleaseError(_("Somebody has deleted this meanwhile."))
        content_type = ContentType.objects.get_for_model(record)
        if Erasure.objects.filter(content_type=content_type, object_id=record.pk).exists():
            raise ReleaseError(_("What was erased stays erased; make a new record."))
        if isinstance(record, WorkingCopy) and rows_of(record).filter(
            Q(original=True) & ~Q(language=record.original_language)
        ).exists():
            raise ReleaseError(_("The original language stays as it is once a release exists or is planned."))
        yield record, instant_of_act(record)


def instant_of_act(record):
    """Now by the database's clock, but later than any act before and than any beginning."""
    now = clock.now()
    if isinstance(record, WorkingCopy):
        last = rows_of(record).aggregate(last=Max("created_at"))["last"]
        now = max(now, last + TICK) if last else now
        while rows_of(record).filter(since=now).exists():
            now += TICK
    return now


def rows_of(item):
    """All rows of an item, past the guards of `objects`: for the writers alone."""
    return item.release_model._base_manager.filter(item=item)


def new(item, language, since, now, by, facts, **fields):
    """An unsaved row. `facts` as `item.facts()`; `fields`: texts and the rest."""
    model = item.release_model
    row = model(
        item=item, language=language, original=language == item.original_language, since=since, created_at=now,
        released_by=by, **{name: facts[name] for name in model.FACTS}, **fields,
    )
    row.links = {name: tuple(facts[name]) for name in model.LINKS}
    return row


def again(row, since, now, by, facts=None, **changes):
    """An unsaved row that says the same from another instant on, but for the changes and without the change note."""
    facts = facts or row.facts()
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname != "id"}
    kept |= {name: facts[name] for name in row.FACTS}
    kept |= {"since": since, "until": None, "note": "", "created_at": now, "released_by_id": by and by.pk}
    repeated = type(row)(**kept | changes)
    repeated.links = {name: facts[name] for name in row.LINKS}
    return repeated


def content(row):
    """All that a row says, its instants and who wrote it apart."""
    columns = [field.attname for field in row._meta.concrete_fields if field.attname not in APART]
    return {name: getattr(row, name) for name in columns} | row.links


def at(rows, instant):
    """The row of a list that holds at an instant, or None."""
    return next((row for row in rows if row.since <= instant and (row.until is None or row.until > instant)), None)


def begin(item, instant, rows):
    """End what is open in the rows' languages, and write the rows."""
    rows_of(item).filter(language__in=[row.language for row in rows], until=None).update(until=instant)
    create(rows)


def create(rows, batch_size=500):
    """Write unsaved rows and what they link to: one statement for each table, however many rows."""
    if not rows:
        return
    model = type(rows[0])
    model._base_manager.bulk_create(rows, batch_size=batch_size)
    for name in model.LINKS:
        field = model._meta.get_field(name)
        through, this, that = field.remote_field.through, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_name()}"
        through._base_manager.bulk_create(
            [through(**{this: row.pk, that: other}) for row in rows for other in row.links[name]], batch_size=2000
        )


def alts(facts):
    """{language: description} of the picture that the facts name, as it is described now; {} without one."""
    columns = {language: column("alt", language) for language in settings.MODELTRANSLATION_LANGUAGES}
    found = facts.get("picture_id") and Picture.objects.filter(pk=facts["picture_id"]).values(*columns.values()).first()
    return {language: found[name] or "" for language, name in columns.items()} if found else {}


def refuse_naive(*instants):
    if any(instant is not None and timezone.is_naive(instant) for instant in instants):
        raise ReleaseError(_("An instant needs a time zone."))
