from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.fields import FoldedField, LineField, ProseField
from languages.models import Translated, TranslatedQuerySet
from languages.text import written


def validate_time_zone(value):
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is no time zone; write a name such as Europe/Moscow."), params={"value": value}
        )


class Assembly(Translated, models.Model):
    """The body itself: one row."""

    required_texts = ("name",)

    name = LineField(_("name"), max_length=200, blank=True)
    short_name = LineField(_("short name"), max_length=60, blank=True)
    genitive = LineField(
        _("genitive"), max_length=200, blank=True, help_text=_("The name as it stands after “of”: “the … Assembly”.")
    )
    short_locative = LineField(
        _("short name, after “delegation to”"),
        max_length=100,
        blank=True,
        help_text=_("The short name in the case that “delegation to …” asks for; empty: sentences do without it."),
    )
    address = ProseField(_("postal address"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Moscow", validators=[validate_time_zone]
    )

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("assembly")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1), name="one_assembly", violation_error_message=_("There is one assembly.")
            )
        ]

    def __str__(self):
        return written(self, "name").text

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)


class Office(Translated, models.Model):
    """A post that a person may hold beside the seat."""

    required_texts = ("name",)

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = LineField(
        _("name"), max_length=200, blank=True, help_text=_("In small letters, as in the middle of a sentence.")
    )
    folded = FoldedField(of=["name"])

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["slug"]

    def __str__(self):
        return written(self, "name").text or self.slug
