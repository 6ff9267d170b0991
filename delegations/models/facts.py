from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delegations.models.sources import Source
from languages.models import TranslatedQuerySet


class Reason(models.TextChoices):
    """Why a fact is blank. Readers see the sentence, machines the code."""

    VACANT = "vacant", _("vacant")
    NOT_NAMED = "not-named", _("not named by the source")
    NOT_ENTERED = "not-entered", _("not yet entered")
    NOT_APPLICABLE = "not-applicable", _("not applicable")


class FactQuerySet(TranslatedQuerySet):
    def known(self):
        """
        Rows with `known_from` and `known_until`: the first and last day on which the fact certainly held, or None.

        An open fact has no last day (date.max). SQLite's Greatest and Least are empty as soon as one part is, hence
        the inner Coalesce.
        """
        said = Coalesce("source__published", "source__retrieved", "confirmed_on")
        last = Greatest(Coalesce(said, "since"), Coalesce("since", said), Coalesce("confirmed_on", said, "since"))
        return self.annotate(
            known_from=Coalesce("since", Least(Coalesce(said, "until"), Coalesce("until", said))),
            known_until=Case(
                When(until__isnull=False, then=F("until")),
                When(ended=True, then=last),
                default=Value(date.max),
                output_field=models.DateField(),
            ),
        )

    def on(self, day):
        """
        Facts that certainly held on a day. The last day counts; what nobody knows for that day is not among them.

        “Not yet entered” holds wherever no other fact about the same does.
        """
        held = ~Q(reason=Reason.NOT_ENTERED) & Q(known_from__lte=day, known_until__gte=day)
        parent = f"{self.model.PARENT}_id"
        others = self.model.objects.order_by().known().filter(held, **{parent: OuterRef(parent)})
        return self.known().filter(held | Q(reason=Reason.NOT_ENTERED) & ~Exists(others))

    def unknown_on(self, day):
        """Facts that may have held: before what is known while the beginning is not, after it for an undated end."""
        before = Q(since=None) & (Q(known_from=None) | Q(known_from__gt=day))
        after = Q(ended=True) & (Q(known_until=None) | Q(known_until__lt=day))
        return self.known().exclude(reason=Reason.NOT_ENTERED).filter(before | after)

    def over(self, day=None):
        """Facts that are known to be over on a day (default: today), whether it is known since when or not."""
        return self.filter(Q(until__lt=day or timezone.localdate()) | Q(ended=True))


