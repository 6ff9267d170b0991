"""Text in the reader's language, else in another one that is named. All fallback of the register goes through `written`."""

import re
import unicodedata
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from modeltranslation.translator import translator

PLACE = re.compile(r"%\((\w+)\)[sd]")
BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class Written(NamedTuple):
    """A text and the language it is written in; ('', '') where nobody wrote any."""

    text: str
    language: str

    def __str__(self):
        return self.text


def tidy(text):
    """NFC, without NUL and the characters that turn the direction of what follows; white space alone is nothing."""
    text = unicodedata.normalize("NFC", str(text or "")).translate(BIDI_CONTROLS).replace("\0", "")
    return text if text.strip() else ""


def translated_fields(model):
    """Names of the model's translated fields, in the order in which they were registered; [] where it has none."""
    options = translator._registry.get(model)
    return list(options.all_fields) if options else []


def column(field, language):
    """The name of a translated field's column in a language."""
    return f"{field}_{language}"


def fallbacks(language=None):
    """Languages in the order in which a reader is served: the asked for (default: the active one), the site's default, the others."""
    first = [language or get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE]
    return list(dict.fromkeys([*first, *settings.PUBLIC_LANGUAGES, *settings.MODELTRANSLATION_LANGUAGES]))


def written(obj, field, language=None):
    """`Written` for a field of a register record, by `fallbacks`. Uses what `in_language()` loaded where it was asked for."""
    if obj.__dict__.get("_written_for") == (language or get_language()):
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
            found += part if isinstance(part, list) else [part if isinstance(part, Written) else Written(str(part), language)]
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
