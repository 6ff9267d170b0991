from io import BytesIO

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import override_settings
from PIL import Image

from delegations.models import Person, PersonName
from languages.text import translated_columns
from news.models import NewsItem, NewsRelease
from publishing.erase import erase, erasure_of
from publishing.models import Erasure, Picture, Redirect
from publishing.release import ReleaseError, join, readdress, release, withdraw
from tests import make
from translations import ledger
from translations.models import Unit

pytestmark = pytest.mark.django_db
TRACE = "qzmarker"


def traces():
    """{table: rows} in which any column holds the trace, over the whole database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = [row for row in cursor.fetchall() if TRACE in " ".join(map(str, row)).lower()]
            if rows:
                found[table] = rows
    return found


def written_everywhere(record):
    """The trace in every text of a record, in its former states, units, suggestions and the log."""
    model = type(record)
    for name in translated_columns(model):
        setattr(record, name, f"<p>{TRACE} {name}</p>" if name.startswith("body") else f"{TRACE} {name}")
    record._change_reason = TRACE
    record.save()
    ledger.record(record)
    for language in ["ru", "kk", "hy"]:
        ledger.approve(record, language)
    field = translated_columns(model)[0].rpartition("_")[0]
    ledger.suggest(record, field, "tg", TRACE)
    LogEntry.objects.create(
        user=make.superuser(), content_type=ContentType.objects.get_for_model(model), object_id=str(record.pk),
        object_repr=f"{TRACE}", action_flag=CHANGE, change_message=f'[{{"added": {{"object": "{TRACE}"}}}}]',
    )
    return record


def uploaded():
    file = BytesIO()
    Image.new("RGB", (40, 30), "#2a6").save(file, "PNG")
    picture = Picture(file=ContentFile(file.getvalue(), "picture.png"), credit=TRACE)
    return written_everywhere(picture)


def files():
    return set(default_storage.listdir("pictures")[1]) if default_storage.exists("pictures") else set()


@pytest.fixture(autouse=True)
def media(tmp_path):
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield


@pytest.fixture
def item(at):
    """A news item that was public in two versions, planned, moved, its picture replaced, and then withdrawn."""
    item = make.news(slug=f"{TRACE}-first", picture=uploaded(), delegations=[make.delegation()], people=[make.person()])
    written_everywhere(item)
    release(item, ["en", "ru"], notes={"en": TRACE, "ru": TRACE}, word=TRACE)
    item.picture = uploaded()
    item.title_en = f"{TRACE} changed"
    item.save()
    Unit.objects.of(item).update(suggestion="")
    release(item, ["en", "ru"], word=TRACE)
    join(make.translate(item, "kk", title=TRACE), "kk")
    item = readdress(item, f"{TRACE}-second")
    withdraw(item, {"en": TRACE, "ru": TRACE})
    release(item, ["en", "ru"], word=TRACE, at=at.later(hours=1), until=at.later(hours=2), reason={"en": TRACE})
    ledger.suggest(item, "title", "hy", TRACE)
    return item


@pytest.fixture
def person():
    """A person with other names, a portrait that replaced another, a membership, and news that names them."""
    person = written_everywhere(make.person(slug=f"{TRACE}-person", gender="female", portrait=uploaded()))
    person.portrait = uploaded()
    person.save()
    name = PersonName.objects.create(person=person, text=TRACE)
    name.text = f"{TRACE} former"
    name.save()
    written_everywhere(make.membership(person=person))
    return readdress(person, f"{TRACE}-other")


def test_no_trace_of_an_erased_item_is_left_in_the_database_or_on_disk(item, django_capture_on_commit_callbacks):
    assert {"news_newsitem", "news_newsrelease", "publishing_redirect", "translations_unit"} <= traces().keys()
    assert len(files()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        erase(item, "A court's order.")
    assert traces() == {}
    assert files() == set()


def test_no_trace_of_an_erased_person_is_left_in_the_database_or_on_disk(person, django_capture_on_commit_callbacks):
    assert {"delegations_person", "delegations_personname", "delegations_membership"} <= traces().keys()
    with django_capture_on_commit_callbacks(execute=True):
        erase(person, "At the person's wish.")
    assert traces() == {}
    assert files() == set()
    person.refresh_from_db()
    assert (person.slug, person.gender, person.portrait) == (f"erased-{person.pk}", "", None)
    assert person.memberships.count() == 1  # that somebody sat there stays a fact of the delegation


def test_an_erasure_says_when_and_why_and_by_whom(item):
    administrator = make.superuser()
    erase(item, "A court's order.", by=administrator)
    erasure = Erasure.objects.get()
    assert (erasure.content_type.model, erasure.object_id) == ("newsitem", item.pk)
    assert (erasure.reason, erasure.erased_by) == ("A court's order.", administrator)
    assert erasure_of(item) == erasure


def test_what_was_public_stays_as_empty_rows_that_no_page_shows(item, at):
    begun = NewsRelease.objects.filter(since__lte=at.later(minutes=1))
    before = list(begun.values_list("pk", "language", "since", "original", "withdrawn"))
    erase(item, "A court's order.")
    assert list(begun.values_list("pk", "language", "since", "original", "withdrawn")) == before
    assert NewsRelease.objects.count() == len(before)  # the plan is gone
    nothing = {"picture_id": None, "focal_x": None, "focal_y": None, "source_id": None, "delegations": (), "people": ()}
    for row in NewsRelease.objects.all().with_links():
        assert row.facts() == nothing | {"date": make.DAY}
        assert set(row.texts().values()) | {row.alt, row.reason, row.note, row.word, row.follows} == {""}
        assert row.hidden
    assert list(NewsRelease.objects.public(at.later(days=1))) == []


def test_releases_and_working_copies_no_longer_name_an_erased_person(person, at):
    other = make.person()
    item = make.news(people=[person, other], released=True)
    assert [link.person for link in item.history.first().people.order_by("person_id")] == [person, other]
    erase(person, "At the person's wish.")
    assert NewsRelease.objects.get().links["people"] == (other.pk,)
    assert list(item.people.all()) == [other]
    assert [link.person for link in item.history.first().people.all()] == [other]


def test_nobody_elses_text_is_touched(item, at):
    kept = written_everywhere(make.news(slug="kept", picture=uploaded(), people=[make.person()]))
    Unit.objects.of(kept).update(suggestion="")
    release(kept, ["en", "ru"])
    kept = readdress(kept, "kept-elsewhere")

    def state():
        of_it = {"object_id": str(kept.pk), "content_type": ContentType.objects.get_for_model(kept)}
        picture = Picture.objects.filter(pk=kept.picture_id)
        tables = [
            NewsItem.objects.filter(pk=kept.pk), kept.releases.all(), kept.people.all(), kept.history.all(), picture,
            Unit.objects.of(kept), Redirect.objects.filter(**of_it), LogEntry.objects.filter(**of_it),
            picture.get().history.all(), Unit.objects.of(picture.get()),
        ]
        return [list(rows.values()) for rows in tables]

    before = state()
    erase(item, "A court's order.")
    assert state() == before


def test_a_picture_that_only_a_release_still_knows_is_erased_too(django_capture_on_commit_callbacks):
    item = make.news(picture=uploaded(), released=True)
    NewsItem.objects.filter(pk=item.pk).update(picture=None)
    item.history.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        erase(item, "A court's order.")
    assert (Picture.objects.count(), files()) == (0, set())


def test_a_picture_that_something_else_shows_stays(item, django_capture_on_commit_callbacks):
    shared = make.news(picture=item.picture)
    with django_capture_on_commit_callbacks(execute=True):
        erase(item, "A court's order.")
    assert {f"pictures/{name}" for name in files()} == {shared.picture.file.name}
    assert Picture.objects.get() == shared.picture
    assert shared.picture.history.exists()


def test_without_a_reason_nothing_is_erased(item):
    before = traces()
    with pytest.raises(ReleaseError) as caught:
        erase(item, " ")
    assert str(caught.value) == "An erasure needs a reason."
    assert traces() == before


def test_all_is_erased_or_nothing(item, person, django_capture_on_commit_callbacks):
    before = traces(), files()

    class Failed(Exception):
        pass

    for record in [item, person]:
        for left in range(0, 60, 7):

            def fail(execute, sql, params, many, context, left=[left]):  # noqa: B006
                if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                    left[0] -= 1
                    if left[0] < 0:
                        raise Failed
                return execute(sql, params, many, context)

            with django_capture_on_commit_callbacks(execute=True):
                try:
                    with connection.execute_wrapper(fail):
                        erase(record, "A court's order.")
                except Failed:
                    assert (traces(), files()) == before
                else:
                    break
        before = traces(), files()
    assert before == ({}, set())


def test_a_draft_is_erased_too():
    item = written_everywhere(make.news(slug=f"{TRACE}-draft"))
    erase(item, "At the person's wish.")
    assert traces() == {}
    assert Person.objects.count() == 0
