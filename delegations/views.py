from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from delegations.days import OnDayMixin
from delegations.models import Chamber, Delegation, Membership, Person, Plenipotentiary, Seats, Source
from delegations.standing import register_prefetches, standing, total
from languages.text import Written, column, compose, written
from publishing.erase import erasure_of
from publishing.models import Redirect


class DelegationList(OnDayMixin, TemplateView):
    template_name = "delegations/delegation_list.html"

    def get_context_data(self, **kwargs):
        rows = [] if self.future else standing(self.at_day)
        return super().get_context_data(**figures(rows), **kwargs)


class DelegationDetail(OnDayMixin, TemplateView):
    template_name = "delegations/delegation_detail.html"

    def get(self, request, slug):
        rows = standing(self.at_day)  # all of them: the page says the share of the whole
        found = next((row for row in rows if row.delegation.slug == slug), None)
        if not found:
            return moved_or_missing(Delegation, slug, self.on)
        return self.render_to_response(self.get_context_data(rows=rows, standing=found))

    def get_context_data(self, rows, standing, **kwargs):
        delegation = standing.delegation
        members = Membership.objects.filter(delegation=delegation).on(self.at_day).prefetch_related(
            Prefetch("person", Person.objects.in_language()), Prefetch("chamber", Chamber.objects.in_language())
        )
        return super().get_context_data(
            standing=standing, delegation=delegation, members=members, sources=said_by(standing),
            earlier_seats=earlier_seats(standing), earlier_posts=earlier_posts(standing),
            written_in=languages_written(delegation, "country", "parliament"), **figures(rows), **kwargs,
        )


class PersonDetail(OnDayMixin, TemplateView):
    template_name = "delegations/person_detail.html"

    def get(self, request, slug):
        people = Person.objects.in_language().select_related("portrait").prefetch_related("other_names")
        person = people.filter(slug=slug).first()
        if not person:
            return moved_or_missing(Person, slug, self.on)
        if not written(person, "name").text and (erasure := erasure_of(person)):
            return render(request, "410.html", {"day": erasure.erased_at, "erased": True}, status=410)
        return self.render_to_response(self.get_context_data(person=person))

    def get_context_data(self, person, **kwargs):
        facts = [
            *facts_of(Plenipotentiary.objects.filter(person=person), self.at_day),
            *facts_of(Membership.objects.filter(person=person), self.at_day),
        ]
        return super().get_context_data(
            person=person, facts=facts, written_in=languages_written(person, "name"), **kwargs
        )


@dataclass
class Said:
    """A source, the day it was last confirmed, and the names (Written or lists of them) of what rests on it."""

    source: Source
    confirmed_on: date | None
    labels: list


@dataclass
class FactOn:
    """A fact of a person, and whether it held on the day, may have held, or is over: "held", "unknown", "over"."""

    fact: Plenipotentiary | Membership
    state: str

    @property
    def is_post(self):
        return isinstance(self.fact, Plenipotentiary)


def figures(rows):
    """Template variables of the assembly, from all its DelegationOn; `complete`: the total counts every chamber."""
    assembly = {"assembly": rows[0].assembly} if rows else {}  # else the base template asks for it
    return {"delegations": rows, "total": total(rows), "complete": all(row.complete for row in rows), **assembly}


def said_by(standing):
    """What a delegation's page rests on: a list of Said, from a DelegationOn. One query."""
    held = [chamber for chamber in standing.chambers if chamber.fact]
    told = [(chamber.fact.source_id, chamber.fact.confirmed_on, chamber.name) for chamber in held]
    if post := standing.plenipotentiary:
        told.append((post.source_id, post.confirmed_on, Written(_("Plenipotentiary representative"), "")))
    for chamber in standing.chambers:
        told.append((chamber.chamber.name_source_id, None, compose(_("the name “%(chamber)s”"), chamber=chamber.name)))
    for site in [*standing.websites, *(site for chamber in standing.chambers for site in chamber.websites)]:
        told.append((site.source_id, None, Written(site.domain, "")))
    sources = Source.objects.in_language().in_bulk({source for source, _day, _label in told if source})
    groups = {}
    for source, day, label in told:
        if source:
            groups.setdefault((source, day), Said(sources[source], day, [])).labels.append(label)
    return list(groups.values())


def earlier_seats(standing):
    """Numbers that are over and did not hold on the day: ChamberOn for each."""
    chambers = {chamber.chamber.pk: chamber for chamber in standing.chambers}
    sources = Prefetch("source", Source.objects.in_language())
    facts = Seats.objects.filter(chamber__in=chambers).over().prefetch_related(sources)
    return [replace(chambers[fact.chamber_id], fact=fact) for fact in facts if fact != chambers[fact.chamber_id].fact]


def earlier_posts(standing):
    facts = register_prefetches(Plenipotentiary.objects.filter(delegation=standing.delegation).over())
    return [fact for fact in facts if fact != standing.plenipotentiary]


def facts_of(facts, day):
    """A queryset of facts as FactOn, without those that hold on later days only. Four queries and the prefetches."""
    states = {"held": facts.on(day), "over": facts.over(), "unknown": facts.unknown_on(day)}
    states = {state: {*rows.values_list("pk", flat=True)} for state, rows in states.items()}
    for fact in register_prefetches(facts):
        if state := next((state for state, keys in states.items() if fact.pk in keys), ""):
            yield FactOn(fact, state)


def languages_written(record, *fields):
    """Public languages in which all these fields of a record are written: one query."""
    codes = settings.PUBLIC_LANGUAGES
    columns = [column(field, code) for field in fields for code in codes]
    row = type(record).objects.filter(pk=record.pk).values(*columns).get()
    return [code for code in codes if all(row[column(field, code)] for field in fields)]


def moved_or_missing(model, slug, on=""):
    """301 to the present address of a record that had this slug before; otherwise 404."""
    if record := Redirect.find(model, slug):
        return HttpResponsePermanentRedirect(record.get_absolute_url() + on)
    raise Http404