class Fact(models.Model):
    """
    A dated fact: what holds, for which days as far as that is known, and who says so.

    Days, the last one included. A fact that was true is ended, never deleted. `PARENT` names the foreign key to what
    the fact is about; `KEPT` what stays when a change begins a new one (`delegations.change`).
    """

    PARENT, KEPT = "", ()

    since = models.DateField(_("since"), null=True, blank=True, help_text=_("First day; empty: not known."))
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Last day; empty: still holds, or not known.")
    )
    ended = models.BooleanField(_("over, day unknown"), default=False)
    source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)s_facts",
        verbose_name=_("source"),
        help_text=_("The earliest that says so; a later one confirms."),
    )
    confirmed_on = models.DateField(
        _("confirmed on"), null=True, blank=True, help_text=_("The latest day on which a source still said so.")
    )
    confirmed_by = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)s_confirmations",
        verbose_name=_("confirmed by"),
        help_text=_("The latest source that still said so."),
    )
    reason = models.CharField(
        _("blank because"),
        max_length=16,
        choices=Reason.choices,
        blank=True,
        help_text=_("Public: why there is no value."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=_("The last day is the first one or later."),
            ),
            models.CheckConstraint(
                condition=Q(ended=False) | Q(until=None),
                name="%(class)s_ended_without_day",
                violation_error_message=_("“Over, day unknown” and a last day exclude each other."),
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(reason=Reason.NOT_ENTERED),
                name="%(class)s_has_a_source",
                violation_error_message=_("A fact needs a source; only “not yet entered” has none."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None, confirmed_by=None)
                | Q(confirmed_on__isnull=False, confirmed_by__isnull=False),
                name="%(class)s_confirmed_by_a_source",
                violation_error_message=_("The day of a confirmation and the source that confirms go together."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=Reason.NOT_ENTERED) | Q(since=None, until=None, ended=False, confirmed_on=None),
                name="%(class)s_not_entered_has_no_days",
                violation_error_message=_("“Not yet entered” has no days: it holds wherever no other fact does."),
            ),
        ]

    @property
    def said(self):
        """The day on which the fact was said, or None."""
        return (self.source and self.source.said) or self.confirmed_on

    @property
    def last_said(self):
        """The latest day on which somebody is known to have said so, or None."""
        return max(filter(None, [self.said, self.confirmed_on]), default=None)

    @property
    def first_known_day(self):
        return self.since or min(filter(None, [self.said, self.until]), default=None)

    @property
    def last_known_day(self):
        """None for an open fact, and for one over since nobody knows when."""
        if self.until or not self.ended:
            return self.until
        return max(filter(None, [self.since, self.last_said]), default=None)

    @property
    def is_open(self):
        return not self.until and not self.ended

    def parents(self):
        """[(model, pk)] of what the fact is about: locked while its days are compared with those of its rivals."""
        field = self._meta.get_field(self.PARENT)
        return [(field.related_model, getattr(self, field.attname))]

    def rivals(self):
        """Other facts that may not hold at the same time."""
        return self._rivals(**{f"{self.PARENT}_id": getattr(self, f"{self.PARENT}_id")})

    def _rivals(self, *conditions, **lookups):
        return type(self).objects.filter(*conditions, **lookups).exclude(pk=self.pk).exclude(reason=Reason.NOT_ENTERED)

    def overlapping(self):
        """A rival whose known period overlaps this one's, or None."""
        if self.reason == Reason.NOT_ENTERED or not self.first_known_day:
            return None
        begin, end = self.first_known_day, date.max if self.is_open else self.last_known_day
        return self.rivals().known().filter(known_from__lte=end, known_until__gte=begin).first()

    def clean(self):
        """Refuses a known period that overlaps a rival's. Exact if the caller saves in the same transaction."""
        super().clean()
        if None in dict(self.parents()).values():
            return
        with transaction.atomic():
            lock([self])
            if other := self.overlapping():
                raise ValidationError(
                    _("“%(other)s” holds at the same time; end it first, or correct the days."), params={"other": other}
                )


def lock(facts):
    """
    Until the transaction ends, nobody else compares days with the rivals of these facts.

    Sources first, since a changed day of theirs moves known periods (`Source.clean`); they are read again.
    """
    sources = _locked(Source, {fact.source_id for fact in facts} - {None})
    for fact in facts:
        fact.source = sources.get(fact.source_id, fact.source)
    parents = [parent for fact in facts for parent in fact.parents()]
    for model in sorted({model for model, _pk in parents}, key=lambda model: model._meta.label):
        _locked(model, {pk for other, pk in parents if other is model})


def _locked(model, pks):
    """{pk: row}, locked in the order of their keys, so that two acts never wait for each other."""
    rows = model._base_manager.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows}


def overlap_by(source):
    """Two facts that would overlap with the days that `source` has now, before it is saved; or None."""
    facts = [fact for model in Fact.__subclasses__() for fact in model.objects.filter(source=source)]
    lock(facts)
    for fact in facts:
        fact.source = source
        for other in fact.rivals().select_related("source"):
            if other.source_id == source.pk:
                other.source = source
            if _overlap(fact, other):
                return fact, other
    return None


def _overlap(one, other):
    if not one.first_known_day or not other.first_known_day:
        return False
    (begin, end), (other_begin, other_end) = (
        (fact.first_known_day, date.max if fact.is_open else fact.last_known_day) for fact in [one, other]
    )
    return begin <= other_end and other_begin <= end
