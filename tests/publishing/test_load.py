from datetime import UTC, date, datetime, timedelta

import pytest

from news.models import NewsRelease
from publishing.erase import erase
from publishing.release import ReleaseError, load, load_many, release
from tests import make
from translations import ledger

pytestmark = pytest.mark.django_db
BEGIN = datetime(2010, 5, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TEXTS = {"title": "T", "lead": "", "body": "<p>T</p>", "place": ""}
VERSION = ledger.version(TEXTS)
ENGLISH = {"language": "en", "since": BEGIN, **TEXTS}
RUSSIAN = {"language": "ru", "since": BEGIN, "follows": VERSION, **TEXTS}


def refusal(item, *rows):
    with pytest.raises(ReleaseError) as caught:
        load(item, rows)
    assert caught.value.item is item
    assert not NewsRelease.objects.filter(item=item).exists()
    return str(caught.value)


def test_writes_a_history_with_its_own_instants(at):
    item, person, editor = make.news(), make.person(), make.user()
    facts = {"date": date(2010, 5, 4), "picture_id": None, "focal_x": None, "focal_y": None, "source_id": None}
    facts |= {"people": [person.pk], "delegations": []}
    first = {**ENGLISH, **facts, "until": BEGIN + DAY}
    second = first | {"since": BEGIN + DAY, "until": BEGIN + 2 * DAY, "title": "Second", "note": "A name added."}
    last = second | {"since": BEGIN + 2 * DAY, "until": None, "withdrawn": True, "reason": "Over.", "note": ""}
    assert load(item, [first, second, last], by=editor) is True
    rows = NewsRelease.objects.order_by("since").with_links()
    assert [(row.since, row.until, row.title, row.note, row.withdrawn, row.reason) for row in rows] == [
        (BEGIN, BEGIN + DAY, "T", "", False, ""), (BEGIN + DAY, BEGIN + 2 * DAY, "Second", "A name added.", False, ""),
        (BEGIN + 2 * DAY, None, "Second", "", True, "Over."),
    ]
    assert {(row.date, row.links["people"], row.released_by, row.created_at) for row in rows} == {
        (date(2010, 5, 4), (person.pk,), editor, at())
    }
    assert rows[0].follows == VERSION


def test_facts_that_are_not_told_are_those_of_the_item():
    item = make.news(date=date(2010, 5, 4), picture=make.picture(), people=[make.person()])
    load(item, [ENGLISH])
    assert NewsRelease.objects.get().facts() == item.facts()


def test_a_row_without_a_beginning_begins_when_it_is_loaded(at):
    item, row = make.news(), {**TEXTS, "language": "en"}
    load(item, [row])
    assert NewsRelease.objects.get().since == at()
    at.advance(days=1)
    assert load(item, [row]) is False


def test_tells_which_items_were_written(at):
    known, new, none = make.news(), make.news(), make.news()
    load(known, [ENGLISH])
    assert load_many([(known, [ENGLISH]), (new, [ENGLISH]), (none, [])]) == [new]


def test_writes_all_items_or_none():
    good, bad = make.news(), make.news()
    with pytest.raises(ReleaseError) as caught:
        load_many([(good, [ENGLISH]), (bad, [RUSSIAN])])
    assert caught.value.item is bad
    assert not NewsRelease.objects.exists()


def test_costs_the_same_for_one_item_and_for_three(at, django_assert_num_queries):
    person, facts = make.person(), dict.fromkeys(NewsRelease.FACTS) | {"date": date(2010, 5, 4), "delegations": []}
    row = ENGLISH | facts | {"people": [person.pk]}
    load(make.news(), [row])
    for items in [[make.news()], [make.news() for _number in range(3)]]:
        with django_assert_num_queries(7):
            load_many([(item, [row]) for item in items])


def test_tidies_texts_as_saving_would():
    item, row = make.news(), ENGLISH | {"title": " T\u202e ", "body": "<p>T</p><script>1</script>"}
    load(item, [row])
    assert NewsRelease.objects.get().texts() == TEXTS
    assert load(item, [row]) is False


def test_refuses_rows_that_differ_from_those_the_item_has(at):
    item = make.news(released=True)
    before = list(NewsRelease.objects.values())
    with pytest.raises(ReleaseError) as caught:
        load(item, [ENGLISH])
    assert str(caught.value) == "This item has releases already, and they differ from those given."
    assert list(NewsRelease.objects.values()) == before


def test_a_plan_is_loaded_as_a_plan(at):
    item = make.news()
    ahead = at.later(hours=1)
    load(item, [ENGLISH | {"until": ahead}, ENGLISH | {"since": ahead, "title": "Planned"}])
    assert [NewsRelease.objects.public(instant).get().title for instant in [at(), ahead]] == ["T", "Planned"]


def test_hidden_rows_of_an_erased_item_may_be_empty(at):
    item = make.news(released=True)
    erase(item, "A court's order.")
    row = NewsRelease.objects.get()
    told = {"language": "en", "since": row.since, "hidden": True, **row.texts()}
    assert load(item, [told]) is False
    assert load(make.news(), [told]) is True


def test_refuses_to_bring_back_what_was_erased(at):
    item = make.news()
    erase(item, "A court's order.")
    assert refusal(item, ENGLISH) == "What was erased stays erased; make a new record."


GAP = "The original has a gap: what was ever public is withdrawn, and never just ends."
TWO = "Two releases in one language hold at the same time."
ALONE = "A translation is public only while its original is."
ORDER = "A release ends after it begins."
AFTER = {"since": BEGIN + DAY}
WITHDRAWN = {"withdrawn": True, "reason": "Over."}
AHEAD = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        ("A release has no field “titel”.", [ENGLISH | {"titel": "T"}]),
        ("The field “place” of a release is missing.", [{key: ENGLISH[key] for key in ENGLISH if key != "place"}]),
        ("There is no language “xx”.", [ENGLISH | {"language": "xx"}]),
        ("An instant needs a time zone.", [ENGLISH | {"since": datetime(2010, 5, 5)}]),
        (ORDER, [ENGLISH | {"until": BEGIN}, ENGLISH]),
        ("The original must be public first.", [RUSSIAN]),
        (TWO, [ENGLISH, ENGLISH | AFTER]),
        (TWO, [ENGLISH | {"until": BEGIN + 2 * DAY}, ENGLISH | AFTER]),
        (TWO, [ENGLISH, RUSSIAN, RUSSIAN | AFTER]),
        (GAP, [ENGLISH | {"until": BEGIN + DAY}]),
        (GAP, [ENGLISH | {"until": BEGIN + DAY}, ENGLISH | {"since": BEGIN + 2 * DAY}]),
        (ALONE, [ENGLISH | AFTER, RUSSIAN]),
        (ALONE, [ENGLISH | {"until": BEGIN + DAY}, ENGLISH | AFTER | WITHDRAWN, RUSSIAN]),
        ("What is hidden comes before all that is shown.",
         [ENGLISH | {"until": BEGIN + DAY}, ENGLISH | AFTER | {"hidden": True}]),
        ("What is hidden comes before all that is shown.", [ENGLISH, RUSSIAN | {"hidden": True}]),
        ("Only a withdrawal has a reason.", [ENGLISH | {"reason": "Over."}]),
        ("A withdrawal needs a reason.", [ENGLISH | {"until": BEGIN + DAY}, ENGLISH | AFTER | {"withdrawn": True}]),
        ("A withdrawal needs a reason.",
         [ENGLISH, RUSSIAN | {"until": BEGIN + DAY}, RUSSIAN | AFTER | {"withdrawn": True}]),
        ("body is missing in en.", [ENGLISH | {"body": "<p> </p>"}]),
        ("All languages agree on date, picture and links at every instant.",
         [ENGLISH, RUSSIAN | {"date": date(1999, 1, 1)}]),
        ("The digest of an original is that of its own text.", [ENGLISH | {"follows": "0" * 32}]),
        ("A translation that follows another text than the original beside it needs the editor's word.",
         [ENGLISH, RUSSIAN | {"follows": ""}]),
        ("There is one plan: a release, and perhaps the withdrawal that ends it.",
         [ENGLISH | {"until": AHEAD}, ENGLISH | {"since": AHEAD, "until": AHEAD + DAY},
          ENGLISH | {"since": AHEAD + DAY}]),
        ("There is one plan: a release, and perhaps the withdrawal that ends it.",
         [ENGLISH | {"until": AHEAD}, ENGLISH | {"since": AHEAD, "until": AHEAD + DAY},
          ENGLISH | WITHDRAWN | {"since": AHEAD + DAY, "until": AHEAD + 2 * DAY},
          ENGLISH | WITHDRAWN | {"since": AHEAD + 2 * DAY}]),
    ],
)  # fmt: skip
def test_refuses_what_no_series_of_acts_could_have_left(sentence, rows):
    assert refusal(make.news(), *rows) == sentence


def test_a_stale_translation_is_loaded_with_the_editors_word():
    assert load(make.news(), [ENGLISH, RUSSIAN | {"follows": "", "word": "Read and compared."}]) is True


def test_after_loading_the_acts_go_on(at):
    item = make.news()
    load(item, [ENGLISH])
    release(make.edit(item, title_en="Now"), ["en"])
    found = NewsRelease.objects.order_by("since").values_list("title", "since")
    assert [title for title, _since in found] == ["T", "Now"]
