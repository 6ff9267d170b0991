"""The translation ledger: every state, and who vouches for what."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from delegations.models import Person
from news.models import NewsItem
from tests import make
from translations import ledger
from translations.ledger import State
from translations.models import Unit


def state(item, language="ru", field="title"):
    return ledger.states(type(item).objects.get(pk=item.pk)).get((field, language))


def edit(item, by=None, minor=False, **texts):
    """What the admin does: save, then tell the ledger."""
    before = ledger.texts(item)
    for name, text in texts.items():
        setattr(item, name, text)
    item.save()
    ledger.written(item, before, by, minor)


def unit(item, language="ru", field="title"):
    return Unit.objects.of(item).get(field=field, language=language)


def raw(item, **texts):
    """A write behind our back."""
    with connection.cursor() as cursor:
        for name, text in texts.items():
            cursor.execute(f"UPDATE {item._meta.db_table} SET {name} = %s WHERE id = %s", [text, item.pk])
    item.refresh_from_db()


class Digest(TestCase):
    def test_is_the_same_for_white_space_and_unicode_form(self):
        self.assertEqual(ledger.digest("Андре\u0439 \u00a0 Б\n"), ledger.digest(" Андре\u0438\u0306 Б"))
        self.assertNotEqual(ledger.digest("5 May"), ledger.digest("6 May"))

    def test_is_nothing_for_nothing(self):
        self.assertEqual([ledger.digest(text) for text in [None, "", " \n"]], ["", "", ""])

    def test_of_a_version_does_not_hang_on_the_order_of_fields(self):
        self.assertEqual(ledger.version({"title": "a", "lead": "b"}), ledger.version({"lead": "b", "title": "a "}))
        self.assertNotEqual(ledger.version({"title": "a", "lead": "b"}), ledger.version({"title": "b", "lead": "a"}))


class States(TestCase):
    def setUp(self):
        self.editor = make.user()
        self.item = make.news(title_en="Meeting of 5 May", title_ru="Заседание 5 мая")
        ledger.approve(self.item, "ru", by=self.editor)

    def test_a_text_that_somebody_vouched_for_is_approved(self):
        self.assertEqual(state(self.item), State.APPROVED)
        self.assertEqual(unit(self.item).approved_by, self.editor)

    def test_white_space_changes_nothing(self):
        edit(self.item, title_en=" Meeting  of 5 May\n", title_ru="Заседание 5  мая")
        raw(self.item, title_en="Meeting of  5 May ")
        self.assertEqual(state(self.item), State.APPROVED)

    def test_a_changed_date_makes_it_stale_with_the_old_source_at_hand(self):
        edit(self.item, title_en="Meeting of 6 May")
        self.assertEqual((state(self.item), unit(self.item).source_text), (State.STALE, "Meeting of 5 May"))

    def test_a_source_that_is_as_it_was_makes_it_approved_again(self):
        edit(self.item, title_en="Meeting of 6 May")
        edit(self.item, title_en="Meeting of 5 May")
        self.assertEqual((state(self.item), list(Unit.objects.stale())), (State.APPROVED, []))

    def test_a_minor_edit_leaves_it_approved(self):
        edit(self.item, title_en="The meeting of 5 May", minor=True)
        self.assertEqual((state(self.item), list(Unit.objects.stale())), (State.APPROVED, []))
        self.assertEqual(unit(self.item).source_text, "The meeting of 5 May")

    def test_a_minor_edit_does_not_approve_what_was_stale_before(self):
        edit(self.item, title_en="Meeting of 6 May")
        edit(self.item, title_en="The meeting of 6 May", minor=True)
        self.assertEqual((state(self.item), unit(self.item).source_text), (State.STALE, "Meeting of 5 May"))

    def test_a_minor_edit_can_be_declared_afterwards(self):
        edit(self.item, title_en="The meeting of 5 May")
        ledger.declare_minor(self.item, {"title": "Meeting of 5 May"})
        self.assertEqual((state(self.item), list(Unit.objects.stale())), (State.APPROVED, []))

    def test_a_translation_written_behind_our_back_is_unverified(self):
        raw(self.item, title_ru="Заседание 7 мая")
        self.assertEqual(state(self.item), State.UNVERIFIED)
        raw(self.item, title_ru="Заседание 5 мая")
        self.assertEqual(state(self.item), State.APPROVED)

    def test_a_text_that_nobody_vouched_for_is_unverified(self):
        raw(self.item, title_ky="Жыйын")
        self.assertEqual(state(self.item, "ky"), State.UNVERIFIED)

    def test_unverified_comes_before_stale(self):
        edit(self.item, title_en="Meeting of 6 May")
        raw(self.item, title_ru="Заседание 7 мая")
        self.assertEqual(state(self.item), State.UNVERIFIED)

    def test_a_text_that_is_not_there_is_missing(self):
        self.assertEqual(state(self.item, "ky"), State.MISSING)
        raw(self.item, title_ru=" ")
        self.assertEqual(state(self.item), State.MISSING)

    def test_the_original_is_the_original(self):
        self.assertEqual(state(self.item, "en"), State.ORIGINAL)
        raw(self.item, title_en="Anything")
        self.assertEqual(state(self.item, "en"), State.ORIGINAL)

    def test_a_field_whose_original_is_empty_has_no_state(self):
        edit(self.item, lead_ru="Лид")
        found = {key: value for key, value in ledger.states(self.item).items() if key[0] == "lead"}
        self.assertEqual(found, {})

    def test_a_required_original_that_is_empty_is_missing(self):
        edit(self.item, body_en="", body_ru="<p>Текст.</p>")
        found = {key: value for key, value in ledger.states(self.item).items() if key[0] == "body"}
        self.assertEqual(found, {("body", "en"): State.MISSING})

    def test_a_suggestion_that_waits_comes_first(self):
        ledger.suggest(self.item, "title", "ru", "Встреча 5 мая")
        raw(self.item, title_ru="")
        self.assertEqual(state(self.item), State.SUGGESTED)

    def test_an_original_in_another_language_counts_for_itself(self):
        item = make.news(original_language="ky", title_ky="Жыйын", title_en="Meeting", body_ky="<p>Текст</p>")
        ledger.approve(item, "en")
        found = {language: state(item, language) for language in ["ky", "en", "ru"]}
        self.assertEqual(found, {"ky": State.ORIGINAL, "en": State.APPROVED, "ru": State.MISSING})

    def test_what_was_the_original_once_is_unverified(self):
        edit(self.item, original_language="ru")
        self.assertEqual([state(self.item, code) for code in ["ru", "en"]], [State.ORIGINAL, State.UNVERIFIED])

    def test_the_worst_field_is_the_state_of_the_language(self):
        edit(self.item, lead_en="Lead")
        raw(self.item, title_kk="Отырыс", body_kk="<p>Мәтін</p>", lead_kk="Лид")
        ledger.approve(self.item, "kk")
        raw(self.item, lead_kk="Лид, жаңа")
        found = ledger.language_states(self.item)
        self.assertEqual(
            found,
            {
                "en": State.ORIGINAL, "ru": State.MISSING, "be": State.MISSING, "kk": State.UNVERIFIED,
                "ky": State.MISSING, "hy": State.MISSING, "tg": State.MISSING,
            },
        )  # fmt: skip

    def test_nothing_written_in_any_language_is_missing_in_all(self):
        person = make.person(name_en="")
        self.assertEqual({*ledger.language_states(person).values()}, {State.MISSING})

    def test_changing_a_picture_or_releasing_makes_nothing_stale(self):
        before = ledger.states(self.item)
        self.item.date = timezone.localdate()
        self.item.save()
        self.assertEqual(ledger.states(NewsItem.objects.get()), before)

    def test_cost_one_query(self):
        with self.assertNumQueries(1):
            ledger.states(self.item)
        with self.assertNumQueries(0):
            ledger.states(self.item, units={})


class Edits(TestCase):
    """`written`: what the admin and the loader tell the ledger after saving."""

    def test_vouch_for_the_translations_that_changed_and_for_no_other(self):
        editor, item = make.user(), make.news()
        raw(item, title_ky="Жыйын")
        edit(item, by=editor, title_ru="Заседание", body_ru="<p>Текст.</p>")
        found = [state(item, *key) for key in [("ru", "title"), ("ru", "body"), ("ky", "title")]]
        self.assertEqual(found, [State.APPROVED, State.APPROVED, State.UNVERIFIED])
        self.assertEqual(unit(item).approved_by, editor)

    def test_of_a_new_object_vouch_for_all_its_texts(self):
        item = make.news(title_ru="Заседание", title_ky="Жыйын")
        ledger.written(item, {})
        self.assertEqual(
            [state(item, code) for code in ["en", "ru", "ky"]], [State.ORIGINAL, State.APPROVED, State.APPROVED]
        )

    def test_of_original_and_translation_together_leave_the_translation_approved(self):
        item = make.news(title_ru="Заседание", title_ky="Жыйын")
        ledger.written(item, {})
        edit(item, title_en="Another meeting", title_ru="Другое заседание")
        self.assertEqual([state(item, code) for code in ["ru", "ky"]], [State.APPROVED, State.STALE])

    def test_that_change_nothing_ask_and_write_nothing(self):
        item = make.news(title_ru="Заседание")
        with self.assertNumQueries(0):
            ledger.written(item, ledger.texts(item))
        self.assertEqual(Unit.objects.count(), 0)

    def test_that_empty_a_translation_leave_it_missing(self):
        item = make.news(title_ru="Заседание")
        ledger.written(item, {})
        edit(item, title_ru="")
        self.assertEqual(state(item), State.MISSING)

    def test_accept_no_suggestion_but_end_one_that_waits(self):
        """A reviewer who writes directly has seen what was suggested."""
        item = make.news()
        ledger.suggest(item, "title", "ru", "Встреча")
        edit(item, title_ru="Заседание")
        self.assertEqual((state(item), unit(item).suggestion), (State.APPROVED, ""))

    def test_cost_the_same_for_one_text_as_for_all(self):
        for texts in [{"title_ru": "Заседание"}, dict.fromkeys(ledger.texts(make.news()), "Заседание")]:
            item = make.news()
            before = ledger.texts(item)
            for name, text in texts.items():
                setattr(item, name, text)
            item.save()
            with self.subTest(texts=len(texts)), self.assertNumQueries(5):  # a savepoint's two, lock, read, insert
                ledger.written(item, before)
            with self.subTest(texts=len(texts), again=True), self.assertNumQueries(5):  # …, update
                ledger.written(item, {**ledger.texts(item), **dict.fromkeys(texts, "Встреча")})

    def test_of_a_register_record_count_as_news_do(self):
        person = make.person(name_en="Viktor", name_ru="Виктор")
        ledger.written(person, {})
        edit(person, name_en="Viktor Kogut")
        self.assertEqual(state(person, "ru", "name"), State.STALE)
        self.assertEqual(list(Unit.objects.stale().filter(language="ru")), [unit(person, "ru", "name")])


class Chains(TestCase):
    """Tajik made from Russian, Russian from English."""

    def setUp(self):
        self.item = make.news(title_en="Meeting", title_ru="Заседание", title_tg="Ҷаласа", body_en="")
        ledger.approve(self.item, "ru")
        ledger.approve(self.item, "tg", source_language="ru")

    def states(self):
        return [state(self.item, code) for code in ["ru", "tg"]]

    def test_a_changed_link_makes_the_next_one_stale(self):
        edit(self.item, title_ru="Встреча")
        self.assertEqual(
            (self.states(), unit(self.item, "tg").source_text), ([State.APPROVED, State.STALE], "Заседание")
        )

    def test_a_changed_original_makes_the_first_link_stale(self):
        edit(self.item, title_en="Another meeting")
        self.assertEqual(self.states(), [State.STALE, State.APPROVED])

    def test_a_link_written_behind_our_back_makes_the_next_one_stale(self):
        raw(self.item, title_ru="Встреча")
        self.assertEqual(self.states(), [State.UNVERIFIED, State.STALE])

    def test_the_source_stays_when_the_text_is_approved_again(self):
        edit(self.item, title_tg="Вохӯрӣ")
        self.assertEqual((unit(self.item, "tg").source_language, self.states()), ("ru", [State.APPROVED] * 2))

    def test_the_original_takes_over_where_the_source_is_gone(self):
        edit(self.item, title_ru="")
        edit(self.item, title_tg="Вохӯрӣ")
        self.assertEqual(unit(self.item, "tg").source_language, "en")

    def test_a_circle_is_refused(self):
        for language, source in [("ru", "tg"), ("ru", "ru"), ("tg", "tg")]:
            with self.subTest(language=language, source=source), self.assertRaises(ValueError) as raised:
                ledger.approve(self.item, language, source_language=source)
            self.assertEqual(
                str(raised.exception), "The text would be translated from itself, by way of other languages."
            )
        self.assertEqual(self.states(), [State.APPROVED, State.APPROVED])

    def test_a_longer_circle_is_refused(self):
        edit(self.item, title_ky="Жыйын")
        ledger.approve(self.item, "ky", source_language="tg")
        with self.assertRaises(ValueError):
            ledger.approve(self.item, "ru", source_language="ky")

    def test_a_source_without_text_is_refused(self):
        with self.assertRaises(ValueError) as raised:
            ledger.approve(self.item, "tg", source_language="hy")
        self.assertEqual(str(raised.exception), "There is no text in the language that it would be translated from.")

    def test_the_database_refuses_a_text_made_from_its_own_language(self):
        loop = unit(self.item, "tg")
        loop.source_language = "tg"
        with self.assertRaises(IntegrityError), transaction.atomic():
            loop.save()

    def test_nothing_of_a_refused_approval_is_kept(self):
        edit(self.item, lead_en="Lead", lead_tg="Лид")
        with self.assertRaises(ValueError):
            ledger.approve(self.item, "tg", source_language="ru", by=make.user())  # the lead has no Russian
        self.assertEqual(unit(self.item, "tg").approved_by, None)


class MadeFrom(TestCase):
    """Which version of the original a language follows."""

    def setUp(self):
        self.item = make.news(title_en="One", body_en="<p>One</p>", title_ru="Один", body_ru="<p>Один</p>")
        ledger.written(self.item, {})
        self.first = self.item.texts("en")

    def made_from(self, language="ru", *earlier):
        return ledger.made_from(self.item, language, [self.item.texts("en"), *earlier])

    def test_the_original_follows_itself(self):
        self.assertEqual(self.made_from("en"), ledger.version(self.first))

    def test_a_translation_follows_the_original_it_was_made_from(self):
        self.assertEqual(self.made_from(), ledger.version(self.first))

    def test_a_stale_translation_follows_a_version_that_was_released(self):
        edit(self.item, title_en="Two")
        self.assertEqual(self.made_from("ru", self.first), ledger.version(self.first))

    def test_a_stale_translation_follows_none_where_that_version_is_unknown(self):
        edit(self.item, title_en="Two")
        self.assertEqual(self.made_from(), "")

    def test_texts_made_from_different_versions_follow_none(self):
        edit(self.item, title_en="Two", body_en="<p>Two</p>")
        second = self.item.texts("en")
        ledger.approve(self.item, "ru", ["title"])
        self.assertEqual(self.made_from("ru", self.first, second), "")
        ledger.approve(self.item, "ru", ["body"])
        self.assertEqual(self.made_from("ru", self.first), ledger.version(second))

    def test_the_likeliest_version_comes_first(self):
        edit(self.item, lead_en="Lead")  # the Russian has none, so both versions fit
        self.assertEqual(self.made_from("ru", self.first), ledger.version(self.item.texts("en")))

    def test_a_text_that_nobody_vouches_for_follows_none(self):
        raw(self.item, body_ru="<p>Два</p>")
        self.assertEqual(self.made_from(), "")

    def test_a_language_without_texts_follows_none(self):
        self.assertEqual(self.made_from("ky"), "")

    def test_a_suggestion_changes_nothing(self):
        ledger.suggest(self.item, "title", "ru", "Раз")
        self.assertEqual(self.made_from(), ledger.version(self.first))

    def test_a_minor_edit_is_followed(self):
        edit(self.item, title_en="The one", minor=True)
        self.assertEqual(self.made_from(), ledger.version(self.item.texts("en")))

    def test_a_translation_of_a_translation_follows_what_that_one_follows(self):
        edit(self.item, title_tg="Як", body_tg="<p>Як</p>")
        ledger.approve(self.item, "tg", source_language="ru")
        self.assertEqual(self.made_from("tg"), ledger.version(self.first))
        edit(self.item, title_en="Two")
        self.assertEqual(self.made_from("tg", self.first), ledger.version(self.first))
        edit(self.item, title_ru="Два")
        self.assertEqual(self.made_from("tg", self.first), "")

    def test_a_translation_of_an_unverified_translation_follows_none(self):
        edit(self.item, title_tg="Як", body_tg="<p>Як</p>")
        ledger.approve(self.item, "tg", source_language="ru")
        raw(self.item, title_ru="Раз")
        self.assertEqual(self.made_from("tg"), "")

    def test_costs_one_query(self):
        with self.assertNumQueries(1):
            self.made_from()


class Suggestions(TestCase):
    def setUp(self):
        self.translator, self.reviewer = make.user(), make.user()
        self.item = make.news(title_ru="Заседание")
        ledger.written(self.item, {})

    def test_leave_the_field_as_it_is(self):
        found = ledger.suggest(self.item, "title", "ru", "Встреча", by=self.translator)
        self.item.refresh_from_db()
        self.assertEqual(
            (self.item.title_ru, found.suggestion, found.suggested_by), ("Заседание", "Встреча", self.translator)
        )
        self.assertEqual(list(Unit.objects.suggested()), [found])

    def test_accepted_become_the_text_and_are_vouched_for(self):
        edit(self.item, title_en="Meeting")
        found = ledger.suggest(self.item, "title", "ru", "Встреча", by=self.translator)
        item = ledger.accept(found, by=self.reviewer)
        found = unit(item)
        self.assertEqual((item.title_ru, state(item)), ("Встреча", State.APPROVED))
        self.assertEqual(
            (found.approved_by, found.suggestion, found.suggested_by, found.suggested_at, found.source_text),
            (self.reviewer, "", None, None, "Meeting"),
        )

    def test_may_be_changed_by_the_reviewer(self):
        found = ledger.suggest(self.item, "title", "ru", "Встреча")
        self.assertEqual(ledger.accept(found, text="Встреча 5 мая").title_ru, "Встреча 5 мая")

    def test_refused_leave_text_and_state_as_they_were(self):
        ledger.refuse(ledger.suggest(self.item, "title", "ru", "Встреча"))
        self.assertEqual((state(self.item), unit(self.item).suggestion), (State.APPROVED, ""))

    def test_of_a_field_that_is_empty_leave_it_missing_when_refused(self):
        ledger.refuse(ledger.suggest(self.item, "title", "ky", "Жыйын"))
        self.assertEqual(state(self.item, "ky"), State.MISSING)

    def test_taken_back_are_gone(self):
        ledger.suggest(self.item, "title", "ru", "Встреча", by=self.translator)
        found = ledger.suggest(self.item, "title", "ru", "", by=self.translator)
        self.assertEqual((found.suggestion, found.suggested_by, found.suggested_at), ("", None, None))

    def test_are_accepted_once(self):
        found = ledger.suggest(self.item, "title", "ru", "Встреча")
        ledger.accept(found)
        with self.assertRaises(ValueError) as raised:
            ledger.accept(found)  # the second reviewer's page still shows it
        self.assertEqual(str(raised.exception), "No suggestion waits here.")

    def test_are_not_accepted_as_an_empty_text(self):
        found = ledger.suggest(self.item, "body", "ru", "<p>Текст</p>")
        for text in ["", " ", "<p></p>"]:
            with self.subTest(text=text), self.assertRaises(ValueError) as raised:
                ledger.accept(found, text=text)
            self.assertEqual(str(raised.exception), "An empty text is refused, not accepted.")

    def test_are_cleaned_as_the_field_is(self):
        found = ledger.suggest(self.item, "body", "ru", "<p onclick=x>Текст</p><script>alert(1)</script>")
        self.assertEqual(found.suggestion, "<p>Текст</p>")

    def test_that_the_field_does_not_take_are_refused(self):
        with self.assertRaises(ValidationError):
            ledger.suggest(self.item, "title", "ru", "а" * 301)
        with self.assertRaises(ValidationError):
            ledger.suggest(make.chamber(), "member", "ru", "депутат")

    def test_of_the_original_are_refused(self):
        with self.assertRaises(ValueError) as raised:
            ledger.suggest(self.item, "title", "en", "Meeting")
        self.assertEqual(str(raised.exception), "The original is written, not suggested.")

    def test_accepted_touch_no_other_language(self):
        found = ledger.suggest(self.item, "title", "ru", "Встреча")
        NewsItem.objects.bulk_update([NewsItem(pk=self.item.pk, title_ky="Жыйын")], ["title_ky"])
        self.assertEqual(ledger.accept(found).title_ky, "Жыйын")


class Queue(TestCase):
    def test_lists_what_is_stale_in_a_language(self):
        people = [make.person(name_en=f"Person {n}", name_ru="Лицо", name_ky="Адам") for n in range(3)]
        for person in people:
            ledger.written(person, {})
        edit(people[1], name_en="Changed")
        found = Unit.objects.stale().filter(language="ru")
        self.assertEqual([(unit.object_id, unit.field) for unit in found], [(people[1].pk, "name")])

    def test_is_one_query_of_an_index_that_holds_stale_units_alone(self):
        person = make.person(name_en="Person", name_ru="Лицо")
        ledger.written(person, {})
        kind = unit(person, "ru", "name").content_type
        Unit.objects.bulk_create(
            Unit(
                content_type=kind, object_id=person.pk + 1 + number, field="name", language="ru", source_language="en",
                text_digest="a", source_digest="b" if number % 1000 == 0 else "a", current_source_digest="a",
            )
            for number in range(20_000)
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        queue = Unit.objects.stale().filter(language="ru")
        for rows in [queue, queue.filter(content_type=kind)]:
            self.assertEqual(rows.count(), 20)
            self.assertIn("stale_units", rows.explain())

    def test_a_persons_name_is_the_units(self):
        person = make.person(name_ru="Лицо")
        ledger.written(person, {})
        self.assertEqual(
            (str(unit(person, "ru", "name")), unit(person, "ru", "name").target),
            (f"person {person.pk}: name_ru", Person.objects.get()),
        )
