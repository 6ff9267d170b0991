"""
How records stand in content files: one description of a record serves reading and writing.

The keys of a record come in the order of its description. What is empty is not written, and a key that is not there is
empty; a key whose value must not be empty is asked for. docs/content.md shows the result.

`files` is what a part may ask: `find` (the id of a record by its key), `name` (the reverse), `keep` (a picture).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from languages.fields import TidyMixin
from languages.text import column, translated_fields
from publishing.html import HTMLField

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Spot:
    """Where something stands in the folder: a file, in it a record, in that a key. For sentences about mistakes."""

    file: str
    path: tuple = ()

    def __truediv__(self, step):
        return replace(self, path=(*self.path, str(step)))

    def __str__(self):
        return ": ".join(filter(None, [self.file, ", ".join(self.path)]))


class Wrong(Exception):
    """A value that cannot be, with a sentence that says what was expected."""


@dataclass(frozen=True)
class Shape:
    """
    A record: its model, the keys of its file in their order, and the lists of records that are parts of it.

    `key`: the lookups whose values, joined by "/", are its natural key; () for the one record of its kind. `same`: the
    columns by which a record of a list is known again. `later`: references to records that may stand further on.
    `bulk`: many new ones are written in one statement.
    """

    model: type
    keys: list
    key: tuple = ("slug",)
    lists: dict = field(default_factory=dict)
    same: tuple = ()
    later: tuple = ()
    bulk: bool = False

    @cached_property
    def parts(self):
        """{key in the file: its part}."""
        return {name: part(self.model, name) for name in self.keys}

    @property
    def addressed(self):
        """Whether its records have a public address, so that they can be readdressed and erased."""
        return self.key == ("slug",) and hasattr(self.model, "get_absolute_url")

    @property
    def released(self):
        return any(relation.name == "releases" for relation in self.model._meta.related_objects)


def part(model, name):
    """The part that fits a field of a model."""
    if name in translated_fields(model):
        return Texts(model, name)
    return _of_column(model._meta.get_field(name))


def _of_column(column):
    if column.many_to_many:
        return References(column)
    if column.many_to_one:
        return Reference(column)
    for kind, found in [
        (HTMLField, Lines), (models.FileField, File), (models.DateTimeField, Instant), (models.DateField, Day),
        (models.BooleanField, Flag), (models.IntegerField, Number),
    ]:
        if isinstance(column, kind):
            return found(column)
    return Text(column)


class Part:
    """One key of a record, for one column of its model."""

    def __init__(self, field):
        self.field = field

    def read(self, value, files):
        """{column: value} of a value in a file. Raises Wrong."""
        return {self.field.attname: self.parse(value, files)}

    def read_absent(self):
        """{column: value} where the key is not there. Raises Wrong where it must be."""
        if self.field.has_default() and not callable(self.field.default):  # else it belongs to the installation
            return {self.field.attname: self.field.default}
        if not self.field.blank:
            raise Wrong(_("is missing; expected %(kind)s.") % {"kind": self.expected()})
        return {self.field.attname: None if self.field.null else ""}

    def write(self, obj, files):
        """The value as it stands in a file; None where there is nothing to write."""
        value = getattr(obj, self.field.attname)
        if value in (None, "") or (not value and self.field.has_default() and value == self.field.default):
            return None
        return self.format(value, files)

    def format(self, value, files):
        return value

    def expected(self):
        if self.field.choices:
            return _("one of %(choices)s") % {"choices": ", ".join(code for code, _name in self.field.flatchoices)}
        return self.kind()

    def refuse(self):
        raise Wrong(_("expected %(kind)s.") % {"kind": self.expected()})

    def text(self, value):
        """The value, if it is a text that a database can keep."""
        if not isinstance(value, str):
            self.refuse()
        if NO_TEXT.search(value):
            raise Wrong(_("has a character that is none: NUL, or half of a pair."))
        return value


class Text(Part):
    def kind(self):
        return _("a text")

    def parse(self, value, files):
        text = self.text(value)
        if self.field.choices and text not in dict(self.field.flatchoices) and (text or not self.field.blank):
            self.refuse()
        return self.field.tidy(text) if isinstance(self.field, TidyMixin) else text


class Lines(Part):
    """Rich text: a list of its lines, as a rule a block each."""

    def kind(self):
        return _("a list of texts, one for each line of HTML")

    def parse(self, value, files):
        if not isinstance(value, list):
            self.refuse()
        try:
            return self.field.tidy("\n".join(self.text(line) for line in value))
        except ValidationError as error:
            raise Wrong(" ".join(error.messages)) from error

    def format(self, value, files):
        return value.split("\n")


class Number(Part):
    def kind(self):
        return _("a whole number")

    def parse(self, value, files):
        return value if type(value) is int else self.refuse()


class Flag(Part):
    def kind(self):
        return _("true or false")

    def parse(self, value, files):
        return value if isinstance(value, bool) else self.refuse()


class Day(Part):
    def kind(self):
        return _("a day such as 2025-10-07")

    def parse(self, value, files):
        try:
            return date.fromisoformat(value) if DAY.fullmatch(value) else self.refuse()
        except (TypeError, ValueError):
            self.refuse()

    def format(self, value, files):
        return value.isoformat()


class Instant(Part):
    def kind(self):
        return _("an instant in UTC such as 2025-10-07T09:00:00Z")

    def parse(self, value, files):
        try:
            return datetime.fromisoformat(value) if INSTANT.fullmatch(value) else self.refuse()
        except (TypeError, ValueError):
            self.refuse()

    def format(self, value, files):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class File(Part):
    """A picture's file, by its name in the folder of pictures."""

    def kind(self):
        return _("the name of a file in the folder of pictures, in small letters")

    def read(self, value, files):
        return files.keep(self.text(value), self)

    def format(self, value, files):
        return files.take(value)


