from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class UnitQuerySet(models.QuerySet):
    def of(self, obj):
        """The units of one object."""
        content_type = ContentType.objects.get_for_model(obj, for_concrete_model=True)
        return self.filter(content_type=content_type, object_id=obj.pk)

    def stale(self):
        """Units of translations whose original has changed since, without a text at hand: one indexed query."""
        return self.exclude(source_language="").exclude(source_digest=F("current_source_digest"))

    def suggested(self):
        return self.exclude(suggestion="")


class Unit(models.Model):
    """
    What is known of one field of one object in one language: which text somebody vouched for, what it was made from.

    States are computed from it (`translations.ledger`), never stored. It speaks of the working copy alone.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)  # CASCADE: its texts are gone
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    field = models.CharField(_("field"), max_length=60)
    language = models.CharField(_("language"), max_length=8)
    text_digest = models.CharField(max_length=32, blank=True)
    source_language = models.CharField(_("translated from"), max_length=8, blank=True)  # '' for the original itself
    source_digest = models.CharField(max_length=32, blank=True)  # of the source this text was made from
    current_source_digest = models.CharField(max_length=32, blank=True)  # of the source as last recorded
    source_text = models.TextField(blank=True)  # for the difference
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    suggestion = models.TextField(_("suggestion"), blank=True)
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("suggested by"),
    )
    suggested_at = models.DateTimeField(_("suggested at"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation unit")
        verbose_name_plural = _("translation units")
        ordering = ["content_type", "object_id", "field", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "field", "language"], name="one_unit_per_field_and_language"
            ),
            models.CheckConstraint(
                condition=~Q(source_language=F("language")),
                name="not_translated_from_itself",
                violation_error_message=_("A text is not translated from its own language."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["language", "content_type", "object_id", "field"],  # in the order of the queue
                condition=~Q(source_language="") & ~Q(source_digest=F("current_source_digest")),
                name="stale_units",
            )
        ]

    def __str__(self):
        return f"{self.content_type.model} {self.object_id}: {self.field}_{self.language}"
