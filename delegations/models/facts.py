from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delegations.models.assembly import Office
from delegations.models.people import Person
from delegations.models.register import Chamber, Delegation
from delegations.models.sources import Source
from languages.fields import LineField
from languages.models import Translated, TranslatedQuerySet


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
        """Facts that certainly held on a day. The last day counts; what nobody knows for that day is not among them."""
        return self.known().exclude(reason=Reason.NOT_ENTERED).filter(known_from__lte=day, known_until__gte=day)

    def unknown_on(self, day):
        """Facts that may have held on a day: before what is known while the beginning is not, after it for an undated end."""
        before = Q(since=None) & (Q(known_from=None) | Q(known_from__gt=day)) & (Q(until=None) | Q(until__gte=day))
        after = Q(ended=True) & (Q(known_until=None) | Q(known_until__lt=day)) & (Q(since=None) | Q(since__lte=day))
        return self.known().exclude(reason=Reason.NOT_ENTERED).filter(before | after)

    def over(self):
        """Facts that are known to be over, on whatever day."""
        return self.filter(Q(until__isnull=False) | Q(ended=True))


class Fact(models.Model):
    """
    A dated fact: what holds, for which days as far as that is known, and who says so.

    Days, the last one included. A fact that was true is ended, never deleted. `PARENT` names the foreign key to what
    the fact is about; at most one fact a parent and kind is open (`rivals`).
    """

    PARENT = ""

    since = models.DateField(_("since"), null=True, blank=True, help_text=_("First day; empty: not known."))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Last day; empty: still holds, or not known."))
    ended = models.BooleanField(_("over, day unknown"), default=False)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)s_facts", verbose_name=_("source"),
        help_text=_("The earliest that says so; a later one confirms."),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)s_confirmations",
        verbose_name=_("confirmed by"), help_text=_("The latest source that still said so."),
    )
    reason = models.CharField(
        _("blank because"), max_length=16, choices=Reason.choices, blank=True, help_text=_("Public: why there is no value.")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="%(class)s_ends_after_it_begins",
                violation_error_message=_("The last day is the first one or later."),
            ),
            models.CheckConstraint(
                condition=Q(ended=False) | Q(until=None), name="%(class)s_ended_without_day",
                violation_error_message=_("“Over, day unknown” and a last day exclude each other."),
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(reason=Reason.NOT_ENTERED), name="%(class)s_has_a_source",
                violation_error_message=_("A fact needs a source; only “not yet entered” has none."),
            ),
        ]

    @property
    def said(self):
        """The day on which the fact was said, or None."""
        return (self.source and self.source.said) or self.confirmed_on

    @property
    def last_confirmed(self):
        """The latest day on which somebody is known to have said so."""
        return max(filter(None, [self.said, self.confirmed_on]), default=None)

    @property
    def first_known_day(self):
        return self.since or min(filter(None, [self.said, self.until]), default=None)

    @property
    def last_known_day(self):
        """None for an open fact, and for one over since nobody knows when."""
        if self.until or not self.ended:
            return self.until
        return max(filter(None, [self.since, self.said, self.confirmed_on]), default=None)

    @property
    def is_open(self):
        return not self.until and not self.ended

    def rivals(self):
        """Other facts that may not hold at the same time."""
        return type(self).objects.filter(**{self.PARENT: getattr(self, self.PARENT)}).exclude(pk=self.pk).exclude(
            reason=Reason.NOT_ENTERED
        )

    def overlapping(self):
        """A rival whose known period overlaps this one's, or None."""
        if self.reason == Reason.NOT_ENTERED or not self.first_known_day:
            return None
        begin, end = self.first_known_day, date.max if self.is_open else self.last_known_day
        return self.rivals().known().filter(known_from__lte=end, known_until__gte=begin).first()

    def clean(self):
        super().clean()
        if getattr(self, f"{self.PARENT}_id") is None:
            return
        parent = type(self)._meta.get_field(self.PARENT).related_model
        with transaction.atomic():
            parent._base_manager.select_for_update().filter(pk=getattr(self, f"{self.PARENT}_id")).first()
            if other := self.overlapping():
                raise ValidationError(
                    _("“%(other)s” holds at the same time; end it first, or correct the days."), params={"other": other}
                )


