"""Text in the reader's language, else in another one that is named: all fallback of the register goes through here."""

import re
import unicodedata
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language
from modeltranslation.translator import translator

PLACE = re.compile(r"%\((\w+)\)[sd]")
BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Control characters (tab and line ends apart) and lone surrogates: XML, SQLite and PostgreSQL stop at one or another.
CONTROLS = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)])
DROPPED = re.compile("[" + "".join(map(chr, BIDI_CONTROLS | CONTROLS)) + "]")  # translate() took 40 times as long
SEEN = re.compile(r"[^\s\u200b\u2060\ufeff]")  # the last three are no white space to Python, and nothing to a reader


class Written(NamedTuple):
    """A text and the language it is written in; ('', '') where nobody wrote any."""

    text: str
    language: str

    def __str__(self):
        return self.text


def tidy(text):
    """NFC, without control characters and those that turn the direction of what follows; '' where nothing is seen."""
    text = unicodedata.normalize("NFC", DROPPED.sub("", str(text or "")))
    return text if SEEN.search(text) else ""


def translated_fields(model):
    """Names of the model's translated fields, in the order of the model; [] where it has none."""
    options = translator._registry.get(model)
    return [field.name for field in model._meta.fields if field.name in options.all_fields] if options else []


def translated_columns(model):
    """Names of the columns that hold the model's texts, all languages of a field together."""
    return [column(field, code) for field in translated_fields(model) for code in settings.MODELTRANSLATION_LANGUAGES]


def translated_models():
    """Every model with translated fields, in the order of the rooms."""
    return [model for model in apps.get_models() if translated_fields(model)]


def reader_language(language=None):
    """The language asked for, else the active one; the site's default where translation is switched off."""
    return language or get_language() or settings.LANGUAGE_CODE


def column(field, language):
    """The name of a translated field's column in a language."""
    return f"{field}_{language}"


def fallbacks(language=None):
    """Languages in the order in which a reader is served: the one asked for (or active), the site's, the others."""
    first = [reader_language(language), settings.LANGUAGE_CODE]
    return list(dict.fromkeys([*first, *settings.PUBLIC_LANGUAGES, *settings.MODELTRANSLATION_LANGUAGES]))


def written(obj, field, language=None):
    """`Written` for a field of a register record, by `fallbacks`. Uses what `in_language()` loaded, if it did."""
    if obj.__dict__.get("_written_for") == reader_language(language):
        return Written(obj.__dict__[f"{field}_written"], obj.__dict__[f"{field}_written_in"])
    for code in fallbacks(language):
        if text := getattr(obj, column(field, code)):
            return Written(text, code)
    return Written("", "")


def compose(pattern, **parts):
    """
    A translated pattern with `%(name)s` places, filled: a list of Written, each with the language it is in.

    A part is a Written, a list of Written, or anything else (a number, a date written out), which is taken to be in
    the active language, as the pattern is.
    """
    language, found = get_language(), []
    for position, piece in enumerate(PLACE.split(pattern)):
        if position % 2:
            part = parts[piece]
            if not isinstance(part, list):
                part = [part if isinstance(part, Written) else Written(str(part), language)]
            found += part
        else:
            found.append(Written(piece.replace("%%", "%"), language))
    merged = []
    for part in found:
        if merged and merged[-1].language == part.language:
            merged[-1] = Written(merged[-1].text + part.text, part.language)
        elif part.text:
            merged.append(part)
    return merged


def plain(parts):
    """The text of a list of Written, without its languages."""
    return "".join(part.text for part in parts)
