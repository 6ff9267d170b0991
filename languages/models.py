"""What every model with translated fields shares. No tables of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language, override

from languages.fields import FoldedField
from languages.text import column, fallbacks, translated_fields


class TranslatedQuerySet(models.QuerySet):
    def in_language(self, language=None):
        """Rows with one column a translated field instead of seven: the text by `fallbacks`, and the language it is in."""
        language = language or get_language()
        codes, fields, extra = fallbacks(language), translated_fields(self.model), {}
        for field in fields:
            texts = {code: NullIf(F(column(field, code)), Value("")) for code in codes}
            extra[f"{field}_written"] = Coalesce(*texts.values(), Value(""), output_field=models.TextField())
            extra[f"{field}_written_in"] = Case(
                *[When(**{f"{column(field, code)}__gt": ""}, then=Value(code)) for code in codes], default=Value("")
            )
        columns = [name for field in fields for name in [field, *(column(field, code) for code in codes)]]
        folded = [field.name for field in self.model._meta.fields if isinstance(field, FoldedField)]
        return (
            self.rewrite(False).defer(*columns, *folded).annotate(_written_for=Value(language), **extra)
        )

    def bulk_update(self, objs, fields, **kwargs):
        objs = list(objs)
        folded = _folded(self.model, fields)
        for obj in objs:
            for field in folded:
                field.pre_save(obj, add=False)
        return super().bulk_update(objs, {*fields, *(field.name for field in folded)}, **kwargs)

    def update(self, **kwargs):
        if _folded(self.model, kwargs):
            raise TypeError("update() would leave the folded column behind: use save() or bulk_update().")
        return super().update(**kwargs)


class Translated:
    """
    A record with translated fields. Not a model: it adds no column.

    The base columns (`name` beside `name_en`, `name_ru`, …) are garbage by agreement: saving fills them in the record's
    original language, whoever saves.
    """

    @property
    def source_language(self):
        """The language its other languages are translated from."""
        return settings.LANGUAGE_CODE

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields, *(field.name for field in _folded(type(self), update_fields))}
        with override(self.source_language):
            super().save(*args, update_fields=update_fields, **kwargs)


def _folded(model, names):
    """The folded fields that follow any of the named columns."""
    folded = [field for field in model._meta.fields if isinstance(field, FoldedField)]
    return [field for field in folded if {*names} & {*field.columns(model), *field.of}]
