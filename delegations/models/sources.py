from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from languages.fields import LineField, ProseField
from languages.models import Translated, TranslatedQuerySet
from languages.text import written


class WebAddressField(models.URLField):
    """An address of the web, as it was published; no other schemes."""

    default_validators = [URLValidator(["http", "https"])]


class Source(Translated, models.Model):
    """Where a fact was read: typed once, chosen often."""

    required_texts = ("title",)

    slug = models.SlugField(
        _("key"), max_length=80, unique=True, help_text=_("A short name for files of content; readers never see it.")
    )
    title = LineField(_("title"), max_length=300, blank=True)
    address = WebAddressField(_("address"), max_length=500, blank=True)
    published = models.DateField(
        _("published"), null=True, blank=True, help_text=_("The day it says of itself; empty if not known.")
    )
    retrieved = models.DateField(
        _("retrieved"), null=True, blank=True, help_text=_("The day it was read; empty if not known.")
    )
    note = ProseField(_("note"), blank=True, help_text=_("For staff."))

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["-published", "-retrieved", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published=None) | Q(retrieved=None) | Q(retrieved__gte=models.F("published")),
                name="source_read_after_it_appeared",
                violation_error_message=_("A source is read on the day it is published or later."),
            )
        ]

    def __str__(self):
        return written(self, "title").text or self.slug

    @property
    def said(self):
        """The day on which it said what it says, or None."""
        return self.published or self.retrieved

    def clean(self):
        """A changed day moves the known periods of the facts that cite it: none may come to overlap."""
        from delegations.models.facts import overlap_by  # facts have sources

        super().clean()
        if not self.pk:
            return
        with transaction.atomic():
            before = Source._base_manager.select_for_update(no_key=True).filter(pk=self.pk).first()
            if before and before.said != self.said and (facts := overlap_by(self)):
                raise ValidationError(
                    _("With these days “%(fact)s” and “%(other)s” would hold at the same time."),
                    params=dict(zip(["fact", "other"], facts, strict=True)),
                )
