"""The three facts of the register: how many members a chamber sends, who represents a parliament, who sits."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from delegations.models.assembly import Office
from delegations.models.facts import Fact, FactQuerySet, Reason
from delegations.models.people import Person
from delegations.models.register import Chamber, Delegation
from languages.fields import LineField
from languages.models import Translated

OPEN = Q(until=None, ended=False) & ~Q(reason=Reason.NOT_ENTERED)


class Seats(Fact):
    """How many members a chamber sends."""

    PARENT, KEPT = "chamber", ("chamber",)

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
                fields=["chamber"],
                condition=OPEN,
                name="one_open_number_of_seats",
                violation_error_message=_("This chamber already has a number of seats that still holds."),
            ),
            models.UniqueConstraint(
                fields=["chamber"],
                condition=Q(reason=Reason.NOT_ENTERED),
                name="seats_not_entered_once",
                violation_error_message=_("This chamber is marked as “not yet entered” already."),
            ),
        ]

    def __str__(self):
        value = self.number if self.number is not None else self.get_reason_display()
        return f"{self.chamber}: {value}"


class Plenipotentiary(Fact):
    """The plenipotentiary representative of a parliament."""

    PARENT, KEPT = "delegation", ("delegation",)

    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, related_name="plenipotentiaries", verbose_name=_("delegation")
    )
    person = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plenipotentiaries",
        verbose_name=_("person"),
    )
    office = models.ForeignKey(
        Office,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("office held beside it"),
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
                condition=Q(office=None) | Q(person__isnull=False),
                name="office_needs_a_person",
                violation_error_message=_("An office beside the post needs a person."),
            ),
            models.UniqueConstraint(
                fields=["delegation"],
                condition=OPEN,
                name="one_open_plenipotentiary",
                violation_error_message=_("This delegation already has a plenipotentiary who still holds the post."),
            ),
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(reason=Reason.NOT_ENTERED),
                name="plenipotentiary_not_entered_once",
                violation_error_message=_("This delegation is marked as “not yet entered” already."),
            ),
        ]

    def __str__(self):
        return f"{self.delegation}: {self.person or self.get_reason_display()}"


class Membership(Translated, Fact):
    """A person sits in a delegation for a chamber."""

    PARENT, KEPT = "person", ("person", "chamber", "role")

    class Role(models.TextChoices):
        HEAD = "head", _("head")
        DEPUTY_HEAD = "deputy-head", pgettext_lazy("of a delegation", "deputy head")
        MEMBER = "member", _("member")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    chamber = models.ForeignKey(
        Chamber, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("chamber")
    )
    delegation = models.ForeignKey(
        Delegation,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("delegation"),
        editable=False,
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
                condition=Q(reason=""),
                name="membership_is_never_blank",
                violation_error_message=_("A membership has a person, so it is not blank."),
            ),
            models.UniqueConstraint(
                fields=["person", "chamber"],
                condition=Q(until=None, ended=False),
                name="one_open_membership_per_chamber",
                violation_error_message=_("This person already sits for this chamber."),
            ),
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(role="head", until=None, ended=False),
                name="one_sitting_head_per_delegation",
                violation_error_message=_("This delegation already has a head."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.chamber}"

    def parents(self):
        return [*super().parents(), (Delegation, self.delegation_id)] if self._is_head else super().parents()

    def rivals(self):
        """The person's others for this chamber; of a head, the delegation's other heads too."""
        same = Q(person_id=self.person_id, chamber_id=self.chamber_id)
        if self._is_head:
            same |= Q(delegation_id=self.delegation_id, role=self.Role.HEAD)
        return self._rivals(same)

    @property
    def _is_head(self):
        return self.role == self.Role.HEAD

    def save(self, *args, update_fields=None, **kwargs):
        self.delegation_id = self.chamber.delegation_id
        if update_fields is not None and {"chamber", "chamber_id"} & {*update_fields}:
            update_fields = {*update_fields, "delegation"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def clean(self):
        if self.chamber_id:
            self.delegation_id = self.chamber.delegation_id
            super().clean()

    def validate_constraints(self, exclude=None):
        """A form leaves the delegation out; the constraints that read it are asked all the same."""
        super().validate_constraints({*(exclude or ())} - {"delegation"})
