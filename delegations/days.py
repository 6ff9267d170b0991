"""`?on=2025-10-07`: the register as of a day. One form for every page of the register."""

import re
from datetime import date

from django import forms
from django.http import Http404
from django.utils import timezone

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class OnDayForm(forms.Form):
    on = forms.CharField(required=False)

    def clean_on(self):
        """A day, or None where none is asked for."""
        text = self.cleaned_data["on"]
        if not text:
            return None
        if not ISO_DAY.fullmatch(text):
            raise forms.ValidationError("A day is written 2025-10-07.")
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError("There is no such day.") from error


class OnDayMixin:
    """
    A view of the register. `self.day` is the day asked for, or None for today; `self.at_day` the day to answer for.

    The template gets `day`, `on` (the query to keep in links: "?on=…" or "") and `future`.
    """

    def dispatch(self, request, *args, **kwargs):
        form = OnDayForm(request.GET)
        if not form.is_valid():
            raise Http404
        self.day = form.cleaned_data["on"]
        self.at_day = self.day or timezone.localdate()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            day=self.day,
            on=f"?on={self.day.isoformat()}" if self.day else "",
            future=bool(self.day and self.day > timezone.localdate()),
            **kwargs,
        )
