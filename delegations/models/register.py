from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delegations.models.sources import Source, WebAddressField
from languages.fields import FoldedField, LineField
from languages.models import Translated, TranslatedQuerySet
from languages.text import column, written
from publishing.models import clean_slug, slug_field


class Delegation(Translated, models.Model):
    """A parliament's delegation to the assembly."""

    required_texts = ("country", "parliament")

    slug = slug_field()
    country_code = models.CharField(
        _("country code"),
        max_length=2,
        unique=True,
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", _("Two capital letters (ISO 3166)."))],
        error_messages={"unique": _("This country already has a delegation.")},
    )
    country = LineField(_("country"), max_length=100, blank=True)
    parliament = LineField(_("parliament"), max_length=200, blank=True)
    parliament_genitive = LineField(
        _("parliament, genitive"),
        max_length=200,
        blank=True,
        help_text=_("As it stands after “delegation of”: “the National Assembly …”."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    folded = FoldedField(of=["country", "parliament"])

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["order", "slug"]

    def __str__(self):
        return written(self, "country").text or self.slug

    def get_absolute_url(self):
        return reverse("delegations:delegation", kwargs={"slug": self.slug})

    def clean(self):
        super().clean()
        clean_slug(self)


class Chamber(Translated, models.Model):
    """A chamber that sends members. A unicameral parliament has exactly one, which is the parliament itself."""

    class Kind(models.TextChoices):
        LOWER = "lower", _("lower chamber")
        UPPER = "upper", _("upper chamber")
        SINGLE = "single", _("the parliament itself")

    class Member(models.TextChoices):
        """The word for a member, chosen in each language for itself."""

        DEPUTY = "deputy", pgettext_lazy("member of a chamber", "deputy")
        SENATOR = "senator", _("senator")
        MEMBER = "member", _("member")

    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, related_name="chambers", verbose_name=_("delegation")
    )
    slug = models.SlugField(
        _("key"), max_length=80, help_text=_("Tells the chambers of a delegation apart in files and data.")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    name = LineField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("Empty for a parliament of one chamber: its name stands above."),
    )
    genitive = LineField(
        _("genitive"),
        max_length=200,
        blank=True,
        help_text=_("As it stands after “deputies of”: “the House of Representatives”."),
    )
    member = LineField(_("word for its member"), max_length=10, choices=Member.choices, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    name_source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("source of the name")
    )
    folded = FoldedField(of=["name"])

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("chamber")
        verbose_name_plural = _("chambers")
        ordering = ["delegation", "order", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "slug"],
                name="one_chamber_per_key",
                violation_error_message=_("The delegation already has a chamber with this key."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=models.F("pk")),
                name="chamber_does_not_succeed_itself",
                violation_error_message=_("A chamber does not succeed itself."),
            ),
        ]

    def __str__(self):
        return written(self, "name").text or written(self.delegation, "parliament").text or self.slug

    def clean(self):
        super().clean()
        languages = settings.MODELTRANSLATION_LANGUAGES
        names = [getattr(self, column(field, code)) for field in ["name", "genitive"] for code in languages]
        if self.kind == self.Kind.SINGLE and any(names):
            raise ValidationError(
                {column("name", self.source_language): _("A parliament of one chamber has no second name.")}
            )
        if self.kind and self.kind != self.Kind.SINGLE and not any(names):
            raise ValidationError({column("name", self.source_language): _("A chamber needs a name.")})
        before = Chamber._base_manager.filter(pk=self.pk).first() if self.pk else None
        moved = before and before.delegation_id != self.delegation_id
        if moved and (self.memberships.exists() or self.websites.exists()):
            raise ValidationError({"delegation": _("A chamber with members or websites stays with its delegation.")})


class Website(models.Model):
    """An official site of a delegation's parliament or of one chamber; the address exactly as published."""

    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, related_name="websites", verbose_name=_("delegation")
    )
    chamber = models.ForeignKey(
        Chamber,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="websites",
        verbose_name=_("chamber"),
        help_text=_("Empty: the site of the parliament as a whole."),
    )
    address = WebAddressField(_("address"), max_length=500)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, blank=True, help_text=_("Empty: not known.")
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="websites", verbose_name=_("source"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("official website")
        verbose_name_plural = _("official websites")
        ordering = ["delegation", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delegation", "address"],
                name="one_row_per_website",
                violation_error_message=_("This address is already there."),
            )
        ]

    def __str__(self):
        return self.address

    @property
    def domain(self):
        """What a reader sees: the address without scheme, `www.` and the closing slash."""
        return self.address.split("://", 1)[-1].removeprefix("www.").rstrip("/")

    def clean(self):
        super().clean()
        if self.chamber_id and self.chamber.delegation_id != self.delegation_id:
            raise ValidationError({"chamber": _("The chamber belongs to another delegation.")})
