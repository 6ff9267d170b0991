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
    A view of the register. `self.day` is the day asked for, or None; `self.at_day` the day to answer for; `self.on` the
    query that links keep ("?on=…" or "").

    The template gets `day`, `at_day`, `on`, `query` (the same, for the language switcher) and `future`. Of a day after
    today nothing is known: `self.future` views show no fact.
    """

    def dispatch(self, request, *args, **kwargs):
        form, today = OnDayForm(request.GET), timezone.localdate()
        if not form.is_valid():
            raise Http404
        self.day = form.cleaned_data["on"]
        self.at_day = self.day or today
        self.future = self.at_day > today
        self.on = f"?on={self.day.isoformat()}" if self.day else ""
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            day=self.day, at_day=self.at_day, on=self.on, query=self.on, future=self.future, **kwargs
        )
