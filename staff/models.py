from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from languages.text import translated_fields


class User(AbstractUser):
    """
    A person who edits or translates. Readers have no accounts.

    What somebody may write follows from groups and permissions, as everywhere in Django; beside them stand the rights
    of a language (`LanguageRight`). Who has one sees every record that has texts, without a permission for it.
    """

    interface_language = models.CharField(
        _("interface language"),
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("The language of this administration for you. Empty: the site's default language."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def reviews(self, language):
        """Whether this person decides about the texts of a language."""
        return self.is_active and (self.is_superuser or self._levels.get(language) == LanguageRight.Level.REVIEW)

    def translates(self, language):
        """Whether this person may write in a language, be it a suggestion alone."""
        return self.is_active and (self.is_superuser or language in self._levels)

    def has_perm(self, perm, obj=None):
        return super().has_perm(perm, obj) or self._reads(perm)

    def has_module_perms(self, app_label):
        return super().has_module_perms(app_label) or any(
            self._reads(f"{app_label}.view_{model._meta.model_name}")
            for model in apps.get_models()
            if model._meta.app_label == app_label
        )

    @cached_property
    def _levels(self):
        return dict(self.language_rights.values_list("language", "level"))

    def _reads(self, perm):
        """Who translates sees what there is to translate."""
        app_label, _dot, codename = perm.partition(".")
        action, _dash, name = codename.partition("_")
        if action != "view" or not self.is_active or not self.is_staff:
            return False
        try:
            model = apps.get_model(app_label, name)
        except LookupError:
            return False
        return bool(translated_fields(model) and self._levels)


class LanguageRight(models.Model):
    """What a person may do with the texts of one language, in every record that has texts."""

    class Level(models.TextChoices):
        TRANSLATE = "translate", _("Translate: what is written waits as a suggestion")
        REVIEW = "review", _("Review: decides about suggestions and writes directly")

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,  # CASCADE: a right is nobody's without the person
        related_name="language_rights",
        verbose_name=_("user"),
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    level = models.CharField(_("right"), max_length=10, choices=Level.choices, default=Level.TRANSLATE)

    class Meta:
        verbose_name = _("language right")
        verbose_name_plural = _("language rights")
        ordering = ["user", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "language"],
                name="one_right_per_user_and_language",
                violation_error_message=_("One right a language."),
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.get_language_display()}, {self.level}"
