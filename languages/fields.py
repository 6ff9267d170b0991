"""Text fields that are tidy on every write: save, bulk_create, bulk_update and update alike."""

from django.conf import settings
from django.db import models

from languages.fold import fold
from languages.text import column, tidy, translated_fields


class TidyMixin:
    """Cleans before validation, on the instance before saving, and once more on the way into the database."""

    def tidy(self, value):
        return tidy(value)

    def clean(self, value, model_instance):
        return super().clean(self.tidy(value), model_instance)  # ' ' in a required field is an empty field

    def pre_save(self, instance, add):
        value = super().pre_save(instance, add)
        if not hasattr(value, "resolve_expression"):
            value = self.tidy(value)
            instance.__dict__[self.attname] = value
        return value

    def get_db_prep_save(self, value, connection):
        if not hasattr(value, "resolve_expression"):
            value = self.tidy(value)
        return super().get_db_prep_save(value, connection)


class LineField(TidyMixin, models.CharField):
    """One line: white space collapsed."""

    def tidy(self, value):
        return " ".join(tidy(value).split())


class ProseField(TidyMixin, models.TextField):
    """Plain text of several lines."""

    def tidy(self, value):
        return tidy(value).replace("\r\n", "\n").strip()


class FoldedField(models.TextField):
    """
    What a search reads: the folded text of other fields, in all languages. Fills itself on every write; never typed.

    Declared after the fields it follows, on a model whose base is `Folded` and whose manager a `FoldedQuerySet`: they
    bring it along where a write names its columns.
    """

    def __init__(self, *args, of=(), **kwargs):
        self.of = tuple(of)
        super().__init__(*args, **{**kwargs, "editable": False, "blank": True, "default": ""})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["blank"], kwargs["default"]
        return name, path, args, {**kwargs, "of": self.of}

    def columns(self, model):
        """The columns it is made from."""
        translated = translated_fields(model)
        for field in self.of:
            if field in translated:
                yield from (column(field, code) for code in settings.MODELTRANSLATION_LANGUAGES)
            else:
                yield field

    def pre_save(self, instance, add):
        texts = dict.fromkeys(fold(getattr(instance, name) or "") for name in self.columns(type(instance)))
        value = " ".join(filter(None, texts))
        setattr(instance, self.attname, value)
        return value
