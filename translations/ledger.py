"""
The translation ledger: who vouched for which text, and what it was made from. States are computed, never flagged.

It speaks of the working copy; what the public reads is decided in `publishing`. Functions take a saved object with
translated fields; `field` is a field's name without its language. Every function that writes locks the object's row,
in one transaction: the same number of queries for one text and for all.
"""

import hashlib
import unicodedata
from contextlib import contextmanager

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.text import column, tidy, translated_columns, translated_fields
from translations.models import Unit


class State(models.TextChoices):
    """Of a text, best first. The worst state of a language's fields is the state of the language."""

    ORIGINAL = "original", gettext_lazy("Original")
    APPROVED = "approved", gettext_lazy("Approved")
    SUGGESTED = "suggested", gettext_lazy("Suggested")
    STALE = "stale", gettext_lazy("Stale")
    UNVERIFIED = "unverified", gettext_lazy("Unverified")
    MISSING = "missing", gettext_lazy("Missing")


SEVERITY = list(State)
WRITTEN = [
    "text_digest",
    "source_language",
    "source_digest",
    "current_source_digest",
    "source_text",
    "approved_by",
    "approved_at",
    "suggestion",
    "suggested_by",
    "suggested_at",
]


def digest(text):
    """32 hexadecimal digits; the same for texts that differ in white space or Unicode form alone. '' for none."""
    text = " ".join(unicodedata.normalize("NFC", text or "").split())
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest() if text else ""


def version(texts):
    """One digest for a whole text: {field: text} in any order."""
    return digest("\n".join(f"{field}:{digest(text)}" for field, text in sorted(texts.items())))


def text_of(obj, field, language):
    """A text as it stands; '' where nobody wrote any."""
    return tidy(getattr(obj, column(field, language)))


def texts(obj):
    """{column: text} of all fields and languages: what `written` wants to know of the time before an edit."""
    return {name: getattr(obj, name) or "" for name in translated_columns(type(obj))}


# Reading


def states(obj, units=None):
    """{(field, language): State}; a field whose original is empty has none, unless it is required."""
    units = by_key(obj) if units is None else units
    found = {}
    for field in translated_fields(type(obj)):
        original = text_of(obj, field, obj.source_language)
        for language in settings.MODELTRANSLATION_LANGUAGES:
            if state := _state(obj, field, language, original, units.get((field, language))):
                found[field, language] = state
    return found


def language_states(obj, units=None):
    """{language: State}: the worst of its fields; a language without any counted field is missing."""
    found = {language: [] for language in settings.MODELTRANSLATION_LANGUAGES}
    for (_field, language), state in states(obj, units).items():
        found[language].append(state)
    return {language: max(known, key=SEVERITY.index, default=State.MISSING) for language, known in found.items()}


def _state(obj, field, language, original, unit):
    if not original:
        required = field in obj.required_texts and language == obj.source_language
        return State.MISSING if required else None
    if language == obj.source_language:
        return State.ORIGINAL
    if unit and unit.suggestion:
        return State.SUGGESTED
    text = text_of(obj, field, language)
    if not text:
        return State.MISSING
    if not unit or unit.text_digest != digest(text) or not unit.source_language:
        return State.UNVERIFIED
    if unit.source_digest != digest(text_of(obj, field, unit.source_language)):
        return State.STALE
    return State.APPROVED


def made_from(obj, language, versions, units=None):
    """
    Digest of the version of the original that a language's texts were made from, or '' if they follow none.

    `versions` are {field: text} of the original, the likeliest first. For the original itself: the digest of the first.
    Every text must be vouched for, and made from one and the same version. A text translated from a translation
    follows what that one follows, as long as that one stands as it did.
    """
    versions = list(versions)
    if language == obj.source_language:
        return version(versions[0])
    units = by_key(obj) if units is None else units
    traced = {field: _traced(obj, field, language, units) for field in versions[0] if text_of(obj, field, language)}
    if not traced or None in traced.values():
        return ""
    for known in versions:
        if all(digest(known.get(field)) == source for field, source in traced.items()):
            return version(known)
    return ""


