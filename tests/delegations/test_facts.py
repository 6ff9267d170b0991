"""Facts and what is known of their dates: compared with a plain model of the text, on every combination."""

from datetime import date, timedelta
from itertools import product
from threading import Barrier, Thread
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from delegations.models import Chamber, Membership, Plenipotentiary, Reason, Seats, Source
from tests import make

DAY = date(2025, 10, 7)


def day(number):
    return None if number is None else DAY + timedelta(days=number)


# The text, once more and in plain Python. A fact here has published, retrieved, confirmed, since, until, ended.


def said_on(fact):
    for known in [fact.published, fact.retrieved, fact.confirmed]:
        if known:
            return known


def first_known(fact):
    if fact.since:
        return fact.since
    known = [found for found in [said_on(fact), fact.until] if found]
    return min(known) if known else None


def last_known(fact):
    """Of an ended fact; what an open one has not."""
    if fact.until:
        return fact.until
    known = [found for found in [fact.since, said_on(fact), fact.confirmed] if found]
    return max(known) if known and fact.ended else None


def answer(fact, on):
    """“held”, “may have held” or “did not hold”."""
    first, last, is_open = first_known(fact), last_known(fact), not fact.until and not fact.ended
    if fact.until and on > fact.until:
        return "did not hold"
    if first is None:
        return "may have held"
    if on < first:
        return "did not hold" if fact.since else "may have held"
    if is_open or on <= last:
        return "held"
    return "may have held"


def is_possible(fact):
    """What the database takes."""
    return (
        not (fact.since and fact.until and fact.until < fact.since)
        and not (fact.ended and fact.until)
        and not (fact.published and fact.retrieved and fact.retrieved < fact.published)
    )


def combinations(numbers):
    names = ["since", "until", "published", "retrieved", "confirmed"]
    for *days, ended in product(*[[None, *numbers]] * 5, [False, True]):
        fact = SimpleNamespace(**dict(zip(names, map(day, days), strict=True)), ended=ended)
        if is_possible(fact):
            yield fact


def store(facts, chambers):
    """Rows of Seats for plain facts, each of its chamber; by bulk, which validates nothing."""
    days = {(fact.published, fact.retrieved) for fact in facts}
    sources = {pair: make.source(published=pair[0], retrieved=pair[1]) for pair in sorted(days, key=str)}
    witness = make.source(published=None)
    return Seats.objects.bulk_create(
        Seats(
            chamber=chamber,
            number=number,
            source=sources[fact.published, fact.retrieved],
            since=fact.since,
            until=fact.until,
            ended=fact.ended,
            confirmed_on=fact.confirmed,
            confirmed_by=witness if fact.confirmed else None,
        )
        for number, (fact, chamber) in enumerate(zip(facts, chambers, strict=True))
    )


class WhatIsKnown(TestCase):
    """Every combination of days that come before, at and after one another, asked on and around each of them."""

    @classmethod
    def setUpTestData(cls):
        cls.facts = list(combinations([2, 4, 6]))
        delegation = make.delegation()
        cls.chambers = Chamber.objects.bulk_create(
            Chamber(delegation=delegation, slug=f"chamber-{number}", kind="lower") for number in range(len(cls.facts))
        )
        cls.rows = store(cls.facts, cls.chambers)

    def numbers(self, rows):
        return {row.number for row in rows}

    def test_held_on_a_day_what_the_text_says(self):
        for number in range(1, 8):
            expected = {n for n, fact in enumerate(self.facts) if answer(fact, day(number)) == "held"}
            with self.subTest(number=number):
                self.assertEqual(self.numbers(Seats.objects.on(day(number))), expected)

    def test_may_have_held_on_a_day_what_the_text_says(self):
        for number in range(1, 8):
            expected = {n for n, fact in enumerate(self.facts) if answer(fact, day(number)) == "may have held"}
            with self.subTest(number=number):
                self.assertEqual(self.numbers(Seats.objects.unknown_on(day(number))), expected)

    def test_row_and_query_know_the_same_days(self):
        for row in Seats.objects.known().select_related("source"):
            fact = self.facts[row.number]
            known = row.first_known_day, row.last_known_day
            self.assertEqual(known, (first_known(fact), last_known(fact)), fact)
            self.assertEqual((row.known_from, row.known_until), (known[0], date.max if row.is_open else known[1]), fact)

    def test_over_is_what_ended_before_the_day_or_nobody_knows_when(self):
        expected = {n for n, fact in enumerate(self.facts) if fact.ended or (fact.until and fact.until < day(4))}
        self.assertEqual(self.numbers(Seats.objects.over(day(4))), expected)

    def test_held_may_have_held_and_did_not_hold_exclude_each_other(self):
        for number in range(1, 8):
            both = self.numbers(Seats.objects.on(day(number))) & self.numbers(Seats.objects.unknown_on(day(number)))
            self.assertEqual(both, set())


