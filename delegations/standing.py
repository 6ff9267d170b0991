"""The register as it stood on a day: plain objects for pages, sentences and data, from a constant number of queries."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from delegations.models import Assembly, Chamber, Delegation, Office, Person, Plenipotentiary, Reason, Seats, Source, Website
from languages.text import Written, written


@dataclass
class ChamberOn:
    """A chamber on a day: `fact` is what held, `unknown` whether something may have held."""

    chamber: Chamber
    delegation: Delegation
    fact: Seats | None
    unknown: bool
    websites: list[Website]

    @property
    def single(self):
        return self.chamber.kind == Chamber.Kind.SINGLE

    @property
    def name(self):
        """The chamber's name; of a parliament of one chamber, the parliament's."""
        return written(self.delegation, "parliament") if self.single else written(self.chamber, "name")

    @property
    def number(self):
        return self.fact.number if self.fact else None

    @property
    def reason(self):
        """The code of why there is no number; '' if there is one, or if nobody knows."""
        if self.fact:
            return self.fact.reason
        return "" if self.unknown else Reason.NOT_ENTERED

    @property
    def member(self):
        """The word for a member, by the reader's language; “member” where none is chosen in it."""
        from django.utils.translation import get_language

        found = written(self.chamber, "member")
        return Chamber.Member(found.text) if found.language == get_language() else Chamber.Member.MEMBER


@dataclass
class DelegationOn:
    """A delegation on a day."""

    delegation: Delegation
    assembly: Assembly
    chambers: list[ChamberOn]
    plenipotentiary: Plenipotentiary | None
    plenipotentiary_unknown: bool
    websites: list[Website] = field(default_factory=list)

    @property
    def name(self) -> Written:
        return written(self.delegation, "country")

    @property
    def parliament(self) -> Written:
        return written(self.delegation, "parliament")

    @property
    def total(self):
        """Members, as far as numbers are known; None if none is."""
        numbers = [chamber.number for chamber in self.chambers if chamber.number is not None]
        return sum(numbers) if numbers else None

    @property
    def complete(self):
        """Whether the total counts every chamber that sends members."""
        return all(chamber.number is not None or chamber.reason == Reason.NOT_APPLICABLE for chamber in self.chambers)

    @property
    def facts(self):
        """What held, with its sources."""
        return [fact for fact in [*(chamber.fact for chamber in self.chambers), self.plenipotentiary] if fact]


def standing(day, language=None, slug=None):
    """
    The delegations on a day, in the register's order; with `slug`, at most the one. A list of DelegationOn.

    11 queries whatever their number.
    """
    sources = Prefetch("source", Source.objects.in_language(language))
    people = Prefetch("person", Person.objects.in_language(language))
    offices = Prefetch("office", Office.objects.in_language(language))
    seats = [
        Prefetch("seats", Seats.objects.on(day).prefetch_related(sources), to_attr="seats_on"),
        Prefetch("seats", Seats.objects.unknown_on(day), to_attr="seats_unknown"),
    ]
    posts = [
        Prefetch(
            "plenipotentiaries",
            Plenipotentiary.objects.on(day).prefetch_related(sources, people, offices),
            to_attr="plenipotentiaries_on",
        ),
        Prefetch("plenipotentiaries", Plenipotentiary.objects.unknown_on(day), to_attr="plenipotentiaries_unknown"),
    ]
    rows = Delegation.objects.in_language(language).prefetch_related(
        Prefetch("chambers", Chamber.objects.in_language(language).prefetch_related(*seats), to_attr="all_chambers"),
        Prefetch("websites", Website.objects.all(), to_attr="all_websites"),
        *posts,
    )
    if slug is not None:
        rows = rows.filter(slug=slug)
    assembly = Assembly.objects.in_language(language).first() or Assembly()
    return [_standing(row, assembly) for row in rows]


def register_prefetches(facts, language=None):
    """A queryset of facts with what their lines on a page name: person, office, chamber, delegation, source."""
    names = {"source": Source, "person": Person, "office": Office, "chamber": Chamber, "delegation": Delegation}
    fields = {field.name for field in facts.model._meta.fields}
    found = [Prefetch(name, model.objects.in_language(language)) for name, model in names.items() if name in fields]
    if "chamber" in fields:
        found.append(Prefetch("chamber__delegation", Delegation.objects.in_language(language)))
    return facts.prefetch_related(*found)


def total(delegations):
    """The sum of all numbers that are known, or None."""
    numbers = [row.total for row in delegations if row.total is not None]
    return sum(numbers) if numbers else None


def _standing(row, assembly):
    chambers = [
        ChamberOn(
            chamber=chamber,
            delegation=row,
            fact=_held(chamber.seats_on, chamber.seats_unknown),
            unknown=bool(chamber.seats_unknown),
            websites=[site for site in row.all_websites if site.chamber_id == chamber.pk],
        )
        for chamber in row.all_chambers
    ]
    return DelegationOn(
        delegation=row,
        assembly=assembly,
        chambers=chambers,
        plenipotentiary=_held(row.plenipotentiaries_on, row.plenipotentiaries_unknown),
        plenipotentiary_unknown=bool(row.plenipotentiaries_unknown),
        websites=[site for site in row.all_websites if site.chamber_id is None],
    )


def _held(held, unknown):
    """The fact that held, or None. “Not yet entered” gives way to what may have held: then nobody knows."""
    return next((fact for fact in held if not (unknown and fact.reason == Reason.NOT_ENTERED)), None)