def _traced(obj, field, language, units, seen=()):
    """Digest of the original text that a text goes back to; None where nobody vouches for it."""
    unit = units.get((field, language))
    if not unit or not unit.source_language or unit.text_digest != digest(text_of(obj, field, language)):
        return None
    if unit.source_language == obj.source_language:
        return unit.source_digest
    through = units.get((field, unit.source_language))
    if not through or through.text_digest != unit.source_digest or unit.source_language in seen:
        return None
    return _traced(obj, field, unit.source_language, units, (*seen, language))


# Writing


def written(obj, before, by=None, minor=False):
    """
    Take note of an edit by somebody with the right to write: the admin and the loader call it after saving.

    `before`: the `texts` before it, {} for a new object. An original that changed is recorded, so that what was made
    from it shows as stale (`minor`: it changed in form, not in meaning, and what was approved stays approved); a
    translation that changed is vouched for by this person, against its source as it is now.
    """
    changed = {
        (field, language)
        for field in translated_fields(type(obj))
        for language in settings.MODELTRANSLATION_LANGUAGES
        if digest(before.get(column(field, language))) != digest(text_of(obj, field, language))
    }
    if not changed:
        return
    with _units(obj) as units:
        for field, language in changed:
            if minor and language == obj.source_language:
                _carry_over(obj, units, field, before.get(column(field, language)))
            note(obj, units, field, language)
        for field, language in changed:
            if language != obj.source_language:
                _approve(obj, units, field, language, by)


def record(obj, languages=None, fields=None):
    """Note texts as they are now (by default the original's), so that what was made from them shows as stale."""
    with _units(obj) as units:
        for field in fields or translated_fields(type(obj)):
            for language in languages or [obj.source_language]:
                note(obj, units, field, language)


def approve(obj, language, fields=None, by=None, source_language=None):
    """
    Vouch for a language's texts as they stand, made from the source as it stands.

    `fields`: those that have a text, by default. Raises ValueError for a language made from itself, directly or by way
    of others, and for a source without text.
    """
    with _units(obj) as units:
        for field in fields or translated_fields(type(obj)):
            note(obj, units, field, language)
            if language != obj.source_language:
                _approve(obj, units, field, language, by, source_language)


def declare_minor(obj, before, fields=None):
    """
    The original changed in form, not in meaning: what was approved against it stays approved.

    `before`: {field: text} of the original before the change. Only texts made from exactly that are carried over.
    """
    with _units(obj) as units:
        for field in fields or translated_fields(type(obj)):
            _carry_over(obj, units, field, before.get(field))
            note(obj, units, field, obj.source_language)


def suggest(obj, field, language, text, by=None):
    """
    Put a text beside a field for a reviewer; the field itself stays. An empty text takes the suggestion back.

    Returns the unit. Raises ValueError for the original, ValidationError for a text that the field does not take.
    """
    if language == obj.source_language:
        raise ValueError(_("The original is written, not suggested."))
    text = _taken(obj, field, language, text)
    with _units(obj) as units:
        unit = _unit(obj, units, field, language)
        _suggestion(unit, text, by)
    return unit


def accept(unit, by=None, text=None):
    """
    Write a suggestion (or the reviewer's changed `text`) into its field and vouch for it. Returns the object.

    Raises ValueError where no suggestion waits (any more), ValidationError for a text that the field does not take.
    """
    field, language = unit.field, unit.language
    with transaction.atomic():
        obj = unit.content_type.model_class()._base_manager.select_for_update(no_key=True).get(pk=unit.object_id)
        with _units(obj) as units:
            found = units.get((field, language))
            if not found or not found.suggestion:
                raise ValueError(_("No suggestion waits here."))
            text = _taken(obj, field, language, found.suggestion if text is None else text)
            if not text:
                raise ValueError(_("An empty text is refused, not accepted."))
            setattr(obj, column(field, language), text)
            obj.save()
            note(obj, units, field, language)
            _approve(obj, units, field, language, by)
    return obj


def refuse(unit):
    """Take a suggestion away; the field stays as it is."""
    suggest(unit.content_type.model_class()._base_manager.get(pk=unit.object_id), unit.field, unit.language, "")


