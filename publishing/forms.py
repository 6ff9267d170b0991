"""What an editor says of a release, a withdrawal, a new address."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages import ENDONYMS


def instant(day, time):
    """
    A day and a time of the site's clock as an instant.

    Raises ValidationError for a time that the clock jumps over. Of an hour that comes twice, the first.
    """
    local = datetime.combine(day, time, tzinfo=settings.SITE_ZONE)
    if local.astimezone(UTC).astimezone(settings.SITE_ZONE).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValidationError(
            _("%(time)s does not exist on that day in %(zone)s: the clock jumps over it."),
            params={"time": time.strftime("%H:%M"), "zone": settings.TIME_ZONE},
        )
    return local


def day_field(label):
    return forms.DateField(
        label=label, required=False, input_formats=["%Y-%m-%d"], widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def time_field(label):
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


class LanguagesForm(forms.Form):
    """A form with a text for each language, typed where it is wanted: `texts(name)` gives {language: text}."""

    def add_texts(self, name, label, codes):
        for code in codes:
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=_("%(label)s, %(language)s") % {"label": label, "language": ENDONYMS[code]},
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2, "lang": code, "class": "vLargeTextField"}),
            )

    def texts(self, name):
        begin = f"{name}_"
        return {
            key.removeprefix(begin): value
            for key, value in self.cleaned_data.items()
            if key.startswith(begin) and key.removeprefix(begin) in ENDONYMS and value
        }

    def clean_instant(self, day, time, missing):
        """The instant of two fields, or None where both are empty."""
        found = self.cleaned_data.get(day), self.cleaned_data.get(time)
        if not any(found):
            return None
        if not all(found):
            self.add_error(day if not found[0] else time, missing)
            return None
        try:
            return instant(*found)
        except ValidationError as error:
            self.add_error(time, error)
            return None


class ReleaseForm(LanguagesForm):
    """Which languages, from when, until when, with which notes."""

    NOW, AT = "now", "at"
    MINOR, MAJOR = "minor", "major"

    release = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=ENDONYMS.items, required=True,
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    release_when = forms.ChoiceField(
        label=gettext_lazy("When"), choices=[(NOW, gettext_lazy("Now")), (AT, gettext_lazy("At"))], initial=NOW, required=False
    )
    release_date = day_field(gettext_lazy("Date of release"))
    release_time = time_field(gettext_lazy("Time of release"))
    end_date = day_field(gettext_lazy("Withdrawn on"))
    end_time = time_field(gettext_lazy("Withdrawn at"))
    release_kind = forms.ChoiceField(
        label=gettext_lazy("What kind of change"), required=False, initial=MINOR,
        choices=[(MINOR, gettext_lazy("Correction of form")), (MAJOR, gettext_lazy("Change of meaning"))],
    )
    word = forms.CharField(
        label=gettext_lazy("Release all the same, because"), required=False, max_length=1000,
        widget=forms.Textarea({"rows": 2, "class": "vLargeTextField"}),
    )

    def __init__(self, item, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = item
        self.add_texts("note", _("Change note"), ENDONYMS)
        self.add_texts("reason", _("Reason of the withdrawal"), ENDONYMS)

    def clean(self):
        cleaned = super().clean()
        missing = _("A day and a time belong together.")
        cleaned["at"] = cleaned["until"] = None
        if cleaned.get("release_when") == self.AT:
            cleaned["at"] = self.clean_instant("release_date", "release_time", missing)
            if cleaned["at"] is None and not self.errors:
                self.add_error("release_date", _("Say when, or choose “Now”."))
        cleaned["until"] = self.clean_instant("end_date", "end_time", missing)
        if cleaned["until"] and not cleaned.get(f"reason_{self.item.original_language}"):
            self.add_error(
                f"reason_{self.item.original_language}", _("A planned withdrawal needs a reason in the original language.")
            )
        if cleaned.get("release_kind") == self.MAJOR and not self.texts("note"):
            self.add_error(f"note_{self.item.original_language}", _("Say to readers what changed in meaning."))
        return cleaned

    def arguments(self):
        """What `publishing.release.release` takes."""
        notes = self.texts("note") if self.cleaned_data.get("release_kind") == self.MAJOR else {}
        return {
            "languages": self.cleaned_data["release"], "at": self.cleaned_data["at"], "until": self.cleaned_data["until"],
            "reason": self.texts("reason"), "notes": notes, "word": self.cleaned_data["word"],
        }


class WithdrawForm(LanguagesForm):
    """The whole item, or some translations alone; why; from when; or in error."""

    WHOLE = "item"

    what = forms.MultipleChoiceField(label=gettext_lazy("What is withdrawn"), required=True)
    at_date = day_field(gettext_lazy("Date; empty: now"))
    at_time = time_field(gettext_lazy("Time; empty: now"))
    in_error = forms.BooleanField(
        label=gettext_lazy("Published in error"), required=False,
        help_text=gettext_lazy("It should never have been public: at once, in all languages, and no page of any day shows it."),
    )

    def __init__(self, item, codes, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = item
        translations = [code for code in codes if code != item.original_language]
        self.fields["what"].choices = [(self.WHOLE, _("The whole item")), *((code, ENDONYMS[code]) for code in translations)]
        self.fields["what"].widget = forms.CheckboxSelectMultiple(choices=self.fields["what"].choices)
        self.add_texts("reason", _("Reason for readers"), codes)

    def clean(self):
        cleaned = super().clean()
        cleaned["at"] = self.clean_instant("at_date", "at_time", _("A day and a time belong together."))
        return cleaned

    def arguments(self):
        """What `publishing.release.withdraw` takes."""
        chosen = self.cleaned_data["what"]
        return {
            "languages": None if self.WHOLE in chosen else chosen, "reason": self.texts("reason"),
            "in_error": self.cleaned_data["in_error"], "at": self.cleaned_data["at"],
        }


class AddressForm(forms.Form):
    slug = forms.CharField(label=gettext_lazy("New address"), max_length=100)
