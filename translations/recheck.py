"""
The nightly recheck: raw writes pass the ledger by, and this finds what they left.

A translation that was written behind our back shows as unverified by itself. What does not show is an original (or
another text that translations are made from) that was: it is recorded here, so that they become stale. Units of what is
gone are dropped.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from languages.text import column, translated_fields
from translations import ledger
from translations.models import Unit


def recheck(model, batch=200):
    """Yields a sentence for each mend; none if the ledger is in step. A batch costs two queries, eight with mends."""
    content_type = ContentType.objects.get_for_model(model)
    units = Unit.objects.filter(content_type=content_type)
    yield from _drop_gone(model, units, batch)
    with_units = model._base_manager.filter(Exists(units.order_by().filter(object_id=OuterRef("pk")))).order_by("pk")
    last = None
    while objects := list(with_units.filter(pk__gt=last)[:batch] if last else with_units[:batch]):
        last = objects[-1].pk
        found = {obj.pk: [] for obj in objects}
        for unit in units.filter(object_id__in=found).defer("source_text", "suggestion"):
            found[unit.object_id].append(unit)
        if behind := [obj.pk for obj in objects if _behind(obj, found[obj.pk])]:
            yield from _mend(model, behind)


def _behind(obj, units):
    """{(field, language)} of the texts that others are made from and that are not what the ledger says."""
    behind, digests = set(), {}
    for unit in units:
        language = unit.source_language or unit.language
        if not unit.source_language and language != obj.source_language:
            continue  # a suggestion alone, or what was the original once
        key = unit.field, language
        if key not in digests:
            digests[key] = ledger.digest(ledger.text_of(obj, *key))
        if digests[key] != (unit.current_source_digest if unit.source_language else unit.text_digest):
            behind.add(key)
    return behind


def _mend(model, pks):
    said = []
    with ledger.locked_units(model, pks) as units:  # somebody may have saved since they were read
        for obj in model._base_manager.filter(pk__in=pks).order_by("pk"):
            for field, language in sorted(_behind(obj, units[obj.pk].values())):
                ledger.note(obj, units[obj.pk], field, language)
                said.append(
                    _("%(object)s: %(field)s was changed outside the administration.")
                    % {"object": obj, "field": column(field, language)}
                )
    return said


def _drop_gone(model, units, batch):
    rows = model._base_manager.order_by().filter(pk=OuterRef("object_id"))
    gone = units.filter(~Exists(rows) | ~Q(field__in=translated_fields(model))).select_related("content_type")
    while found := list(gone.defer("source_text", "suggestion")[:batch]):
        Unit.objects.filter(pk__in=[unit.pk for unit in found]).delete()
        yield from [_("%(unit)s: what it spoke of is gone.") % {"unit": unit} for unit in found]