days = st.none() | st.integers(1, 400).map(day)
plain_facts = st.builds(
    SimpleNamespace, since=days, until=days, published=days, retrieved=days, confirmed=days, ended=st.booleans()
).filter(is_possible)


def overlap(one, other):
    """Do the periods in which two facts certainly held have a day in common? Asked day by day."""
    return any(answer(one, day(n)) == answer(other, day(n)) == "held" for n in range(402))


class Together(PropertyTestCase):
    @given(facts=st.lists(plain_facts, min_size=1, max_size=4), asked=st.integers(0, 401).map(day))
    def test_not_yet_entered_holds_wherever_no_other_fact_of_its_kind_does(self, facts, asked):
        open_facts = [fact for fact in facts if not fact.until and not fact.ended]
        facts = [fact for fact in facts if fact not in open_facts[1:]]
        chamber = make.chamber()
        store(facts, [chamber] * len(facts))
        blank = make.seats(chamber=chamber, number=None, reason=Reason.NOT_ENTERED)
        make.seats()  # of another chamber
        nothing_else = all(answer(fact, asked) != "held" for fact in facts)
        self.assertEqual(blank in Seats.objects.on(asked), nothing_else)
        self.assertNotIn(blank, Seats.objects.unknown_on(asked))

    @given(one=plain_facts, other=plain_facts)
    def test_two_facts_overlap_when_a_day_is_common_to_their_known_periods(self, one, other):
        if not (one.until or one.ended or other.until or other.ended):
            one.ended = True
        chamber = make.chamber()
        stored = store([one, other], [chamber] * 2)
        found = [Seats.objects.select_related("source").get(pk=row.pk).overlapping() for row in stored]
        expected = [stored[1], stored[0]] if overlap(one, other) else [None, None]
        self.assertEqual(found, expected)


class Dates(TestCase):
    """The sentences of the text by example, so that they can be read."""

    def test_counts_the_last_day(self):
        fact = make.seats(since=day(1), until=day(3))
        found = [n for n in range(6) if fact in Seats.objects.on(DAY + timedelta(days=n))]
        self.assertEqual(found, [1, 2, 3])

    def test_is_said_on_the_day_of_publication_before_that_of_retrieval_before_that_of_confirmation(self):
        witness = make.source()
        for published, retrieved, confirmed, expected in [
            (day(1), day(2), day(3), day(1)),
            (None, day(2), day(1), day(2)),
            (None, None, day(3), day(3)),
            (None, None, None, None),
        ]:
            source = make.source(published=published, retrieved=retrieved)
            fact = make.seats(source=source, confirmed_on=confirmed, confirmed_by=witness if confirmed else None)
            with self.subTest(expected=expected):
                self.assertEqual(fact.said, expected)

    def test_kyrgyz_republic_seven_later_six_dates_unknown(self):
        chamber = make.chamber(kind="single")
        seven = make.seats(7, chamber=chamber, source=make.source(published=None), ended=True)
        six = make.seats(6, chamber=chamber, source=make.source(published=DAY))
        seven.full_clean()
        six.full_clean()
        self.assertEqual(list(Seats.objects.over()), [seven])
        self.assertEqual(list(Seats.objects.on(DAY)), [six])
        self.assertEqual(list(Seats.objects.on(date(1900, 1, 1))), [])
        self.assertEqual(list(Seats.objects.unknown_on(date(1900, 1, 1))), [seven, six])

    def test_a_fact_that_ends_ahead_is_not_over_yet(self):
        fact = make.seats(since=day(1), until=day(10))
        self.assertEqual(list(Seats.objects.over(day(10))), [])
        self.assertEqual(list(Seats.objects.over(day(11))), [fact])

    def test_one_query_answers_for_a_day_however_many_facts(self):
        for total in [1, 3]:
            while Seats.objects.count() < total:
                make.seats()
            with self.subTest(total=total), self.assertNumQueries(2):
                list(Seats.objects.on(DAY)), list(Seats.objects.unknown_on(DAY))


