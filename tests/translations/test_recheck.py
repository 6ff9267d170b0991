"""The nightly recheck says what raw writes left, and mends it."""

from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from delegations.models import Office, Person
from tests import make
from tests.translations.test_ledger import edit, raw, state, unit
from translations import ledger
from translations.ledger import State
from translations.models import Unit
from translations.recheck import recheck


def said(*arguments):
    out = StringIO()
    call_command("recheck", *arguments, stdout=out)
    return out.getvalue().splitlines()


class Recheck(TestCase):
    def setUp(self):
        self.person = make.person(name_en="Viktor", name_ru="Виктор", name_tg="Виктор")
        ledger.written(self.person, {})
        ledger.approve(self.person, "tg", source_language="ru")

    def test_says_that_all_is_in_step(self):
        self.assertEqual(said(), ["The ledger is in step with the texts."])

    def test_finds_an_original_that_was_written_behind_our_back_and_says_so_once(self):
        raw(self.person, name_en="Viktor Kogut")
        self.assertEqual(list(Unit.objects.stale()), [])
        self.assertEqual(
            said(),
            [
                "Viktor Kogut: name_en was changed outside the administration.",
                "1 fault of the ledger is mended.",
            ],
        )
        self.assertEqual(list(Unit.objects.stale()), [unit(self.person, "ru", "name")])
        self.assertEqual(state(self.person, "ru", "name"), State.STALE)
        self.assertEqual(said(), ["The ledger is in step with the texts."])

    def test_finds_a_translation_that_others_are_made_from(self):
        raw(self.person, name_ru="Виктор Когут")
        self.assertEqual(list(recheck(Person)), ["Viktor: name_ru was changed outside the administration."])
        self.assertEqual(list(Unit.objects.stale()), [unit(self.person, "tg", "name")])
        self.assertEqual(state(self.person, "ru", "name"), State.UNVERIFIED)

    def test_leaves_a_translation_that_nothing_is_made_from_to_its_state(self):
        raw(self.person, name_tg="Виктор Когут")
        self.assertEqual(list(recheck(Person)), [])
        self.assertEqual(state(self.person, "tg", "name"), State.UNVERIFIED)

    def test_passes_a_suggestion_and_what_was_the_original_once(self):
        item = make.news()
        ledger.written(item, {})
        ledger.suggest(item, "title", "ru", "Новость")
        edit(item, original_language="ky")
        self.assertEqual(said(), ["The ledger is in step with the texts."])

    def test_drops_what_spoke_of_what_is_gone(self):
        kept = Unit.objects.count()
        gone = make.office()
        ledger.written(gone, {})
        Unit.objects.filter(pk=unit(gone, "en", "name").pk).update(field="surname")
        office = make.office(name_ru="секретарь")
        ledger.written(office, {})
        pk = office.pk
        office.delete()
        self.assertEqual(
            said(),
            [
                f"office {gone.pk}: surname_en: what it spoke of is gone.",
                f"office {pk}: name_en: what it spoke of is gone.",
                f"office {pk}: name_ru: what it spoke of is gone.",
                "3 faults of the ledger are mended.",
            ],
        )
        self.assertEqual(Unit.objects.count(), kept)

    def test_reads_in_batches_whose_number_of_queries_does_not_grow_with_what_is_in_them(self):
        for wrong in [0, 1, 7]:
            Office.objects.all().delete()
            Unit.objects.all().delete()
            for number in range(7):
                office = make.office(name_en=f"office {number}", name_ru="пост")
                ledger.written(office, {})
                if number < wrong:
                    raw(office, name_en=f"another office {number}")
            with self.subTest(wrong=wrong), CaptureQueriesContext(connection) as queries:
                found = list(recheck(Office, batch=10))
            self.assertEqual(len(found), wrong)
            # What is gone, a batch with its units, the end; a mend: savepoint, lock, units, rows, update, savepoint.
            self.assertEqual(len(queries), 4 + (6 if wrong else 0))

    def test_finds_everything_whatever_the_size_of_a_batch(self):
        for batch in [1, 2, 3, 100]:
            people = [make.person(name_ru="Лицо") for _ in range(5)]
            for person in people:
                ledger.written(person, {})
            for person in people[::2]:
                raw(person, name_en=f"Changed {person.pk}")
            with self.subTest(batch=batch):
                expected = [f"Changed {p.pk}: name_en was changed outside the administration." for p in people[::2]]
                self.assertEqual(list(recheck(Person, batch=batch)), expected)
