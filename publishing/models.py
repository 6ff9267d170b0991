from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from languages.fields import LineField, ProseField
from languages.models import Translated
from languages.text import column
from publishing.pictures import Picture
from translations import ledger

__all__ = ["Erasure", "Picture", "Redirect", "Release", "ReleaseQuerySet", "WorkingCopy", "slug_field"]


def slug_field(**options):
    """The address part of a public record: the same in all languages, never digits alone (those are years)."""
    return models.CharField(
        _("address"),
        max_length=100,
        unique=True,
        validators=[
            RegexValidator(
                r"\A(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Use small Latin letters, digits and single hyphens, with at least one letter."),
            )
        ],
        help_text=_("Part of the address of the page, the same in all languages."),
        error_messages={"unique": _("Another record already has this address.")},
        **options,
    )


class ReleaseQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("A release never changes: see publishing.release.")

    update.alters_data = True

    def delete(self):
        raise TypeError("A release is withdrawn, not deleted: see publishing.release.")

    delete.alters_data = True
    delete.queryset_only = True

    def current(self, at=None):
        """Rows that hold at an instant; `until` itself is outside."""
        return self.begun(at).filter(hidden=False)

    def public(self, at=None):
        """What an anonymous visitor may see; the only place that says so. One row an item: its original's."""
        return self.current(at).filter(original=True, withdrawn=False)

    def begun(self, at=None):
        """The row of each language that holds at an instant, withdrawn and hidden ones too."""
        at = at or timezone.now()
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at)

    def translated(self, originals, language, at=None):
        """
        A list of originals, each replaced by its translation where that is public too: one query.

        Choosing the language inside the query of the list costs PostgreSQL 42 ms at 100,000 items, two queries 0.4 ms.
        """
        rows = self.model.objects.current(at).filter(
            item_id__in=[row.item_id for row in originals], language=language, withdrawn=False, original=False
        )
        found = {row.item_id: row for row in rows.listed()}
        return [found.get(row.item_id, row) for row in originals]

    def with_links(self):
        """A list of the rows, each knowing what it links to (`links`): one query a link, however many rows."""
        rows = list(self)
        for row in rows:
            row.links = dict.fromkeys(self.model.LINKS, ())
        by_key = {row.pk: row for row in rows}
        for name in self.model.LINKS:
            field = self.model._meta.get_field(name)
            this, that = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_name()}"
            pairs = field.remote_field.through._base_manager.filter(**{f"{this}__in": by_key}).order_by(that)
            for key, other in pairs.values_list(this, that):
                by_key[key].links[name] += (other,)
        return rows

    def next_instant(self, at=None):
        """The next instant at which any row begins or ends, or None."""
        at = at or timezone.now()
        found = [
            self.filter(**{f"{field}__gt": at}).order_by(field).values_list(field, flat=True).first()
            for field in ["since", "until"]
        ]
        return min(filter(None, found), default=None)


