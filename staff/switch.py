"""
The language switch of a form: one button a language, for everything translated on the page.

The rows are the stock ones; `static/js/language-switch.js` shows those of one language. The script has no words and no
languages of its own: what it says stands here, in the interface's language, and goes along as data.
"""

import re
from html import unescape

from django.forms import Script
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages import ENDONYMS

SCRIPTS = [Script("js/language-switch.js", type="module", blocking="render")]

_BEGINS_WITH_BLOCK = re.compile(r"\s*<(?:p|h[23]|ul|ol|blockquote|table)[\s>]")
_END_OF_BLOCK = re.compile(r"</(?:p|h[23]|li|blockquote|tr|caption)>")


def name_languages(form):
    """Each control of a translated field says the language that is written in it, for spelling and for screen readers."""
    for name, field in form.base_fields.items():
        if language := getattr(form._meta.model._meta.get_field(name), "language", None):
            getattr(field.widget, "widget", field.widget).attrs["lang"] = language


def readable(text):
    """A text as it is compared: rich text without its tags, a line for a block."""
    text = text.replace("\r\n", "\n")
    if not _BEGINS_WITH_BLOCK.match(text):
        return text
    return unescape(strip_tags(_END_OF_BLOCK.sub("\n\n", text).replace("<br>", "\n"))).strip()


def counted(say):
    """
    A sentence for every number, for a script: the different forms of `say(number)`, and which one a number takes.

    No language that we know asks for more than the last two digits of a number from 100 on.
    """
    said = [say(number) for number in range(200)]
    forms = list(dict.fromkeys(said))
    return {"forms": forms, "of": "".join(str(forms.index(sentence)) for sentence in said)}


def switch_words():
    return {
        "toolbar": _("Language of the texts"),
        "filled": counted(
            lambda total: ngettext(
                "%(filled)s of %(count)s field filled", "%(filled)s of %(count)s fields filled", total
            )
        ),
        "errors": counted(lambda count: ngettext("%(count)s error", "%(count)s errors", count)),
        "beside": _("Beside it"),
        "keys": _("same field, next language"),
        "original": _("original"),
        "empty": _("empty"),
        "original_empty": _("original, empty"),
        "changed": _("with its changes since this translation"),
        "original_changed": _("original, with its changes since this translation"),
        "choice_original": _("%(language)s (original)"),
        "copy": _("Copy source"),
        "copy_of": _("Copy source: %(field)s"),
        "source": _("Source, %(language)s"),
    }


def form_words():
    return {
        "record": _("Record"),
        "calendar": _("Choose a date"),
        "clock": _("Choose a time"),
        "saved": _("No unsaved changes."),
        "refused": _("Not saved yet."),
        "unsaved": counted(
            lambda count: ngettext("%(count)s field changed, not saved.", "%(count)s fields changed, not saved.", count)
        ),
    }


def switch_data(original, required, fields=None, languages=None):
    """
    What the script is given.

    `original`: the language that the others are translated from. `required`: {prefix of the formset, '' for the form:
    [field]} whose original may not be empty. `fields`: {name of the control: {"state", "word"}}. `languages`: {code:
    {"state", "word"}, and "public", "public_word" where readers see releases}; states are names of shapes.
    """
    return {
        "original": original,
        "required": required,
        "fields": fields or {},
        "languages": [{"code": code, "name": name, **(languages or {}).get(code, {})} for code, name in ENDONYMS.items()],
        "words": switch_words(),
    }
