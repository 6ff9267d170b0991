from calendar import monthrange
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delegations.models import Delegation, Person, Source
from languages.fields import FoldedField, LineField, ProseField
from languages.models import TranslatedQuerySet
from languages.text import column
from publishing.html import HTMLField, first_paragraph
from publishing.models import Picture, Release, ReleaseQuerySet, WorkingCopy, clean_slug, slug_field


def default_language():
    return settings.LANGUAGE_CODE


class NewsItem(WorkingCopy, models.Model):
    """schema:NewsArticle, the working copy. Nothing in it is public, its address apart."""

    required_texts = ("title", "body")

    slug = slug_field()
    original_language = models.CharField(
        _("original language"), max_length=8, choices=settings.LANGUAGES, default=default_language
    )
    title = LineField(_("title"), max_length=300, blank=True)
    lead = ProseField(_("lead"), blank=True, help_text=_("One or two sentences for lists; empty: the first paragraph serves."))
    body = HTMLField(_("body"), blank=True)
    date = models.DateField(_("date of the event"))
    place = LineField(_("place"), max_length=200, blank=True)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="news_items", verbose_name=_("picture")
    )
    delegations = models.ManyToManyField(Delegation, blank=True, related_name="news_items", verbose_name=_("delegations"))
    people = models.ManyToManyField(Person, blank=True, related_name="news_items", verbose_name=_("people"))
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="news_items", verbose_name=_("source")
    )
    folded = FoldedField(of=["title"])

    objects = TranslatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        permissions = [("release_newsitem", _("Can release news"))]
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["date", "id"], name="newsitem_by_date")]

    def __str__(self):
        return self.texts(self.source_language)["title"] or self.slug

    def get_absolute_url(self):
        return reverse("news:item", kwargs={"slug": self.slug})

    def clean(self):
        super().clean()
        clean_slug(self)
        if self.date and self.date > timezone.localdate() + timedelta(days=365):
            raise ValidationError({"date": _("A news item is dated one year ahead at most.")})
        if not getattr(self, column("title", self.source_language)):
            raise ValidationError({column("title", self.source_language): _("The original needs a title.")})


class NewsReleaseQuerySet(ReleaseQuerySet):
    def listed(self):
        """In the order of lists, with what a list shows beside the row: newest first."""
        return self.annotate(slug=models.F("item__slug")).order_by("-date", "-item_id")

    def of_period(self, year, month=None):
        """Of one year, or of one month of it, by the date of the event."""
        first = date(year, month or 1, 1)
        last = date(year, month or 12, monthrange(year, month or 12)[1])
        return self.filter(date__range=(first, last))


class NewsRelease(Release):
    """What the public reads of a news item in one language."""

    TEXTS = ("title", "lead", "body", "place")
    FACTS = ("date", "picture_id", "focal_x", "focal_y", "source_id")
    LINKS = ("delegations", "people")

    item = models.ForeignKey(NewsItem, on_delete=models.PROTECT, related_name="releases", verbose_name=_("news item"))
    title = LineField(_("title"), max_length=300)
    lead = ProseField(_("lead"), blank=True)
    body = HTMLField(_("body"))
    place = LineField(_("place"), max_length=200, blank=True)
    date = models.DateField(_("date of the event"))
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.PROTECT, related_name="news_releases", verbose_name=_("picture")
    )
    focal_x = models.PositiveSmallIntegerField(null=True, blank=True)
    focal_y = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="news_releases", verbose_name=_("source")
    )
    delegations = models.ManyToManyField(Delegation, blank=True, related_name="news_releases")
    people = models.ManyToManyField(Person, blank=True, related_name="news_releases")

    objects = NewsReleaseQuerySet.as_manager()

    class Meta(Release.Meta):
        verbose_name = _("news release")
        verbose_name_plural = _("news releases")
        indexes = [
            *Release.Meta.indexes,
            models.Index(fields=["date", "item"], condition=models.Q(original=True), name="newsrelease_by_date"),
        ]

    def get_absolute_url(self):
        return reverse("news:item", kwargs={"slug": self.slug if "slug" in self.__dict__ else self.item.slug})

    @property
    def standfirst(self):
        """The lead, or the first paragraph where none is written."""
        return self.lead or first_paragraph(self.body)