def _taken(obj, field, language, text):
    """The text as its field would store it."""
    return obj._meta.get_field(column(field, language)).clean(text, obj)


def note(obj, units, field, language):
    """Into an object's units: what a text is now, for those that were made from it. Written by `locked_units`."""
    now = digest(text_of(obj, field, language))
    if language == obj.source_language and (now or (field, language) in units):
        unit = _unit(obj, units, field, language)
        unit.text_digest = now
        unit.source_language = unit.source_digest = unit.current_source_digest = unit.source_text = ""
    for (other, _language), unit in units.items():
        if other == field and unit.source_language == language:
            unit.current_source_digest = now


def _approve(obj, units, field, language, by, source_language=None):
    text = text_of(obj, field, language)
    if not text:
        return
    unit = _unit(obj, units, field, language)
    unit.source_language = _checked_source(obj, field, language, source_language or _source_of(obj, unit), units)
    source = text_of(obj, field, unit.source_language)
    unit.text_digest = digest(text)
    unit.source_digest = unit.current_source_digest = digest(source)
    unit.source_text = source
    unit.approved_by, unit.approved_at = by, timezone.now()
    _suggestion(unit, "")


def _carry_over(obj, units, field, before):
    source = text_of(obj, field, obj.source_language)
    for (other, _language), unit in units.items():
        if other == field and unit.source_language == obj.source_language and unit.source_digest == digest(before):
            unit.source_digest, unit.source_text = digest(source), source


def _suggestion(unit, text, by=None):
    unit.suggestion = text or ""
    unit.suggested_by, unit.suggested_at = (by, timezone.now()) if text else (None, None)


def _source_of(obj, unit):
    """The language that a text was made from, as long as that has a text; else the original's."""
    known = unit.source_language
    return known if known and text_of(obj, unit.field, known) else obj.source_language


def _checked_source(obj, field, language, source_language, units):
    """The source language, with its text and without a circle. Raises ValueError."""
    if source_language != obj.source_language and not text_of(obj, field, source_language):
        raise ValueError(_("There is no text in the language that it would be translated from."))
    step, seen = source_language, {language}
    while step and step != obj.source_language:
        if step in seen:
            raise ValueError(_("The text would be translated from itself, by way of other languages."))
        seen.add(step)
        unit = units.get((field, step))
        step = unit.source_language if unit else ""
    return source_language


@contextmanager
def locked_units(model, pks):
    """
    {pk: {(field, language): Unit}} of some objects, locked with them; what was changed or added within is written at
    the end. Four queries whatever their number.
    """
    with transaction.atomic():
        list(model._base_manager.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))
        content_type = ContentType.objects.get_for_model(model)
        read, units = {}, {pk: {} for pk in pks}
        for unit in Unit.objects.filter(content_type=content_type, object_id__in=pks):
            units[unit.object_id][unit.field, unit.language] = unit
            read[unit.pk] = _values(unit)
        yield units
        left = [unit for found in units.values() for unit in found.values()]
        Unit.objects.bulk_create([unit for unit in left if not unit.pk])
        changed = {unit: _values(unit) for unit in left if unit.pk in read and read[unit.pk] != _values(unit)}
        names = {name for unit, values in changed.items() for name in values if values[name] != read[unit.pk][name]}
        Unit.objects.bulk_update(changed, names or WRITTEN)


@contextmanager
def _units(obj):
    with locked_units(type(obj), [obj.pk]) as units:
        yield units[obj.pk]


def _values(unit):
    return {name: getattr(unit, Unit._meta.get_field(name).attname) for name in WRITTEN}


def by_key(obj):
    """{(field, language): Unit} of an object."""
    return {(unit.field, unit.language): unit for unit in Unit.objects.of(obj)}


def _unit(obj, units, field, language):
    """The unit, made where there is none yet."""
    if (field, language) not in units:
        content_type = ContentType.objects.get_for_model(obj)
        units[field, language] = Unit(content_type=content_type, object_id=obj.pk, field=field, language=language)
    return units[field, language]