class Reference(Part):
    """A foreign key: the natural key of the other record."""

    def kind(self):
        return _("the key of a record (%(model)s)") % {"model": self.field.related_model._meta.verbose_name}

    def parse(self, value, files):
        return files.find(self.field.related_model, self.text(value))

    def format(self, value, files):
        return files.name(self.field.related_model, value)


class References(Reference):
    """Many-to-many: a list of natural keys. Its value is no column; it stands in `links`: {name: sorted ids}."""

    def kind(self):
        return _("a list of keys (%(model)s)") % {"model": self.field.related_model._meta.verbose_name_plural}

    def parse(self, value, files):
        if not isinstance(value, list):
            self.refuse()
        found = tuple(sorted(files.find(self.field.related_model, self.text(key)) for key in value))
        if len(set(found)) < len(found):
            raise Wrong(_("names a record twice."))
        return found

    def read_absent(self):
        return {self.field.attname: ()}

    def write(self, obj, files):
        names = sorted(self.format(pk, files) for pk in obj.links[self.field.attname])
        return names or None


class Texts:
    """A translated field: {"en": "…", "ru": "…"}."""

    def __init__(self, model, name):
        self.parts = {code: _of_column(model._meta.get_field(column(name, code))) for code in languages()}

    def read(self, value, files):
        if not isinstance(value, dict):
            raise Wrong(_("expected the text by language, such as {\"en\": \"…\"}."))
        found = self.read_absent()
        for code, text in value.items():
            if code not in self.parts:
                raise Wrong(
                    _("“%(language)s” is no language here; expected one of %(languages)s.")
                    % {"language": code, "languages": ", ".join(languages())}
                )
            try:
                found |= self.parts[code].read(text, files)
            except Wrong as wrong:
                raise Wrong(f"{code}: {wrong}") from wrong
        return found

    def read_absent(self):
        return {part.field.attname: "" for part in self.parts.values()}

    def write(self, obj, files):
        texts = {code: part.write(obj, files) for code, part in self.parts.items()}
        return {code: text for code, text in texts.items() if text} or None


def languages():
    return settings.MODELTRANSLATION_LANGUAGES