OPEN = Q(until=None, ended=False) & ~Q(reason=Reason.NOT_ENTERED)


class Seats(Fact):
    """How many members a chamber sends."""

    PARENT = "chamber"

    chamber = models.ForeignKey(Chamber, on_delete=models.PROTECT, related_name="seats", verbose_name=_("chamber"))
    number = models.PositiveSmallIntegerField(_("number of members"), null=True, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = verbose_name_plural = _("seats")
        ordering = ["chamber", F("since").asc(nulls_first=True), "pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(number__isnull=False, reason="") | Q(number__isnull=True) & ~Q(reason=""),
                name="seats_value_or_reason",
                violation_error_message=_("Enter a number, or say why there is none."),
            ),
            models.UniqueConstraint(
                fields=["chamber"], condition=OPEN, name="one_open_number_of_seats",
                violation_error_message=_("This chamber already has a number of seats that still holds."),
            ),
        ]

    def __str__(self):
        value = self.number if self.number is not None else self.get_reason_display()
        return f"{self.chamber}: {value}"


class Plenipotentiary(Fact):
    """The plenipotentiary representative of a parliament."""

    PARENT = "delegation"

    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, related_name="plenipotentiaries", verbose_name=_("delegation")
    )
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="plenipotentiaries", verbose_name=_("person")
    )
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("office held beside it")
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("plenipotentiary representative")
        verbose_name_plural = _("plenipotentiary representatives")
        ordering = ["delegation", F("since").asc(nulls_first=True), "pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False, reason="") | Q(person__isnull=True) & ~Q(reason=""),
                name="plenipotentiary_value_or_reason",
                violation_error_message=_("Choose a person, or say why there is none."),
            ),
            models.CheckConstraint(
                condition=Q(office=None) | Q(person__isnull=False), name="office_needs_a_person",
                violation_error_message=_("An office beside the post needs a person."),
            ),
            models.UniqueConstraint(
                fields=["delegation"], condition=OPEN, name="one_open_plenipotentiary",
                violation_error_message=_("This delegation already has a plenipotentiary who still holds the post."),
            ),
        ]

    def __str__(self):
        return f"{self.delegation}: {self.person or self.get_reason_display()}"


class Membership(Translated, Fact):
    """A person sits in a delegation for a chamber."""

    PARENT = "person"

    class Role(models.TextChoices):
        HEAD = "head", _("head")
        DEPUTY_HEAD = "deputy-head", pgettext_lazy("of a delegation", "deputy head")
        MEMBER = "member", _("member")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    chamber = models.ForeignKey(Chamber, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("chamber"))
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("delegation"), editable=False
    )  # the chamber's; kept here so that a constraint can see it
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    end_reason = LineField(_("why it ended"), max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["person", F("since").asc(nulls_first=True), "pk"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=Q(reason=""), name="membership_is_never_blank",
                violation_error_message=_("A membership has a person, so it is not blank."),
            ),
            models.UniqueConstraint(
                fields=["person", "chamber"], condition=Q(until=None, ended=False), name="one_open_membership_per_chamber",
                violation_error_message=_("This person already sits for this chamber."),
            ),
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(role="head", until=None, ended=False), name="one_sitting_head_per_delegation",
                violation_error_message=_("This delegation already has a head."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.chamber}"

    def rivals(self):
        return super().rivals().filter(chamber=self.chamber)

    def save(self, *args, **kwargs):
        self.delegation_id = self.chamber.delegation_id
        super().save(*args, **kwargs)

    def clean(self):
        if self.chamber_id:
            self.delegation_id = self.chamber.delegation_id
        super().clean()
