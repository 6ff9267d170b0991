"""Lists of news by key: a page begins at a date and an item, not at a number, so that every page costs the same."""

import re
from datetime import date

from django import forms
from django.db.models import Exists, Q

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

    def query(self):
        """What was asked for, as the query of an address; '' for the first page."""
        asked = [(name, place) for name, place in self.cleaned_data.items() if place]
        return f"?{'&'.join(f'{name}={place[0].isoformat()}_{place[1]}' for name, place in asked)}" if asked else ""


def page(rows, before=None, after=None, size=PAGE_SIZE):
    """
    One page of a queryset in the order of lists: (rows, key for newer or None, key for older or None).

    Where there is less than a page of newer ones, the first page serves. One query; two for that.
    """
    if after:
        day, item = after
        later = rows.filter(date__gte=day).filter(Q(date__gt=day) | Q(item_id__gt=item))
        ahead = list(later.order_by("date", "item_id")[: size + 1])
        if len(ahead) <= size:
            return page(rows, size=size)
        found, newer, older = ahead[:size][::-1], True, True
    else:
        if before:
            day, item = before
            rows = rows.filter(date__lte=day).filter(Q(date__lt=day) | Q(item_id__lt=item))
        ahead = list(rows[: size + 1])
        found, newer, older = ahead[:size], bool(before), len(ahead) > size
    return found, key(found[0]) if found and newer else None, key(found[-1]) if found and older else None


def key(row):
    return f"{row.date.isoformat()}_{row.item_id}"


def periods(rows, year=None):
    """
    The years in which there is anything, newest first, a hundred at most; of a year, its months. Three queries at most.

    Each period is one look into the index, so that it costs the same with 100,000 items.
    """
    if year:
        return _filled(rows, [(year, month) for month in range(1, 13)])
    days = rows.order_by("date").values_list("date", flat=True)
    first, last = days.first(), days.last()
    return _filled(rows, [(y,) for y in range(last.year, max(first.year, last.year - 99) - 1, -1)]) if first else []


def _filled(rows, candidates):
    """Of (year,) or (year, month), the years or months in which there are rows: one query."""
    names = {f"period_{number}": period for number, period in enumerate(candidates)}
    found = rows.order_by().values(**{name: Exists(rows.of_period(*period)) for name, period in names.items()})[:1]
    return [names[name][-1] for row in found for name, filled in row.items() if filled]