class Constraints(TestCase):
    """What may not be stored: the database refuses it, and a form says why."""

    @classmethod
    def setUpTestData(cls):
        cls.source = make.source()
        cls.chamber = make.chamber()
        cls.other_chamber = make.chamber(delegation=cls.chamber.delegation)
        cls.person = make.person()

    def refused(self, name, sentence, fact):
        with self.subTest(name=name):
            try:
                fact.full_clean()
                said = []
            except ValidationError as error:
                said = error.messages
            self.assertEqual(said, [sentence])
            with self.assertRaises(IntegrityError) as raised, transaction.atomic():
                type(fact).objects.bulk_create([fact])
            if connection.vendor == "postgresql" or "CHECK" in str(raised.exception):
                self.assertIn(f'"{name}"' if connection.vendor == "postgresql" else name, str(raised.exception))

    def kinds(self, **fields):
        """The same fact of every kind, with the name of its model."""
        fields = {"source": self.source, **fields}
        yield "seats", Seats(chamber=self.chamber, **{"number": 7, **fields})
        yield "plenipotentiary", Plenipotentiary(delegation=self.chamber.delegation, person=self.person, **fields)
        yield (
            "membership",
            Membership(person=self.person, chamber=self.chamber, delegation=self.chamber.delegation, **fields),
        )

    def test_a_fact_ends_after_it_begins(self):
        for kind, fact in self.kinds(since=day(2), until=day(1)):
            self.refused(f"{kind}_ends_after_it_begins", "The last day is the first one or later.", fact)

    def test_ended_and_a_last_day_exclude_each_other(self):
        for kind, fact in self.kinds(until=day(1), ended=True):
            self.refused(f"{kind}_ended_without_day", "“Over, day unknown” and a last day exclude each other.", fact)

    def test_a_fact_needs_a_source(self):
        for kind, fact in self.kinds(source=None):
            self.refused(f"{kind}_has_a_source", "A fact needs a source; only “not yet entered” has none.", fact)

    def test_a_confirmation_has_a_day_and_a_source(self):
        sentence = "The day of a confirmation and the source that confirms go together."
        for fields in [{"confirmed_on": day(1)}, {"confirmed_by": self.source}]:
            for kind, fact in self.kinds(**fields):
                self.refused(f"{kind}_confirmed_by_a_source", sentence, fact)

    def test_not_yet_entered_has_no_days(self):
        sentence = "“Not yet entered” has no days: it holds wherever no other fact does."
        for fields in [{"since": day(1)}, {"until": day(1)}, {"ended": True}]:
            fields |= {"reason": Reason.NOT_ENTERED, "source": None}
            self.refused("seats_not_entered_has_no_days", sentence, Seats(chamber=self.chamber, **fields))
            fact = Plenipotentiary(delegation=self.chamber.delegation, **fields)
            self.refused("plenipotentiary_not_entered_has_no_days", sentence, fact)

    def test_a_fact_has_a_value_or_a_reason(self):
        for number, reason in [(None, ""), (7, Reason.VACANT)]:
            self.refused(
                "seats_value_or_reason",
                "Enter a number, or say why there is none.",
                Seats(chamber=self.chamber, number=number, reason=reason, source=self.source),
            )
        for person, reason in [(None, ""), (self.person, Reason.VACANT)]:
            self.refused(
                "plenipotentiary_value_or_reason",
                "Choose a person, or say why there is none.",
                Plenipotentiary(delegation=self.chamber.delegation, person=person, reason=reason, source=self.source),
            )

    def test_every_blank_says_why(self):
        for reason in Reason:
            fact = make.seats(number=None, reason=reason)
            fact.full_clean()
            self.assertEqual(str(fact), f"{fact.chamber}: {reason.label}")

    def test_not_yet_entered_needs_no_source_and_stands_beside_a_number_once(self):
        make.seats(chamber=self.chamber)
        make.seats(chamber=self.chamber, number=None, reason=Reason.NOT_ENTERED).full_clean()
        self.refused(
            "seats_not_entered_once",
            "This chamber is marked as “not yet entered” already.",
            Seats(chamber=self.chamber, reason=Reason.NOT_ENTERED),
        )
        make.plenipotentiary(delegation=self.chamber.delegation, reason=Reason.NOT_ENTERED)
        self.refused(
            "plenipotentiary_not_entered_once",
            "This delegation is marked as “not yet entered” already.",
            Plenipotentiary(delegation=self.chamber.delegation, reason=Reason.NOT_ENTERED),
        )

    def test_a_membership_is_never_blank(self):
        fact = Membership(
            person=self.person,
            chamber=self.chamber,
            delegation=self.chamber.delegation,
            source=self.source,
            reason=Reason.VACANT,
        )
        self.refused("membership_is_never_blank", "A membership has a person, so it is not blank.", fact)

    def test_an_office_needs_a_person(self):
        fact = Plenipotentiary(
            delegation=self.chamber.delegation, office=make.office(), reason=Reason.VACANT, source=self.source
        )
        self.refused("office_needs_a_person", "An office beside the post needs a person.", fact)

    def test_at_most_one_fact_is_open(self):
        undated = make.source(published=None)  # so that no known periods overlap, and this constraint alone speaks
        make.seats(chamber=self.chamber)
        self.refused(
            "one_open_number_of_seats",
            "This chamber already has a number of seats that still holds.",
            Seats(chamber=self.chamber, number=8, source=undated),
        )
        make.plenipotentiary(delegation=self.chamber.delegation)
        self.refused(
            "one_open_plenipotentiary",
            "This delegation already has a plenipotentiary who still holds the post.",
            Plenipotentiary(delegation=self.chamber.delegation, person=self.person, source=undated),
        )
        make.membership(chamber=self.chamber, person=self.person)
        self.refused(
            "one_open_membership_per_chamber",
            "This person already sits for this chamber.",
            Membership(person=self.person, chamber=self.chamber, delegation=self.chamber.delegation, source=undated),
        )

    def test_a_delegation_has_one_sitting_head(self):
        make.membership(chamber=self.chamber, role="head")
        fact = Membership(
            person=self.person,
            chamber=self.other_chamber,
            delegation=self.chamber.delegation,
            role="head",
            source=make.source(published=None),
        )
        self.refused("one_sitting_head_per_delegation", "This delegation already has a head.", fact)

    def test_a_form_that_leaves_the_delegation_out_hears_of_the_other_head_too(self):
        make.membership(chamber=self.chamber, role="head")
        fact = Membership(
            person=self.person, chamber=self.other_chamber, role="head", source=make.source(published=None)
        )
        with self.assertRaises(ValidationError) as raised:
            fact.full_clean(exclude=["delegation"])
        self.assertEqual(raised.exception.messages, ["This delegation already has a head."])

    def test_facts_that_are_over_may_be_many(self):
        for number in [7, 6]:
            make.seats(number, chamber=self.chamber, ended=True, source=make.source(published=None)).full_clean()
        self.assertEqual(Seats.objects.over().count(), 2)


