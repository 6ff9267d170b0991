"""What every model with translated or folded fields shares. No tables of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import override

from languages.fields import FoldedField, TidyMixin
from languages.text import column, fallbacks, reader_language, translated_columns, translated_fields


class FoldedQuerySet(models.QuerySet):
    """Rows with folded columns, which follow their texts on every write."""

    def bulk_create(self, objs, *args, update_fields=None, **kwargs):
        if update_fields:
            update_fields = _with_folded(self.model, update_fields)
        return super().bulk_create(objs, *args, update_fields=update_fields, **kwargs)

    def bulk_update(self, objs, fields, batch_size=None):
        """As Django's; a translated field is named by its language columns."""
        if base := {*fields} & {*translated_fields(self.model)}:
            raise TypeError(f"bulk_update() would write {sorted(base)} in one language: name the language column.")
        objs, names = list(objs), _with_folded(self.model, fields)
        fields = [self.model._meta.get_field(name) for name in names]
        for field in fields:
            if isinstance(field, TidyMixin | FoldedField):
                for obj in objs:
                    field.pre_save(obj, add=False)
        return super().bulk_update(objs, names, batch_size)

    def update(self, **kwargs):
        if {*_with_folded(self.model, kwargs)} - {*kwargs}:
            raise TypeError("update() would leave the folded column behind: use save() or bulk_update().")
        return super().update(**kwargs)


class TranslatedQuerySet(FoldedQuerySet):
    def in_language(self, language=None):
        """
        Rows for reading: one text a translated field instead of seven columns, by `fallbacks`, and the language it is
        in. `written` finds them; a language column that is asked for all the same costs a query.
        """
        language, fields, extra = reader_language(language), translated_fields(self.model), {}
        codes = fallbacks(language)
        for field in fields:
            texts = [NullIf(F(column(field, code)), Value("")) for code in codes]
            extra[f"{field}_written"] = Coalesce(*texts, Value(""), output_field=models.TextField())
            extra[f"{field}_written_in"] = Case(
                *[When(**{f"{column(field, code)}__gt": ""}, then=Value(code)) for code in codes], default=Value("")
            )
        folded = [field.name for field in _folded(self.model)]
        return (
            self.rewrite(False)
            .defer(*fields, *translated_columns(self.model), *folded)
            .annotate(_written_for=Value(language), **extra)
        )


class Folded:
    """A record with a folded column. Not a model: it adds none."""

    def save(self, *args, update_fields=None, **kwargs):
        deferred = self.get_deferred_fields()
        if update_fields is None and deferred:  # Django saves what was loaded; the folded column has to follow it
            update_fields = [f.attname for f in self._meta.fields if f.attname not in deferred and not f.primary_key]
        if update_fields is not None:
            update_fields = _with_folded(type(self), update_fields)
            followed = {name for field in _folded(type(self)) for name in field.columns(type(self))}
            if followed & deferred and {*update_fields} & {field.name for field in _folded(type(self))}:
                self.refresh_from_db(fields=followed & deferred)
        super().save(*args, update_fields=update_fields, **kwargs)


class Translated(Folded):
    """
    A record with translated fields. Not a model: it adds no column.

    The base columns (`name` beside `name_en`, `name_ru`, …) are garbage by agreement: saving fills them in the record's
    original language, whoever saves.
    """

    required_texts = ()  # fields whose original may not be empty; the ledger counts them as missing

    @property
    def source_language(self):
        """The language its other languages are translated from."""
        return settings.LANGUAGE_CODE

    def save(self, *args, **kwargs):
        with override(self.source_language):
            super().save(*args, **kwargs)


def _folded(model):
    return [field for field in model._meta.fields if isinstance(field, FoldedField)]


def _with_folded(model, names):
    """The names of columns to write, and of the folded columns that follow any of them."""
    names = list(names)
    follow = [field.name for field in _folded(model) if {*names} & {*field.columns(model), *field.of}]
    return list(dict.fromkeys([*names, *follow]))
