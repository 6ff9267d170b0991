from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from languages.fields import FoldedField, LineField, ProseField
from languages.models import Folded, FoldedQuerySet, Translated, TranslatedQuerySet
from languages.text import written
from publishing.models import Picture, clean_slug, slug_field


class Person(Translated, models.Model):
    """popolo:Person."""

    required_texts = ("name",)

    class Gender(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")

    slug = slug_field()
    name = LineField(_("name"), max_length=200, blank=True, help_text=_("As it is printed: “Viktor Kogut”."))
    sort_name = LineField(
        _("name for sorting"), max_length=200, blank=True, help_text=_("Family name first: “Kogut, Viktor”.")
    )
    biography = ProseField(_("biography"), blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender.choices, blank=True)
    portrait = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("portrait")
    )
    folded = FoldedField(of=["name", "sort_name"])

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["slug"]

    def __str__(self):
        return written(self, "name").text or self.slug

    def get_absolute_url(self):
        return reverse("delegations:person", kwargs={"slug": self.slug})

    def clean(self):
        super().clean()
        clean_slug(self)


class PersonName(Folded, models.Model):
    """popolo:other_names: another spelling or script of a person's name. Search finds all."""

    class Kind(models.TextChoices):
        VARIANT = "variant", _("variant")
        FULL = "full", _("full name")
        FORMER = "former", _("former name")
        TRANSLITERATION = "transliteration", _("transliteration")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="other_names", verbose_name=_("person")
    )  # CASCADE: a spelling is part of the person
    text = LineField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.VARIANT)
    folded = FoldedField(of=["text"])

    objects = FoldedQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["person", "kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text", "language"],
                name="one_row_per_other_name",
                violation_error_message=_("This name is already there."),
            )
        ]

    def __str__(self):
        return self.text
