"""Lists of news by key: a page begins at a date and an item, not at a number, so that every page costs the same."""

import re
from datetime import date

from django import forms
from django.db.models import Q

PAGE_SIZE = 20
KEY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})_([0-9]{1,18})")


class KeyField(forms.CharField):
    """A place in a list, `2025-10-07_12`: (day, item id), or None where none is asked for."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        match = KEY.fullmatch(text)
        try:
            return date.fromisoformat(match[1]), int(match[2])
        except (TypeError, ValueError) as error:
            raise forms.ValidationError("A place is written 2025-10-07_12.") from error


class ListForm(forms.Form):
    """All that a list of news may be asked for."""

    before = KeyField(required=False)
    after = KeyField(required=False)


def page(rows, before=None, after=None, size=PAGE_SIZE):
    """
    One page of a queryset in the order of lists: (rows, key for newer or None, key for older or None).

    `rows` is the sliced queryset of at most `size` rows. Costs two queries: the page, and whether there are newer ones.
    """
    if after:
        day, item = after
        ahead = list(_later(rows, day, item).order_by("date", "item_id")[: size + 1])
        found, newer, older = ahead[:size][::-1], len(ahead) > size, True
    else:
        if before:
            day, item = before
            rows_on = rows.filter(date__lte=day).filter(Q(date__lt=day) | Q(item_id__lt=item))
        else:
            rows_on = rows
        ahead = list(rows_on[: size + 1])
        found, newer, older = ahead[:size], bool(before), len(ahead) > size
    return (
        found,
        key(found[0]) if found and newer else None,
        key(found[-1]) if found and older else None,
    )


def key(row):
    return f"{row.date.isoformat()}_{row.item_id}"


def _later(rows, day, item):
    return rows.filter(date__gte=day).filter(Q(date__gt=day) | Q(item_id__gt=item))
