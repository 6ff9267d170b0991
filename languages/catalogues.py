"""
The interface's sentences: found in code and templates, kept in `locale/`, compiled. By Babel: GNU gettext is no part of
a fresh machine.

A message is (context or None, singular, plural or None). Catalogues carry no locations, dates or obsolete messages and
are sorted, so that two pieces of work do not collide in seven files.
"""

import os
import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from languages import CODES

BASE_DIR = Path(__file__).resolve().parent.parent
LOCALE = BASE_DIR / "locale"
SKIPPED = {"benchmarks", "content", "docs", "locale", "node_modules", "static", "tests", "var"}  # at the top
TEMPLATES = {".html", ".svg", ".txt", ".xml"}

SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
# By CLDR; it gives no forms for Tajik, which has two.
PLURALS = {"ru": SLAVIC, "be": SLAVIC, "hy": "nplurals=2; plural=(n > 1);"}
TWO_FORMS = "nplurals=2; plural=(n != 1);"

CALLS = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def path(code):
    return LOCALE / code / "LC_MESSAGES" / "django.po"


def sources(root=BASE_DIR):
    """Python files and templates of the rooms."""
    for folder, folders, files in os.walk(root):
        skipped = SKIPPED if Path(folder) == Path(root) else {"migrations"}
        folders[:] = sorted(name for name in folders if name not in skipped and not name.startswith((".", "_")))
        for name in sorted(files):
            file = Path(folder, name)
            if file.suffix == ".py" or (file.suffix in TEMPLATES and "templates" in file.relative_to(root).parts):
                yield file


def extracted(files=None):
    """{message: comments for translators} of the files, by default of all sources."""
    found = {}
    for file in sources() if files is None else files:
        text = file.read_text()
        if file.suffix != ".py":
            # What stays of the template is no Python: its indentation would stop the tokenizer.
            text = re.sub(r"^[ \t]+", "", templatize(text, origin=str(file)), flags=re.MULTILINE)
        for _, ids, comments, context in extract("python", BytesIO(text.encode()), CALLS, ["Translators:"]):
            singular, plural = ids if isinstance(ids, tuple) else (ids, None)
            before, notes = found.get((context, singular), (None, []))
            found[context, singular] = before or plural, [*notes, *comments]
    return {(*key, plural): comments for key, (plural, comments) in found.items()}


def read(code):
    """The catalogue of a language as it is on disk; an empty one where there is none."""
    if not path(code).exists():
        return empty(code)
    with path(code).open("rb") as file:
        return read_po(file, locale=code, ignore_obsolete=True)


def empty(code):
    catalogue = Catalog(locale=code, fuzzy=False)
    catalogue.mime_headers = [("Plural-Forms", PLURALS.get(code, TWO_FORMS))]
    return catalogue


def update(code, messages):
    """Writes the language's catalogue with these messages, keeping their translations. True if the file changed."""
    old, new = read(code), empty(code)
    for (context, singular, plural), comments in messages.items():
        known = old.get(singular, context)
        forms = known.string if known and not known.fuzzy else ""
        if plural:
            forms = forms if isinstance(forms, tuple) and len(forms) == new.num_plurals else ("",) * new.num_plurals
            new.add((singular, plural), forms, auto_comments=comments, context=context)
        else:
            new.add(singular, forms if isinstance(forms, str) else "", auto_comments=comments, context=context)
    header = {
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": new.plural_forms,
    }
    body = BytesIO()
    write_po(body, new, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    text = "".join(['msgid ""\nmsgstr ""\n', *(f'"{name}: {value}\\n"\n' for name, value in header.items()), "\n"])
    return _write(path(code), text.encode() + body.getvalue())


def problems(code, messages):
    """A sentence for each message that the catalogue lacks, keeps in vain, or translates with other placeholders."""
    catalogue = read(code)
    kept = {(message.context, *_ids(message)): message for message in catalogue if message.id}
    for message in sorted(messages.keys() - kept.keys(), key=str):
        yield f"{code}: missing: {_shown(message)}"
    for message in sorted(kept.keys() - messages.keys(), key=str):
        yield f"{code}: stale: {_shown(message)}"
    for message in sorted(kept.keys() & messages.keys(), key=str):
        allowed = [_placeholders(text) for text in message[1:] if text]
        for form in filter(None, _forms(kept[message])):
            names = _placeholders(form)
            if not names <= set().union(*allowed) or (len(allowed) == 1 and names != allowed[0]):
                yield f"{code}: other placeholders: {_shown(message)}: {form!r}"


def gaps(code):
    """A sentence for each message without a translation. English needs none: the messages are English."""
    if code != "en":
        for message in read(code):
            if message.id and (message.fuzzy or not all(_forms(message))):
                yield f"{code}: not translated: {_shown((message.context, *_ids(message)))}"


def compile_all():
    """Compiles every catalogue that is newer than what was compiled from it; the codes of these."""
    return [code for code in CODES if path(code).exists() and _compile(path(code))]


def _compile(source):
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
        return False
    with source.open("rb") as file:
        catalogue = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    _write(target, compiled.getvalue())
    os.utime(target)
    return True


def _write(target, content):
    """Replaces the file in one step, as another process may be reading it. True if the content is another one."""
    if target.exists() and target.read_bytes() == content:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(target)
    return True


def _ids(message):
    return message.id if isinstance(message.id, tuple) else (message.id, None)


def _forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _placeholders(text):
    return {*re.findall(r"%\(\w+\)|(?<!%)%[sd]|\{\w*\}", text)}


def _shown(message):
    context, singular, plural = message
    return repr(singular) + (f" / {plural!r}" if plural else "") + (f" in the sense {context!r}" if context else "")