class Release(models.Model):
    """
    What the public reads: one row an item and language, from an instant to an instant. Its text never changes.

    Written by `publishing.release` alone. The concrete model adds `item` (related name `releases`), a column for every
    translated field of the item (`TEXTS`), and a copy of the facts without language: `FACTS` (columns, a picture with
    its `alt` among them) and `LINKS` (many-to-many).
    """

    TEXTS, FACTS, LINKS = (), (), ()

    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    original = models.BooleanField(_("original"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    hidden = models.BooleanField(_("hidden"), default=False)  # in error, or erased: no page of any day shows it
    reason = ProseField(_("reason"), blank=True)  # public, of a withdrawal
    note = ProseField(_("change note"), blank=True)  # public, of a major change
    follows = models.CharField(max_length=32, blank=True)  # digest of the original text this one was made from
    word = ProseField(_("the editor's word"), blank=True)  # why it was released although stale or unverified
    alt = LineField(_("description of the picture"), max_length=300, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("released by"),
    )
    created_at = models.DateTimeField(_("created at"))

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["item", "language", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=_("A release ends after it begins."),
            ),
            models.UniqueConstraint(
                fields=["item", "language"], condition=Q(until=None), name="%(class)s_one_open_end_per_language"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(until=None, original=True), name="%(class)s_one_open_original"
            ),
            models.UniqueConstraint(fields=["item", "language", "since"], name="%(class)s_one_beginning"),
            models.CheckConstraint(
                condition=Q(withdrawn=True) | Q(reason=""), name="%(class)s_only_a_withdrawal_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["since"], name="%(class)s_since"),
            models.Index(fields=["until"], name="%(class)s_until"),
        ]

    def __str__(self):
        return f"{self.item_id} {self.language} {self.since:%Y-%m-%d %H:%M}"

    def save(self, *args, **kwargs):
        raise TypeError("A release is written once, by publishing.release alone.")

    def delete(self, *args, **kwargs):
        raise TypeError("A release is withdrawn, not deleted: see publishing.release.")

    @cached_property
    def links(self):
        """{name: sorted ids} of what it links to; `with_links` loads them for many rows."""
        return type(self)._default_manager.filter(pk=self.pk).with_links()[0].links

    def texts(self):
        """{field: text} of this row."""
        return {field: getattr(self, field) for field in self.TEXTS}

    def facts(self):
        """{name: value} of what all languages share; links as sorted tuples of ids."""
        return {name: getattr(self, name) for name in self.FACTS} | self.links


class WorkingCopy(Translated):
    """
    A model whose public face is releases. Not a model itself; needs `original_language`, `slug`, `required_texts`.

    `release_model` names the concrete Release: its TEXTS, FACTS and LINKS say what is copied.
    """

    required_texts = ()

    @property
    def source_language(self):
        return self.original_language or settings.LANGUAGE_CODE

    @property
    def release_model(self):
        return self._meta.get_field("releases").related_model

    def texts(self, language):
        """{field: text} in a language; '' where nobody wrote any."""
        return {field: getattr(self, column(field, language)) or "" for field in self.release_model.TEXTS}

    def facts(self):
        """{name: value} of what all languages share, as Release.facts()."""
        links = {
            name: tuple(sorted(getattr(self, name).order_by("pk").values_list("pk", flat=True)))
            for name in self.release_model.LINKS
        }
        return {name: self.fact(name) for name in self.release_model.FACTS} | links

    def fact(self, name):
        """One fact; the focal point is the picture's."""
        if name in {"focal_x", "focal_y"}:
            return getattr(self.picture, name) if self.picture else None
        return getattr(self, name)

    def made_from(self, language):
        """Digest of the original's version that the language's text follows; '' if it follows none."""
        versions = [self.texts(self.source_language)]
        if language != self.source_language:
            versions += [row.texts() for row in self.releases.filter(original=True).order_by("-since")]
        return ledger.made_from(self, language, versions)

    def clean(self):
        super().clean()
        if not self.pk:
            return
        with transaction.atomic():  # the admin's transaction is around it, so that nobody releases before it has saved
            before = type(self)._base_manager.select_for_update().filter(pk=self.pk).first()
        if before and self.releases.exists():
            if before.original_language != self.original_language:
                sentence = _("The original language stays as it is once a release exists or is planned.")
                raise ValidationError({"original_language": sentence})
            if before.slug != self.slug:
                sentence = _("The address of a released item is changed by “New address”, which leaves a redirect.")
                raise ValidationError({"slug": sentence})


class Redirect(models.Model):
    """An address that a record had before. It points to the record, not to an address, so there are no loops."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)  # CASCADE: as for units
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    slug = models.CharField(_("former address"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["content_type", "slug"]
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="one_redirect_per_address")]

    def __str__(self):
        return self.slug

    @classmethod
    def find(cls, model, slug):
        """The record of `model` that once had the address, or None."""
        row = cls.objects.filter(content_type=ContentType.objects.get_for_model(model), slug=slug).first()
        return row and model._base_manager.filter(pk=row.object_id).first()


class Erasure(models.Model):
    """That, when and why something public was erased, and by whom. Never what it said."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    reason = ProseField(_("reason"))
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("erased by")
    )
    erased_at = models.DateTimeField(_("erased at"), auto_now_add=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-erased_at"]

    def __str__(self):
        return f"{self.content_type} {self.object_id}"


def clean_slug(record):
    """Refuse a slug that another record of the model had before: old addresses are not taken over."""
    taken = Redirect.find(type(record), record.slug)
    if taken and taken.pk != record.pk:
        sentence = _("“%(other)s” had this address before; its old links lead there.")
        raise ValidationError({"slug": sentence % {"other": taken}})
