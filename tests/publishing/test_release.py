from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from news.models import NewsItem, NewsRelease
from publishing import clock
from publishing.models import Erasure
from publishing.release import Doubtful, ReleaseError, cancel, doubts, join, load_many, release, withdraw
from publishing.rows import locked
from tests import make
from tests.publishing.clock import TICK
from translations import ledger
from translations.ledger import State

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHY = {"en": "Over."}
RUSSIAN = {"language": "ru", "original": False}


def reads(language, instant):
    """Titles a reader of a language gets at an instant."""
    return [row.title for row in NewsRelease.objects.translated(NewsRelease.objects.public(instant), language, instant)]


def rows(item):
    """Every row, as a tuple of what tells it apart."""
    return list(
        NewsRelease.objects.filter(item=item).order_by("language", "since")
        .values_list("language", "since", "until", "title", "withdrawn")
    )


def refusal(act, *given, **options):
    """The sentence of a refusal, after which everything is as it was."""
    before = list(NewsRelease.objects.order_by("pk").values())
    with pytest.raises(ReleaseError) as caught:
        act(*given, **options)
    assert list(NewsRelease.objects.order_by("pk").values()) == before
    return str(caught.value)


class TestPublic:
    def test_begins_at_its_first_instant_and_is_gone_at_its_last(self, at):
        item = make.news(title_en="Here")
        begin, end = at.later(hours=1), at.later(hours=2)
        release(item, ["en"], at=begin, until=end, reason=WHY)
        found = [reads("en", instant) for instant in [begin - TICK, begin, end - TICK, end]]
        assert found == [[], ["Here"], ["Here"], []]

    def test_shows_the_reader_their_language_else_the_original(self, at):
        item = make.translate(make.news(title_en="Here"), "ru", title="Здесь")
        release(item, ["en", "ru"])
        found = [reads(language, at.advance(hours=1)) for language in ["en", "ru", "hy"]]
        assert found == [["Here"], ["Здесь"], ["Here"]]

    def test_a_translation_counts_only_while_its_original_is_public(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        withdraw(item, WHY)
        assert [reads(language, at.advance(hours=1)) for language in ["en", "ru"]] == [[], []]

    def test_the_working_copy_is_never_public(self, at):
        item = make.news(title_en="As released", released=True)
        make.edit(item, title_en="As edited", date=date(2025, 11, 1))
        row = NewsRelease.objects.public(at.advance(hours=1)).get()
        assert (row.title, row.date) == ("As released", make.DAY)

    def test_knows_the_next_instant_at_which_anything_changes(self, at):
        item = make.news()
        begin, end = at.later(hours=1), at.later(hours=2)
        release(item, ["en"], at=begin, until=end, reason=WHY)
        found = [NewsRelease.objects.next_instant(instant) for instant in [begin - TICK, begin, end]]
        assert found == [begin, end, None]

    def test_every_translated_field_has_its_column_in_the_release(self):
        from languages.text import translated_fields

        assert set(translated_fields(NewsItem)) == set(NewsRelease.TEXTS)
        assert {*NewsRelease.TEXTS, "alt"} <= {field.name for field in NewsRelease._meta.fields}


class TestRelease:
    def test_tells_texts_facts_description_and_by_whom(self, at):
        editor, person, delegation = make.user(), make.person(), make.delegation()
        picture = make.picture(alt_en="A hall", alt_ru="Зал", focal_x=20, focal_y=30)
        source = make.source()
        item = make.news(title_en="T", lead_en="L", place_en="P", picture=picture, source=source)
        item.people.set([person])
        item.delegations.set([delegation])
        make.translate(item, "ru", title="Т", lead="Л", place="М")
        release(item, ["en", "ru"], notes={"en": "Two names added.", "ru": "Добавлены два имени."}, by=editor)
        english, russian = NewsRelease.objects.order_by("language")
        common = {"date": make.DAY, "picture_id": picture.pk, "focal_x": 20, "focal_y": 30, "source_id": source.pk}
        common |= {"people": (person.pk,), "delegations": (delegation.pk,)}
        assert [row.facts() for row in (english, russian)] == [common, common]
        assert english.texts() == {"title": "T", "lead": "L", "body": "<p>Text.</p>", "place": "P"}
        assert russian.texts() == {"title": "Т", "lead": "Л", "body": "<p>Text.</p>", "place": "М"}
        assert [(row.alt, row.note) for row in (english, russian)] == [
            ("A hall", "Two names added."), ("Зал", "Добавлены два имени.")
        ]
        digest = ledger.version(english.texts())
        found = [(row.original, row.follows, row.released_by, row.created_at, row.word) for row in (english, russian)]
        assert found == [(True, digest, editor, at(), ""), (False, digest, editor, at(), "")]

    def test_languages_that_are_not_chosen_agree_on_changed_facts(self, at):
        item = make.translate(make.news(picture=make.picture(alt_ru="Зал")), "ru", title="Старое")
        release(item, ["en", "ru"])
        make.edit(item, title_en="New", date=date(2025, 10, 9), picture=make.picture(alt_ru="Сад"))
        release(item, ["en"], at=at.later(hours=1), notes={"ru": "Другой день."})
        before, after = NewsRelease.objects.filter(language="ru").order_by("since")
        assert (before.title, before.date, before.alt, before.note) == ("Старое", make.DAY, "Зал", "")
        assert (after.title, after.date, after.alt, after.note) == ("Старое", date(2025, 10, 9), "Сад", "Другой день.")
        assert (before.until, after.since) == (at.later(hours=1), at.later(hours=1))

    def test_a_released_description_stays_when_only_the_date_changes(self, at):
        picture = make.picture(alt_ru="Зал")
        item = make.translate(make.news(picture=picture), "ru")
        release(item, ["en", "ru"])
        picture.alt_ru = "Никем не выпущено"
        picture.save()
        make.edit(item, date=date(2025, 10, 9))
        release(item, ["en"], at=at.later(hours=1))
        assert list(NewsRelease.objects.filter(language="ru").values_list("alt", flat=True)) == ["Зал", "Зал"]

    def test_languages_that_are_not_chosen_keep_their_row_when_no_fact_changed(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        begun = at()
        make.edit(item, title_en="New")
        release(item, ["en"], at=at.later(hours=1))
        assert [row for row in rows(item) if row[0] == "ru"] == [("ru", begun, None, f"{item.slug} in ru", False)]

    def test_replaces_the_plan(self, at):
        item = make.news(title_en="First", released=True)
        begun = at()
        at.advance(hours=1)
        make.edit(item, title_en="Second")
        release(item, ["en"], at=at.later(days=1), until=at.later(days=2), reason=WHY)
        make.edit(item, title_en="Third")
        release(item, ["en"], at=at.later(days=3))
        then = at.later(days=3)
        assert rows(item) == [("en", begun, then, "First", False), ("en", then, None, "Third", False)]

    def test_a_language_named_twice_is_released_once(self, at):
        item = make.news()
        release(item, ["en", "en"])
        assert len(rows(item)) == 1

    def test_an_end_withdraws_all_languages_with_its_reason(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        release(item, ["en"], until=at.later(hours=1), reason={"en": "Over.", "ru": "Кончено."})
        found = NewsRelease.objects.filter(withdrawn=True).values_list("language", "since", "reason", "until")
        assert sorted(found) == [("en", at.later(hours=1), "Over.", None), ("ru", at.later(hours=1), "Кончено.", None)]

    def test_after_a_withdrawal_in_error_the_former_rows_stay_hidden(self, at):
        item = make.news(title_en="Too early", released=True)
        first = at.advance(hours=1)
        withdraw(item, WHY, in_error=True)
        at.advance(hours=1)
        make.edit(item, title_en="Right")
        release(item, ["en"])
        assert reads("en", first - HOUR) == []
        assert reads("en", at.later(hours=1)) == ["Right"]
        assert list(NewsRelease.objects.order_by("since").values_list("hidden", flat=True)) == [True, True, False]

    def test_refuses_the_past(self, at):
        sentence = "A release begins now or later and ends after it begins."
        item = make.news()
        assert refusal(release, item, ["en"], at=at() - TICK) == sentence
        assert refusal(release, item, ["en"], until=at(), reason=WHY) == sentence
        assert refusal(release, item, ["en"], at=at.later(hours=1), until=at.later(hours=1), reason=WHY) == sentence

    def test_refuses_instants_without_a_time_zone(self, at):
        item, naive = make.news(released=True), datetime(2030, 1, 1)
        assert refusal(release, item, ["en"], at=naive) == "An instant needs a time zone."
        assert refusal(release, item, ["en"], until=naive, reason=WHY) == "An instant needs a time zone."
        assert refusal(withdraw, item, WHY, at=naive) == "An instant needs a time zone."

    def test_refuses_no_language(self, at):
        assert refusal(release, make.news(released=True), []) == "Choose at least one language."

    def test_refuses_a_translation_before_its_original(self, at):
        item = make.translate(make.news(), "ru")
        assert refusal(release, item, ["ru"]) == "The original must be public first."
        release(item, ["en"], at=at.later(hours=1))
        assert refusal(release, item, ["ru"], at=at.later(hours=2)) == "The original must be public first."
        at.advance(hours=1)
        withdraw(item, WHY)
        assert refusal(release, item, ["ru"]) == "The original must be public first."

    def test_refuses_an_end_without_a_reason(self, at):
        sentence = "A planned withdrawal needs a reason in the original language."
        for reason in [None, {"ru": "Кончено."}, {"en": " "}]:
            assert refusal(release, make.news(), ["en"], until=at.later(hours=1), reason=reason) == sentence

    def test_refuses_missing_text(self, at):
        item = make.translate(make.news(), "ru", body="<p> </p>")
        assert refusal(release, item, ["en", "ru"]) == "body is missing in ru."
        assert refusal(release, make.news(body_en=""), ["en"]) == "body is missing in en."

    def test_refuses_while_a_suggestion_waits(self, at):
        item = make.translate(make.news(), "ru")
        ledger.suggest(item, "lead", "ru", "Лучше.")  # even beside a field that the original leaves empty
        assert refusal(release, item, ["en", "ru"]) == "A suggestion in ru waits for its reviewer."
        release(item, ["en"])

    def test_stale_and_unverified_texts_need_the_editors_word(self, at):
        item = make.translate(make.translate(make.news(), "ru"), "kk", approved=False)
        make.edit(item, title_en="New")
        with pytest.raises(Doubtful) as caught:
            release(item, ["en", "ru", "kk"], word=" ")
        assert str(caught.value) == "Some texts are stale or unverified; say why they are right."
        assert caught.value.states == doubts(item, ["en", "ru", "kk"]) == {"ru": State.STALE, "kk": State.UNVERIFIED}
        assert rows(item) == []
        release(item, ["en", "ru", "kk"], word="Read and compared.")
        found = NewsRelease.objects.order_by("language").values_list("language", "word")
        assert list(found) == [("en", ""), ("kk", "Read and compared."), ("ru", "Read and compared.")]

    def test_a_text_that_follows_what_is_not_public_yet_needs_the_editors_word(self, at):
        item = make.news(released=True)
        make.edit(item, title_en="Under embargo")
        make.translate(item, "ru")
        assert doubts(item, ["ru"]) == {"ru": State.STALE}
        assert doubts(item, ["en", "ru"]) == {}

    def test_a_stale_text_tells_which_version_it_follows(self, at):
        item = make.translate(make.news(released=True), "ru")
        first = NewsRelease.objects.get().follows
        make.edit(item, title_en="New")
        release(item, ["en", "ru"], word="The difference is of style.")
        assert NewsRelease.objects.get(language="ru").follows == first

    def test_a_text_follows_each_version_that_differs_only_where_it_says_nothing(self, at):
        item = make.translate(make.news(released=True), "ru")
        make.edit(item, place_en="Minsk")
        assert doubts(item, ["ru"]) == {}
        join(item, "ru")
        assert NewsRelease.objects.get(language="ru").follows == NewsRelease.objects.get(language="en").follows

    def test_refuses_another_original_language_while_any_row_exists(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en"], at=at.later(hours=1))
        NewsItem._base_manager.filter(pk=item.pk).update(original_language="ru")
        sentence = "The original language stays as it is once a release exists or is planned."
        assert refusal(release, item, ["ru"]) == sentence
        assert refusal(cancel, item) == sentence

    def test_refuses_what_somebody_has_deleted(self, at):
        item = make.news()
        NewsItem.objects.get(pk=item.pk).delete()
        assert refusal(release, item, ["en"]) == "Somebody has deleted this meanwhile."

    def test_costs_the_same_for_one_language_and_for_three(self, at, django_assert_num_queries):
        item = make.news(picture=make.picture(), people=[make.person()], delegations=[make.delegation()])
        make.translate(make.translate(item, "ru"), "kk")
        ledger.record(item)
        release(item, ["en"])  # content types are known now
        with django_assert_num_queries(21):
            release(item, ["en"])
        with django_assert_num_queries(21):
            release(item, ["en", "ru", "kk"])


class TestJoin:
    def test_is_public_at_once_beside_the_original_it_was_made_from(self, at):
        item = make.translate(make.news(title_en="Here", released=True), "ru", title="Здесь")
        at.advance(hours=1)
        join(item, "ru")
        assert [reads("ru", instant) for instant in [at() - TICK, at()]] == [["Here"], ["Здесь"]]

    def test_shows_the_facts_of_what_is_public_not_of_the_working_copy(self, at):
        item = make.news(released=True, people=[make.person()])
        facts = NewsRelease.objects.get().facts()
        make.edit(item, date=date(2025, 12, 1), picture=make.picture())
        item.people.clear()
        join(make.translate(item, "ru"), "ru")
        assert NewsRelease.objects.get(language="ru").facts() == facts

    def test_a_translation_of_what_is_planned_begins_with_it(self, at):
        item = make.news(title_en="Now", released=True)
        make.translate(make.edit(item, title_en="At ten"), "ru", title="В десять")
        ten = at.later(hours=1)
        release(item, ["en"], at=ten)
        join(item, "ru")
        assert [reads("ru", instant) for instant in [at(), ten - TICK, ten]] == [["Now"], ["Now"], ["В десять"]]

    def test_a_mended_error_is_mended_in_the_planned_row_too(self, at):
        item = make.translate(make.news(), "ru", title="Ошибка")
        release(item, ["en", "ru"])
        ten = at.later(hours=1)
        make.edit(item, date=date(2025, 10, 8))
        release(item, ["en", "ru"], at=ten, notes={"ru": "Другой день."})
        make.translate(item, "ru", title="Верно")
        at.advance(minutes=1)
        join(item, "ru")
        found = NewsRelease.objects.filter(language="ru").order_by("since").values_list("since", "title", "note")
        begun = at.later(minutes=-1)
        assert list(found) == [(begun, "Ошибка", ""), (at(), "Верно", ""), (ten, "Верно", "Другой день.")]

    def test_what_the_editor_planned_still_begins_then(self, at):
        item = make.translate(make.news(), "ru", title="Ошибка")
        release(item, ["en", "ru"])
        begun, ten = at(), at.later(hours=1)
        release(item, ["en", "ru"], at=ten)
        at.advance(minutes=1)
        join(make.translate(item, "ru", title="Верно"), "ru")
        assert [row[1:4] for row in rows(item) if row[0] == "ru"] == [
            (begun, at(), "Ошибка"), (at(), ten, "Верно"), (ten, None, "Верно")
        ]

    def test_the_language_stays_as_it_was_beside_another_original(self, at):
        item = make.translate(make.news(), "ru", title="Ошибка")
        release(item, ["en", "ru"])
        ten = at.later(hours=1)
        release(make.edit(item, title_en="Other"), ["en"], at=ten)
        make.edit(item, title_en=NewsRelease.objects.filter(language="en").earliest("since").title)
        make.translate(item, "ru", title="Верно")
        at.advance(minutes=1)
        join(item, "ru")
        assert [reads("ru", instant) for instant in [at(), ten]] == [["Верно"], ["Ошибка"]]

    def test_a_language_that_was_planned_alone_begins_as_planned_when_its_reviewer_joins(self, at):
        item = make.translate(make.news(title_en="Here", released=True), "ru", title="Первое")
        ten = at.later(hours=1)
        release(item, ["ru"], at=ten)
        make.translate(item, "ru", title="Второе")
        join(item, "ru")
        assert [reads("ru", instant) for instant in [at(), ten - TICK, ten]] == [["Here"], ["Here"], ["Второе"]]

    def test_a_withdrawn_language_that_is_planned_anew_begins_as_planned_when_its_reviewer_joins(self, at):
        item = make.translate(make.news(title_en="Here"), "ru", title="Первое")
        release(item, ["en", "ru"])
        withdraw(item, {"ru": "Неверно."}, languages=["ru"])
        ten = at.later(hours=1)
        release(item, ["ru"], at=ten)
        make.translate(item, "ru", title="Второе")
        at.advance(minutes=1)
        join(item, "ru")
        assert [reads("ru", instant) for instant in [at(), ten - TICK, ten]] == [["Here"], ["Here"], ["Второе"]]

    def test_a_withdrawn_translation_is_public_again_once_its_reviewer_joins(self, at):
        item = make.translate(make.news(title_en="Here"), "ru", title="Первое")
        release(item, ["en", "ru"])
        withdraw(item, {"ru": "Неверно."}, languages=["ru"])
        join(make.translate(item, "ru", title="Второе"), "ru")
        assert reads("ru", at.later(hours=1)) == ["Второе"]

    def test_an_end_that_is_planned_for_the_translation_stays(self, at):
        item = make.translate(make.news(title_en="Here"), "ru", title="Первое")
        release(item, ["en", "ru"])
        ten = at.later(hours=1)
        withdraw(item, {"ru": "Неверно."}, languages=["ru"], at=ten)
        join(make.translate(item, "ru", title="Второе"), "ru")
        assert [reads("ru", instant) for instant in [at.later(minutes=1), ten]] == [["Второе"], ["Here"]]
        assert NewsRelease.objects.get(language="ru", since=ten).reason == "Неверно."

    def test_an_end_that_is_planned_for_the_item_takes_a_new_language_along(self, at):
        item = make.news()
        ten = at.later(hours=1)
        release(item, ["en"], until=ten, reason=WHY)
        join(make.translate(item, "ru", title="Здесь"), "ru")
        found = NewsRelease.objects.filter(language="ru").order_by("since").values_list("since", "until", "withdrawn")
        assert list(found) == [(at() + TICK, ten, False), (ten, None, True)]

    def test_writes_nothing_where_nothing_changes(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"], notes={"ru": "Новое."})
        before = rows(item)
        at.advance(hours=1)
        join(item, "ru")
        assert rows(item) == before

    def test_keeps_hidden_what_was_published_in_error(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        withdraw(item, WHY, in_error=True)
        ten = at.later(hours=1)
        release(make.edit(item, title_en="Right"), ["en"], at=ten)
        join(make.translate(item, "ru"), "ru")
        hidden = NewsRelease.objects.filter(since__lt=ten).values_list("hidden", flat=True)
        assert set(hidden) == {True}
        assert reads("ru", ten) == [f"{item.slug} in ru"]

    def test_refuses_the_original(self, at):
        assert refusal(join, make.news(released=True), "en") == "The original is released, not joined."

    def test_refuses_a_text_without_an_original_to_stand_beside(self, at):
        sentence = "The text follows no original that is public or planned."
        item = make.translate(make.news(), "ru")
        assert refusal(join, item, "ru") == sentence
        release(item, ["en"])
        make.translate(make.edit(item, title_en="Under embargo"), "ru")
        assert refusal(join, item, "ru") == sentence
        make.translate(item, "kk", approved=False)
        assert refusal(join, item, "kk") == sentence
        withdraw(item, WHY)
        make.translate(make.edit(item, title_en=NewsRelease.objects.first().title), "ru")
        assert refusal(join, item, "ru") == sentence

    def test_refuses_a_text_that_follows_an_original_only_before_its_language_is_planned(self, at):
        item = make.news(title_en="First", released=True)
        make.translate(make.edit(item, title_en="Second"), "ru")
        release(item, ["en", "ru"], at=at.later(hours=1))
        make.translate(make.edit(item, title_en="First"), "ru")
        assert refusal(join, item, "ru") == "The text follows no original that is public or planned."

    def test_refuses_missing_text_and_waiting_suggestions(self, at):
        item = make.translate(make.news(released=True), "ru", body="")
        assert refusal(join, item, "ru") == "body is missing in ru."
        make.translate(item, "ru")
        ledger.suggest(item, "title", "ru", "Лучше.")
        assert refusal(join, item, "ru") == "A suggestion in ru waits for its reviewer."


class TestWithdraw:
    def test_takes_the_item_away_with_a_reason_in_each_language(self, at):
        item = make.translate(make.translate(make.news(), "ru"), "kk")
        release(item, ["en", "ru", "kk"])
        begin = at.later(hours=1)
        withdraw(item, {"en": "Over.", "ru": "Кончено."}, at=begin)
        found = NewsRelease.objects.filter(withdrawn=True).values_list("language", "since", "reason")
        assert sorted(found) == [("en", begin, "Over."), ("kk", begin, ""), ("ru", begin, "Кончено.")]
        assert [reads("ru", instant) for instant in [begin - TICK, begin]] == [[f"{item.slug} in ru"], []]

    def test_of_a_translation_alone_leaves_the_original(self, at):
        item = make.translate(make.translate(make.news(title_en="Here"), "ru", title="Здесь"), "kk", title="Осында")
        release(item, ["en", "ru", "kk"])
        at.advance(hours=1)
        withdraw(item, {"ru": "Неверно."}, languages=["ru"])
        assert [reads(language, at()) for language in ["en", "ru", "kk"]] == [["Here"], ["Here"], ["Осында"]]

    def test_of_the_original_means_the_item(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        withdraw(item, WHY, languages=["en"])
        assert NewsRelease.objects.filter(withdrawn=True).count() == 2

    def test_replaces_the_plan(self, at):
        item = make.news(title_en="First", released=True)
        release(make.edit(item, title_en="Second"), ["en"], at=at.later(hours=1))
        withdraw(item, WHY)
        assert [(row[3], row[4]) for row in rows(item)] == [("First", False), ("First", True)]

    def test_in_error_hides_every_row_of_the_item_for_ever(self, at):
        item = make.news(released=True)
        at.advance(hours=1)
        withdraw(item, WHY)
        at.advance(hours=1)
        withdraw(item, {"en": "It was never true."}, in_error=True)
        assert list(NewsRelease.objects.values_list("hidden", flat=True)) == [True] * 3
        at.advance(hours=1)
        withdraw(item, {"en": "A better sentence."})
        assert list(NewsRelease.objects.values_list("hidden", flat=True)) == [True] * 4

    def test_leaves_alone_what_was_in_error_before(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        withdraw(item, WHY, in_error=True)
        release(make.edit(item, title_en="Right"), ["en"])
        before = [row for row in rows(item) if row[0] == "ru"]
        sentence = "In ru nothing is public, so it cannot be withdrawn."
        assert refusal(withdraw, item, {"ru": "Неверно."}, languages=["ru"]) == sentence
        withdraw(item, WHY)
        assert [row for row in rows(item) if row[0] == "ru"] == before

    def test_of_what_is_withdrawn_begins_new_rows(self, at):
        item = make.news(released=True)
        withdraw(item, WHY)
        withdraw(item, {"en": "Another reason."})
        found = NewsRelease.objects.order_by("since").values_list("reason", flat=True)
        assert list(found) == ["", "Over.", "Another reason."]

    def test_refuses_the_past(self, at):
        sentence = "A withdrawal begins now or later."
        assert refusal(withdraw, make.news(released=True), WHY, at=at() - HOUR) == sentence

    def test_refuses_what_was_never_public(self, at):
        sentence = "It was never public, so it cannot be withdrawn."
        item = make.translate(make.news(), "ru")
        assert refusal(withdraw, item, WHY) == sentence
        release(item, ["en"], at=at.later(hours=1))
        assert refusal(withdraw, item, WHY) == sentence
        at.advance(hours=1)
        sentence = "In ru nothing is public, so it cannot be withdrawn."
        assert refusal(withdraw, item, {"ru": "Неверно."}, languages=["ru"]) == sentence

    def test_refuses_to_withdraw_in_error_later_or_in_part(self, at):
        sentence = "What was published in error is withdrawn at once and in all languages."
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        assert refusal(withdraw, item, WHY, in_error=True, at=at.later(hours=1)) == sentence
        assert refusal(withdraw, item, {"ru": "Неверно."}, languages=["ru"], in_error=True) == sentence

    def test_refuses_without_a_reason(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"])
        sentence = "A withdrawal needs a reason in the original language."
        for reason in [{}, {"en": "\n"}, {"ru": "Неверно."}]:
            assert refusal(withdraw, item, reason) == sentence
        sentence = "A translation that is withdrawn alone needs a reason in its language."
        assert refusal(withdraw, item, {"en": "Wrong."}, languages=["ru"]) == sentence
        assert refusal(withdraw, item, {"en": "Wrong."}, languages=[]) == "Choose at least one language."


class TestCancel:
    def test_takes_back_the_plan_and_leaves_what_is_public(self, at):
        item = make.translate(make.news(), "ru")
        release(item, ["en", "ru"], until=at.later(hours=3), reason=WHY)
        begun = at()
        at.advance(hours=1)
        cancel(item)
        texts = {"en": item.title_en, "ru": item.title_ru}
        assert rows(item) == [(language, begun, None, texts[language], False) for language in ["en", "ru"]]

    def test_of_nothing_does_nothing(self, at):
        item = make.news(released=True)
        before = rows(item)
        cancel(item)
        assert rows(item) == before


class TestRows:
    def test_are_written_by_the_acts_alone(self, at):
        item = make.news(released=True)
        row = NewsRelease.objects.get()
        for forbidden in [
            row.save, row.delete, NewsRelease.objects.all().delete, item.releases.all().delete,
            lambda: NewsRelease.objects.update(title="Other"), lambda: item.releases.update(until=None),
            lambda: NewsRelease.objects.create(item=item, language="ru"),
        ]:
            with pytest.raises(TypeError):
                forbidden()
        with pytest.raises(DatabaseError):  # PROTECT
            NewsItem.objects.get(pk=item.pk).delete()

    @pytest.mark.parametrize(
        ("constraint", "changes"),
        [
            ("newsrelease_ends_after_it_begins", lambda row: {"until": row.since}),
            ("newsrelease_one_open_end_per_language", lambda row: {"since": row.since + HOUR, "original": False}),
            ("newsrelease_one_open_original", lambda row: {"language": "ru"}),
            ("newsrelease_one_beginning", lambda row: {"until": row.since + HOUR}),
            ("newsrelease_only_a_withdrawal_has_a_reason", lambda _row: RUSSIAN | {"reason": "R"}),
        ],
    )
    def test_keep_the_promises_of_the_database(self, at, constraint, changes):
        make.news(released=True)
        row = NewsRelease.objects.get()
        row.pk, row._state.adding = None, True
        for name, value in changes(row).items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            NewsRelease._base_manager.bulk_create([row])
        assert connection.vendor == "sqlite" or constraint in str(caught.value)


class TestNow:
    def test_two_acts_in_the_same_microsecond_follow_each_other(self, at):
        item = make.news(title_en="First", released=True)
        release(make.edit(item, title_en="Second"), ["en"])
        withdraw(item, WHY)
        now = at()
        assert rows(item) == [
            ("en", now, now + TICK, "First", False), ("en", now + TICK, now + 2 * TICK, "Second", False),
            ("en", now + 2 * TICK, None, "Second", True),
        ]

    def test_an_act_at_the_instant_of_a_planned_beginning_comes_after_it(self, at):
        item = make.news(title_en="First")
        release(item, ["en"], at=at.later(hours=1))
        at.advance(hours=1)
        release(make.edit(item, title_en="Second"), ["en"])
        assert rows(item) == [("en", at(), at() + TICK, "First", False), ("en", at() + TICK, None, "Second", False)]

    def test_a_clock_that_was_set_back_leaves_acts_in_their_order(self, at):
        item = make.news(title_en="First", released=True)
        then = at()
        at.advance(hours=-1)
        release(make.edit(item, title_en="Second"), ["en"])
        assert rows(item) == [("en", then, then + TICK, "First", False), ("en", then + TICK, None, "Second", False)]

    def test_is_the_clock_of_the_database(self):
        first = clock.now()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                [[second]] = cursor.fetchall()
        else:
            second = datetime.now(UTC)
        third = clock.now()
        assert first <= second <= third and first.utcoffset() == timedelta(0)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_an_act_waits_until_another_on_the_same_item_is_done(self):
        item = make.news(title_en="First", released=True)
        begun, done = Event(), []

        def other():
            begun.set()
            try:
                withdraw(item, WHY)
            finally:
                connection.close()
            done.append(True)

        thread = Thread(target=other)
        with locked(item):
            thread.start()
            begun.wait()
            thread.join(0.5)
            waited = not done
        thread.join()
        assert (waited, done) == (True, [True])

    def test_eight_acts_at_once_leave_one_series_of_rows(self):
        item = make.translate(make.news(released=True), "ru")
        refused = []

        def act(number):
            try:
                for _turn in range(3):
                    [lambda: release(item, ["en"]), lambda: join(item, "ru")][number % 2]()
            except Exception as error:
                refused.append(error)
            finally:
                connection.close()

        threads = [Thread(target=act, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == []
        series = [row for row in rows(item) if row[0] == "en"]
        assert len(series) == 13
        assert [row[2] for row in series] == [*(row[1] for row in series[1:]), None]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite tells less of its plans")
def test_lists_are_read_from_an_index():
    items = NewsItem.objects.bulk_create(
        NewsItem(slug=f"news-{number}", original_language="en", date=date(2000, 1, 1) + timedelta(days=6 * number))
        for number in range(1500)
    )
    facts = dict.fromkeys(NewsRelease.FACTS) | dict.fromkeys(NewsRelease.LINKS, ())
    texts = {"language": "en", "title": "T", "lead": "", "body": "<p>T</p>", "place": ""}
    load_many([(item, [texts | facts | {"date": item.date}]) for item in items])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    lists = NewsRelease.objects.public().listed()
    for rows in [lists, lists.of_period(2015, 3), lists.filter(date__lte=date(2001, 1, 1))]:
        assert " using newsrelease_by_date on news_newsrelease " in rows[:21].explain()


def test_an_erased_item_is_never_released_again(at):
    from publishing.erase import erase

    item = make.translate(make.news(released=True), "ru")
    erase(item, "A court's order.")
    for act, *given in [(release, ["en"]), (join, "ru"), (withdraw, WHY), (cancel,)]:
        assert refusal(act, item, *given) == "What was erased stays erased; make a new record."
    assert Erasure.objects.count() == 1
