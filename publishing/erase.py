"""
Erasing what was public, for a court's order or a person's right: administrators only. It alone rewrites history.

It removes the text from the working copy, releases, pictures, address and redirects, history, units, suggestions and
the log of the administration, and leaves an Erasure that says when and why. Nothing links to the record any more.
A room that keeps more adds its part, `PARTS.append(function)`: it takes the locked record, inside the transaction.
"""

from contextlib import suppress

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from languages.text import tidy
from publishing.models import Erasure, Picture, Redirect
from publishing.rows import ReleaseError, instant_of_act, rows_of
from translations.models import Unit

PARTS = []


def erase(record, reason, by=None):
    """Erase an item or a person. Returns the Erasure; raises ReleaseError without a reason."""
    if not tidy(reason):
        raise ReleaseError(_("An erasure needs a reason."))
    with transaction.atomic():
        record = type(record)._base_manager.select_for_update().get(pk=record.pk)
        for part in PARTS:
            part(record)
        pictures = _pictures(record)
        if hasattr(record, "release_model"):
            _blank_releases(record)
        _blank(record)
        _unlink(record)
        Redirect.objects.filter(content_type=_type(record), object_id=record.pk).delete()
        forget(record)
        for picture in Picture.objects.filter(pk__in=pictures):
            key = picture.pk
            with suppress(ProtectedError), transaction.atomic():  # something else shows it
                picture.delete()
                picture.pk = key
                forget(picture)
        return Erasure.objects.create(content_type=_type(record), object_id=record.pk, reason=reason, erased_by=by)


def erasure_of(record):
    """The latest Erasure of a record, or None."""
    return Erasure.objects.filter(content_type=_type(record), object_id=record.pk).first()


def forget(record):
    """Remove what stands beside a record: its former states, its units, what the log of the administration says."""
    type(record).history.filter(**{record._meta.pk.attname: record.pk}).delete()
    Unit.objects.of(record).delete()
    log = LogEntry.objects.filter(content_type=_type(record), object_id=str(record.pk))
    log.update(object_repr="", change_message="")


def _type(record):
    return ContentType.objects.get_for_model(record)


def _pictures(record):
    """Keys of the pictures that the record, its former states or its releases show or showed."""
    names = [field.attname for field in record._meta.fields if field.related_model is Picture]
    keys = {getattr(record, name) for name in names}
    for name in names:
        keys |= set(record.history.values_list(name, flat=True))
    if hasattr(record, "release_model"):
        keys |= set(rows_of(record).values_list("picture_id", flat=True))
    return keys - {None}


def _blank_releases(item):
    """What is planned goes, what was public stays as an empty row that no page shows."""
    model, rows = item.release_model, rows_of(item)
    now = instant_of_act(item)
    rows.filter(since__gt=now).delete()
    rows.filter(until__gt=now).update(until=None)
    for name in model.LINKS:
        field = model._meta.get_field(name)
        field.remote_field.through._base_manager.filter(**{f"{field.m2m_field_name()}__item": item}).delete()
    texts = dict.fromkeys([*model.TEXTS, "alt", "reason", "note", "word", "follows"], "")
    facts = {name: None for name in model.FACTS if model._meta.get_field(name.removesuffix("_id")).null}
    rows.update(hidden=True, **texts, **facts)


def _unlink(record):
    """No list of links names it any more: neither its own nor others', of today nor of former states."""
    for relation in record._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.many_to_many:
            field = relation.field
            field.remote_field.through._base_manager.filter(**{field.m2m_reverse_field_name(): record}).delete()
        elif relation.auto_created and hasattr(relation.related_model, "m2m_history_id"):
            relation.related_model.objects.filter(**{relation.field.name: record}).delete()


def _blank(record):
    """No text, no link, and an address that says nothing."""
    for field in record._meta.fields:
        if field.many_to_one and field.null:
            setattr(record, field.attname, None)
        elif isinstance(field, (models.CharField, models.TextField)) and field.blank and field.editable:
            setattr(record, field.attname, "")
    for field in record._meta.many_to_many:
        getattr(record, field.name).clear()
    record.slug = f"erased-{record.pk}"
    record.save()
