"""
The translation ledger: who vouched for which text, and what it was made from. States are computed, never flagged.

It speaks of the working copy; what the public reads is decided in `publishing`. Every function that writes runs in one
transaction. Functions take a saved object with translated fields; `field` is a field's name without its language.
"""

import hashlib
import unicodedata

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.text import column, translated_fields
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


def digest(text):
    """32 hexadecimal digits for a text; the same for texts that differ in white space or Unicode form alone. '' for none."""
    text = " ".join(unicodedata.normalize("NFC", text or "").split())
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest() if text else ""


def version(texts):
    """One digest for a whole text: {field: text} in any order."""
    return digest("\n".join(f"{field}:{digest(text)}" for field, text in sorted(texts.items())))


def required_fields(obj):
    return getattr(obj, "required_texts", ())


def text_of(obj, field, language):
    return getattr(obj, column(field, language)) or ""


# Reading


def states(obj, units=None):
    """{(field, language): State} of an object's texts; a field whose original is empty has none, unless it is required."""
    units = _by_key(obj) if units is None else units
    found = {}
    for field in translated_fields(type(obj)):
        original = text_of(obj, field, obj.source_language)
        for language in _languages():
            unit = units.get((field, language))
            if state := _state(obj, field, language, original, unit):
                found[field, language] = state
    return found


def language_states(obj, units=None):
    """{language: State}: the worst of its fields; a language without any counted field is missing."""
    found = {language: [] for language in _languages()}
    for (_field, language), state in states(obj, units).items():
        found[language].append(state)
    return {language: max(known, key=SEVERITY.index, default=State.MISSING) for language, known in found.items()}


def _state(obj, field, language, original, unit):
    if not original:
        required = field in required_fields(obj) and language == obj.source_language
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


def made_from(obj, language, versions):
    """
    Digest of the version of the original that a language's texts were made from, or '' if they follow none.

    `versions` are {field: text} of the original, the likeliest first. For the original itself: the digest of the first.
    Every text must be vouched for, and made from one and the same version. A text translated from a translation
    follows what that one follows, as long as that one stands as it did.
    """
    versions = list(versions)
    if language == obj.source_language:
        return version(versions[0])
    units = _by_key(obj)
    traced = {
        field: _traced(obj, field, language, units)
        for field in versions[0]
        if text_of(obj, field, language)
    }
    if not traced or None in traced.values():
        return ""
    for texts in versions:
        if all(digest(texts.get(field)) == source for field, source in traced.items()):
            return version(texts)
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


@transaction.atomic
def record(obj, languages=None, fields=None):
    """
    Take note of texts as they are now, so that what was made from them shows as stale or as approved again.

    Called after a text was written by somebody with the right to; the text itself is vouched for by `approve` alone,
    the original by being written.
    """
    units = _by_key(obj)
    for field in fields or translated_fields(type(obj)):
        for language in languages or [obj.source_language]:
            now = digest(text_of(obj, field, language))
            if language == obj.source_language:
                unit = units.get((field, language)) or _unit(obj, field, language)
                if unit.text_digest != now or unit.source_language or not unit.pk:
                    unit.text_digest, unit.source_language = now, ""
                    unit.source_digest = unit.current_source_digest = unit.source_text = ""
                    unit.save()
            Unit.objects.of(obj).filter(field=field, source_language=language).exclude(
                current_source_digest=now
            ).update(current_source_digest=now)


@transaction.atomic
def approve(obj, language, fields=None, by=None, source_language=None):
    """
    Vouch for a language's texts as they stand, made from the source as it stands.

    `fields`: those that have a text, by default. Raises ValueError for a language made from itself, directly or by way
    of others.
    """
    units = _by_key(obj)
    for field in fields or translated_fields(type(obj)):
        text = text_of(obj, field, language)
        if language == obj.source_language or not text:
            continue
        unit = units.get((field, language)) or _unit(obj, field, language)
        unit.source_language = _checked_source(obj, field, language, source_language or unit.source_language, units)
        source = text_of(obj, field, unit.source_language)
        unit.text_digest = digest(text)
        unit.source_digest = unit.current_source_digest = digest(source)
        unit.source_text = source
        unit.approved_by, unit.approved_at = by, timezone.now()
        unit.suggestion, unit.suggested_by, unit.suggested_at = "", None, None
        unit.save()
    record(obj, [language], fields)