class Overlaps(TestCase):
    """Known periods of facts about the same do not overlap; the sentence names the other record."""

    def refused(self, fact):
        with self.assertRaises(ValidationError) as raised:
            fact.clean()
        return raised.exception.messages

    def test_names_the_number_that_holds_at_the_same_time(self):
        chamber, source = make.chamber(name_en="House"), make.source()
        make.seats(7, chamber=chamber, since=day(1), until=day(5))
        fact = Seats(chamber=chamber, number=8, source=source, since=day(5), until=day(9))
        self.assertEqual(self.refused(fact), ["“House: 7” holds at the same time; end it first, or correct the days."])
        fact.since = day(6)
        fact.clean()

    def test_names_the_plenipotentiary_of_the_time(self):
        delegation = make.delegation(country_en="Belarus")
        make.plenipotentiary(delegation=delegation, person=make.person(name_en="Viktor Kogut"), until=day(5))
        fact = Plenipotentiary(
            delegation=delegation, person=make.person(), source=make.source(), since=day(2), until=day(9)
        )
        self.assertEqual(
            self.refused(fact),
            ["“Belarus: Viktor Kogut” holds at the same time; end it first, or correct the days."],
        )

    def test_one_person_sits_for_two_chambers_but_not_twice_for_one(self):
        first = make.membership(person=make.person(name_en="Anna"), chamber=make.chamber(name_en="House"), until=day(5))
        fact = Membership(person=first.person, chamber=first.chamber, source=make.source(), until=day(5))
        self.assertEqual(
            self.refused(fact), ["“Anna: House” holds at the same time; end it first, or correct the days."]
        )
        fact.chamber = make.chamber()
        fact.clean()

    def test_a_delegation_has_one_head_at_a_time(self):
        chamber = make.chamber(name_en="House")
        other = make.chamber(delegation=chamber.delegation)
        head = make.membership(person=make.person(name_en="Anna"), chamber=chamber, role="head", until=day(5))
        fact = Membership(person=make.person(), chamber=other, source=make.source(), until=day(5), role="head")
        self.assertEqual(
            self.refused(fact), ["“Anna: House” holds at the same time; end it first, or correct the days."]
        )
        fact.role = "deputy-head"
        fact.clean()
        head.clean()

    def test_a_day_of_the_source_that_would_make_two_facts_overlap_is_refused(self):
        chamber, source = make.chamber(name_en="House"), make.source(published=day(1))
        make.seats(7, chamber=chamber, source=source, ended=True)
        make.seats(8, chamber=chamber, since=day(5))
        source.published = day(4)
        source.full_clean()
        source.published = day(5)
        with self.assertRaises(ValidationError) as raised:
            source.full_clean()
        self.assertEqual(
            raised.exception.messages, ["With these days “House: 7” and “House: 8” would hold at the same time."]
        )

    def test_all_facts_of_a_source_move_together(self):
        chamber, source = make.chamber(), make.source(published=day(5))
        make.seats(7, chamber=chamber, source=source, until=day(3))
        make.seats(8, chamber=chamber, source=source, since=day(4), ended=True)
        for moved in [2, 9]:
            source.published = day(moved)
            source.full_clean()

    def test_facts_of_one_source_are_compared_as_they_would_be_both(self):
        chamber, source = make.chamber(name_en="House"), make.source(published=day(9))
        make.seats(7, chamber=chamber, source=source, until=day(5))  # known on that day alone
        make.seats(8, chamber=chamber, source=source, ended=True)  # known on the ninth alone
        source.published = day(4)
        with self.assertRaises(ValidationError) as raised:
            source.full_clean()
        self.assertEqual(
            raised.exception.messages, ["With these days “House: 7” and “House: 8” would hold at the same time."]
        )

    def test_a_source_whose_days_stay_is_not_compared(self):
        source = make.source()
        for _ in range(3):
            make.seats(source=source)
        source.title_en = "Another title"
        with self.assertNumQueries(3):  # savepoint in and out, the days before
            source.clean()

    def test_a_source_is_read_on_the_day_it_appears_or_later(self):
        source = Source(slug="early", published=day(2), retrieved=day(1))
        with self.assertRaises(ValidationError) as raised:
            source.full_clean()
        self.assertEqual(raised.exception.messages, ["A source is read on the day it is published or later."])
        with self.assertRaises(IntegrityError), transaction.atomic():
            Source.objects.bulk_create([source])


