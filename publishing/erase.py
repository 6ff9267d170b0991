"""
Erasing what was public, for a court's order or a person's right: administrators only. The one act that rewrites history.

It removes the text from the working copy, releases, pictures, address and redirects, history, units and suggestions,
and leaves an Erasure that says when and why. A room that keeps more adds its part: `PARTS.append(function)`; a part
takes the locked record, inside the transaction.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from languages.fields import ProseField
from languages.text import column, translated_fields
from publishing.models import Erasure, Redirect
from translations.models import Unit

PARTS = []


def erase(record, reason, by=None):
    """Erase an item or a person. Returns the Erasure; raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError(_("An erasure needs a reason."))
    with transaction.atomic():
        record = type(record)._base_manager.select_for_update().get(pk=record.pk)
        for part in PARTS:
            part(record)
        _erase_releases(record)
        _erase_record(record)
        content_type = ContentType.objects.get_for_model(record)
        Redirect.objects.filter(content_type=content_type, object_id=record.pk).delete()
        Unit.objects.of(record).delete()
        record.history.all().delete()
        return Erasure.objects.create(content_type=content_type, object_id=record.pk, reason=reason, erased_by=by)


def erasure_of(record):
    """The Erasure of a record, or None."""
    content_type = ContentType.objects.get_for_model(record)
    return Erasure.objects.filter(content_type=content_type, object_id=record.pk).first()


def _erase_releases(record):
    if not hasattr(record, "releases"):
        return
    model = record.release_model
    for name in model.LINKS:
        getattr(model, name).through.objects.filter(**{f"{model._meta.get_field(name).m2m_field_name()}__item": record}).delete()
    texts = [*model.TEXTS, "alt", *(field.name for field in model._meta.fields if isinstance(field, ProseField))]
    blank = dict.fromkeys(texts, "") | {name: None for name in model.FACTS if model._meta.get_field(name.removesuffix("_id")).null}
    record.releases.update(hidden=True, **blank)


def _erase_record(record):
    """Blank texts and links, a meaningless address; the picture goes unless something else shows it."""
    picture = getattr(record, "picture", None) or getattr(record, "portrait", None)
    for field in translated_fields(type(record)):
        for language in settings.MODELTRANSLATION_LANGUAGES:
            setattr(record, column(field, language), "")
    for field in type(record)._meta.fields:
        if field.many_to_one and field.null:
            setattr(record, field.attname, None)
    for field in type(record)._meta.many_to_many:
        getattr(record, field.name).clear()
    record.slug = f"erased-{record.pk}"
    record.save()
    if picture and not picture.is_used():
        picture.history.all().delete()
        Unit.objects.of(picture).delete()
        picture.delete()