@transaction.atomic
def suggest(obj, field, language, text, by=None):
    """Put a text beside a field for a reviewer; the field itself stays. An empty text takes the suggestion back."""
    if language == obj.source_language:
        raise ValueError(_("The original is written, not suggested."))
    unit = _by_key(obj).get((field, language)) or _unit(obj, field, language)
    unit.suggestion, unit.suggested_by = text, by if text else None
    unit.suggested_at = timezone.now() if text else None
    unit.save()
    return unit


@transaction.atomic
def accept(unit, by=None, text=None):
    """Write a suggestion (or the reviewer's changed `text`) into its field and vouch for it. Returns the object."""
    if not unit.suggestion:
        raise ValueError(_("No suggestion waits here."))
    obj = unit.content_type.model_class()._base_manager.select_for_update().get(pk=unit.object_id)
    setattr(obj, column(unit.field, unit.language), unit.suggestion if text is None else text)
    obj.save()
    approve(obj, unit.language, [unit.field], by)
    return obj


def refuse(unit):
    """Take a suggestion away; the field stays as it is."""
    suggest(unit.content_type.model_class()._base_manager.get(pk=unit.object_id), unit.field, unit.language, "")


@transaction.atomic
def declare_minor(obj, before, fields=None):
    """
    The original changed in form, not in meaning: what was approved against it stays approved.

    `before`: {field: text} of the original before the change. Only texts made from exactly that are carried over.
    """
    for field in fields or translated_fields(type(obj)):
        source = text_of(obj, field, obj.source_language)
        Unit.objects.of(obj).filter(
            field=field, source_language=obj.source_language, source_digest=digest(before.get(field))
        ).update(source_digest=digest(source), current_source_digest=digest(source), source_text=source)
    record(obj, fields=fields)


def recheck(model, batch=500):
    """
    Find what raw writes left: record sources that changed, drop units of objects and fields that are gone.

    Returns a list of sentences, one for each mend; an empty list if the ledger is in step. Reads in batches.
    """
    said = []
    content_type = ContentType.objects.get_for_model(model)
    units = Unit.objects.filter(content_type=content_type)
    gone = units.exclude(object_id__in=model._base_manager.values("pk")) | units.exclude(
        field__in=translated_fields(model)
    )
    for unit in gone:
        said.append(_("%(unit)s: what it spoke of is gone.") % {"unit": unit})
    Unit.objects.filter(pk__in=[unit.pk for unit in gone]).delete()
    for obj in model._base_manager.order_by("pk").iterator(chunk_size=batch):
        before = {(unit.field, unit.language): unit for unit in Unit.objects.of(obj)}
        changed = [
            (field, language)
            for (field, language), unit in before.items()
            if not unit.source_language and unit.text_digest != digest(text_of(obj, field, language))
        ]
        behind = [
            (unit.field, unit.source_language)
            for unit in before.values()
            if unit.source_language
            and unit.current_source_digest != digest(text_of(obj, unit.field, unit.source_language))
        ]
        for field, language in dict.fromkeys([*changed, *behind]):
            record(obj, [language], [field])
            said.append(_("%(object)s: %(field)s was changed outside the administration.")
                        % {"object": obj, "field": column(field, language)})
    return said


def _languages():
    from django.conf import settings

    return settings.MODELTRANSLATION_LANGUAGES


def _by_key(obj):
    return {(unit.field, unit.language): unit for unit in Unit.objects.of(obj)}


def _unit(obj, field, language):
    return Unit(
        content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk, field=field, language=language
    )


def _checked_source(obj, field, language, source_language, units):
    """The language a text is made from; the original's unless another is named. Raises ValueError on a circle."""
    source = source_language or obj.source_language
    step, seen = source, {language}
    while step and step != obj.source_language:
        if step in seen:
            raise ValueError(_("The text would be translated from itself, by way of other languages."))
        seen.add(step)
        unit = units.get((field, step))
        step = unit.source_language if unit else ""
    return source