class AtTheSameInstant(TransactionTestCase):
    """Two people enter overlapping facts in one instant: the parent's row is locked, so the second is refused."""

    def race(self, *acts):
        barrier, said = Barrier(len(acts)), []

        def run(act):
            try:
                barrier.wait(timeout=10)
                with transaction.atomic():
                    act()
                said.append("stored")
            except ValidationError as error:
                said.extend(error.messages)
            except Exception as error:  # a thread's own would be seen by nobody
                said.append(repr(error))
            finally:
                connection.close()

        threads = [Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        return sorted(said)

    def store(self, fact):
        def act():
            fact.full_clean()
            fact.save()

        return act

    def test_one_of_two_numbers_is_stored(self):
        for attempt in range(5):
            chamber = make.chamber(name_en="House")
            facts = [
                Seats(chamber=chamber, number=7, source=make.source(), since=day(1), until=day(last)) for last in [8, 9]
            ]
            with self.subTest(attempt=attempt):
                self.assertEqual(
                    self.race(*map(self.store, facts)),
                    ["stored", "“House: 7” holds at the same time; end it first, or correct the days."],
                )

    def test_one_of_two_heads_is_stored(self):
        for attempt in range(5):
            chamber = make.chamber(name_en="House")
            heads = [
                Membership(
                    person=make.person(name_en="Anna"),
                    chamber=chamber,
                    source=make.source(),
                    role="head",
                    since=day(1),
                    until=day(5),
                )
                for _ in range(2)
            ]
            with self.subTest(attempt=attempt):
                self.assertEqual(
                    self.race(*map(self.store, heads)),
                    ["stored", "“Anna: House” holds at the same time; end it first, or correct the days."],
                )

    def test_a_day_of_the_source_and_a_fact_that_cites_it_do_not_pass_each_other(self):
        for attempt in range(5):
            source, chamber = make.source(published=day(1)), make.chamber(name_en="House")
            make.seats(8, chamber=chamber, since=day(5))
            fact = Seats(chamber=chamber, number=7, source=source, ended=True)
            moved = Source.objects.get(pk=source.pk)
            moved.published = day(6)
            said = self.race(self.store(fact), self.store(moved))
            with self.subTest(attempt=attempt):
                self.assertIn(
                    {*said} - {"stored"},
                    [
                        {"With these days “House: 7” and “House: 8” would hold at the same time."},
                        {"“House: 8” holds at the same time; end it first, or correct the days."},
                    ],
                )
