"""Who changed what, when: kept for every staff-edited model, language column by language column."""

import simple_history

from languages.fields import FoldedField
from languages.text import translated_fields


def keep_history(model, **options):
    """
    Register a model's history. Called in `translation.py`, after modeltranslation has added the language columns
    (a HistoricalRecords() inside the model raises TypeError on every save). Base columns are garbage, folded ones
    derived: neither is kept.
    """
    derived = [field.name for field in model._meta.fields if isinstance(field, FoldedField)]
    simple_history.register(model, excluded_fields=[*translated_fields(model), *derived], **options)
