"""“New number”, “new holder”, “still so”."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.test import TestCase

from delegations.change import Disputed, change, confirm
from delegations.models import Plenipotentiary, Seats
from tests import make

DAY = date(2025, 10, 7)


def day(number):
    return DAY + timedelta(days=number)


def refusal(act, *args, kind=ValidationError, **kwargs):
    try:
        act(*args, **kwargs)
    except kind as error:
        return error.messages
    raise AssertionError("It was not refused.")


class NewNumber(TestCase):
    def setUp(self):
        self.chamber = make.chamber(name_en="Jogorku Kenesh")
        self.source = make.source(title_en="Page of 2026", published=day(100))

    def known(self, fact):
        return fact.number, fact.since, fact.until, fact.ended, fact.source

    def test_ends_the_old_one_the_day_before(self):
        old = make.seats(7, chamber=self.chamber)
        new = change(old, since=day(50), source=self.source, number=6)
        found = [self.known(fact) for fact in Seats.objects.order_by("pk")]
        self.assertEqual(found, [(7, None, day(49), False, old.source), (6, day(50), None, False, self.source)])
        self.assertEqual(new.chamber, self.chamber)
        self.assertEqual([Seats.objects.on(day(n)).get().number for n in [49, 50]], [7, 6])

    def test_of_a_day_unknown_leaves_the_old_one_over_nobody_knows_when(self):
        """Kyrgyz Republic: 7, later 6, dates unknown."""
        old = make.seats(7, chamber=self.chamber)
        change(old, source=self.source, number=6)
        found = [self.known(fact) for fact in Seats.objects.order_by("pk")]
        self.assertEqual(found, [(7, None, None, True, old.source), (6, None, None, False, self.source)])
        self.assertEqual([fact.number for fact in Seats.objects.over()], [7])
        self.assertEqual([fact.number for fact in Seats.objects.unknown_on(day(50))], [7, 6])

    def test_can_become_a_blank_that_says_why(self):
        new = change(make.seats(7, chamber=self.chamber), since=day(50), source=self.source, reason="vacant")
        self.assertEqual((new.number, new.reason), (None, "vacant"))

    def test_before_the_first_known_day_of_the_old_one_shows_both_sources(self):
        old = make.seats(7, chamber=self.chamber, source=make.source(title_en="Page of 2025", published=DAY))
        sentence = (
            "“Jogorku Kenesh: 7” held on 7 October 2025 according to “Page of 2025”; "
            "according to “Page of 2026” it ended on 6 October 2025."
        )
        said = refusal(change, old, since=DAY, source=self.source, number=6, kind=Disputed)
        self.assertEqual((said, Seats.objects.get().is_open), ([sentence], True))

    def test_may_all_the_same_end_the_old_one_before_the_day_of_its_source(self):
        old = make.seats(7, chamber=self.chamber)
        change(old, since=day(-30), source=self.source, number=6, anyway=True)
        self.assertEqual([fact.number for fact in Seats.objects.on(day(-30))], [6])
        self.assertEqual([fact.number for fact in Seats.objects.on(DAY)], [6])

    def test_never_ends_the_old_one_before_it_began(self):
        old = make.seats(7, chamber=self.chamber, since=DAY)
        said = refusal(change, old, since=DAY, source=self.source, number=6, anyway=True)
        self.assertEqual(said, ["The last day is the first one or later."])
        self.assertEqual(Seats.objects.get().until, None)

    def test_of_a_day_unknown_needs_a_source_later_than_all_that_said_the_old_one(self):
        old = make.seats(
            7, chamber=self.chamber, confirmed_on=day(100), confirmed_by=make.source(title_en="List of members")
        )
        sentence = (
            "“Jogorku Kenesh: 7” held on 15 January 2026 according to “List of members”, "
            "and “Page of 2026” is not later; enter the first day."
        )
        self.assertEqual(refusal(change, old, source=self.source, number=6), [sentence])
        self.assertEqual(Seats.objects.get().ended, False)

    def test_is_one_act_nothing_ends_where_the_new_one_is_refused(self):
        old = make.seats(7, chamber=self.chamber)
        said = refusal(change, old, since=day(50), source=self.source)
        self.assertEqual(said, ["Enter a number, or say why there is none."])
        self.assertEqual([self.known(fact) for fact in Seats.objects.all()], [self.known(old)])

    def test_reads_the_old_one_again_so_that_two_people_do_not_end_it_twice(self):
        old = make.seats(7, chamber=self.chamber)
        change(old, since=day(50), source=self.source, number=6)
        said = refusal(change, old, since=day(60), source=self.source, number=5)
        self.assertEqual(said, ["“Jogorku Kenesh: 7” is over already."])

    def test_not_yet_entered_does_not_end(self):
        blank = make.seats(None, chamber=self.chamber, reason="not-entered")
        self.assertEqual(
            refusal(change, blank, source=self.source, number=6),
            ["“Not yet entered” does not end: enter the fact beside it."],
        )

    def test_keeps_the_history_of_both(self):
        old = make.seats(7, chamber=self.chamber)
        new = change(old, since=day(50), source=self.source, number=6)
        self.assertEqual([row.until for row in old.history.all()], [day(49), None])
        self.assertEqual([row.number for row in new.history.all()], [6])


class NewHolder(TestCase):
    def test_leaves_the_office_of_the_former_with_the_former(self):
        old = make.plenipotentiary(office=make.office())
        person, source = make.person(), make.source(published=day(100))
        new = change(old, since=day(50), source=source, person=person)
        self.assertEqual((new.delegation, new.person, new.office), (old.delegation, person, None))
        self.assertEqual([fact.until for fact in Plenipotentiary.objects.order_by("pk")], [day(49), None])

    def test_of_a_post_in_a_delegation_keeps_chamber_and_role(self):
        old = make.membership(role="head")
        person, source = make.person(), make.source(published=day(100))
        new = change(old, since=day(50), source=source, person=person)
        self.assertEqual(
            (new.person, new.chamber, new.delegation, new.role), (person, old.chamber, old.delegation, "head")
        )

    def test_may_be_the_same_person_in_another_role(self):
        old = make.membership()
        new = change(old, since=day(50), source=make.source(published=day(100)), role="head")
        self.assertEqual((new.person, new.chamber, new.role), (old.person, old.chamber, "head"))


class StillSo(TestCase):
    def test_moves_many_facts_forward_at_once_and_never_replaces_their_source(self):
        facts = [make.seats(), make.plenipotentiary(), make.membership()]
        source = make.source(published=day(100))
        moved = confirm(facts, source)
        self.assertEqual(moved, facts)
        for fact in facts:
            before = fact.source
            fact.refresh_from_db()
            self.assertEqual((fact.confirmed_on, fact.confirmed_by, fact.source), (day(100), source, before))

    def test_never_moves_back(self):
        fact = make.seats(confirmed_on=day(100), confirmed_by=make.source(published=day(100)))
        for earlier in [day(100), day(99), DAY, day(-1)]:
            self.assertEqual(confirm([fact], make.source(published=earlier)), [])
        fact.refresh_from_db()
        self.assertEqual(fact.confirmed_on, day(100))

    def test_of_a_source_older_than_the_facts_own_moves_nothing(self):
        fact = make.seats(source=make.source(published=day(10)))
        self.assertEqual(confirm([fact], make.source(published=DAY)), [])
        fact.refresh_from_db()
        self.assertEqual((fact.confirmed_on, fact.confirmed_by), (None, None))

    def test_takes_the_day_that_is_named_before_that_of_the_source(self):
        fact, source = make.seats(), make.source(published=day(1))
        confirm([fact], source, day(30))
        fact.refresh_from_db()
        self.assertEqual(fact.confirmed_on, day(30))

    def test_needs_a_day(self):
        said = refusal(confirm, [make.seats()], make.source(published=None))
        self.assertEqual(said, ["The source has no day; enter the one on which it said so."])

    def test_refuses_what_is_over_by_then_and_what_was_not_entered(self):
        chamber = make.chamber(name_en="House")
        over = make.seats(7, chamber=chamber, until=day(10))
        blank = make.seats(None, chamber=chamber, reason="not-entered")
        source = make.source(published=day(11))
        self.assertEqual(
            refusal(confirm, [over], source),
            ["“House: 7” ended on 17 October 2025; a later day cannot confirm it."],
        )
        self.assertEqual(refusal(confirm, [blank], source), ["“House: not yet entered”: there is nothing to confirm."])

    def test_refuses_a_day_that_would_make_two_facts_overlap(self):
        chamber = make.chamber(name_en="House")
        old = make.seats(7, chamber=chamber, ended=True)
        make.seats(6, chamber=chamber, since=day(50))
        self.assertEqual(
            refusal(confirm, [old], make.source(published=day(60))),
            ["“House: 6” holds at the same time; end it first, or correct the days."],
        )

    def test_keeps_the_history(self):
        fact = make.seats()
        confirm([fact], make.source(published=day(100)))
        self.assertEqual([row.confirmed_on for row in fact.history.all()], [day(100), None])

    def test_costs_the_same_for_three_facts_as_for_one(self):
        for total in [1, 3]:
            facts = [make.seats() for _ in range(total)]
            source = make.source(published=day(100))
            with self.subTest(total=total), self.assertNumQueries(7):
                # savepoint in and out, sources, parents, facts, the change, its history
                confirm(facts, source)
