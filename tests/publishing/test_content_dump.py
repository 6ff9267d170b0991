"""Dumping: one state, a whole folder or none, and what may be replaced."""

import json
import os
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image

from delegations.models import Office
from news.models import NewsItem
from publishing.content import dump as dumping
from publishing.content import sections
from publishing.models import Picture
from publishing.release import release
from tests import make
from tests.publishing.content import files


def dump(path):
    said = StringIO()
    call_command("dump_content", str(path), stdout=said, stderr=StringIO())
    return said.getvalue()


def picture():
    content = BytesIO()
    Image.new("RGB", (30, 20)).save(content, "PNG")
    return Picture.objects.create(file=ContentFile(content.getvalue(), "any.png"), decorative=True)


@pytest.mark.django_db
def test_writes_what_an_editor_can_read_and_compare(tmp_path):
    make.person(slug="anna", name_en="Anna", name_be="Ганна", sort_name_en="", biography_ru="Один\n\nдва")
    assert dump(tmp_path / "a") == "people.json: 1\n"
    assert (tmp_path / "a" / "people.json").read_text() == """\
[
  {
    "slug": "anna",
    "name": {
      "en": "Anna",
      "be": "Ганна"
    },
    "biography": {
      "ru": "Один\\n\\nдва"
    }
  }
]
"""


@pytest.mark.django_db
def test_says_of_a_release_only_what_differs_from_the_working_copy(tmp_path):
    item = make.news(slug="told", title_en="Old", body_en="<p>One</p>\n<p>Two</p>", released=True)
    item.title_en = "New"
    item.save()
    release(item, ["en"])
    dump(tmp_path / "a")
    old, new = json.loads((tmp_path / "a" / "news" / "2025" / "told.json").read_text())["releases"]
    assert old | {"since": 0, "until": 0} == {
        "language": "en", "since": 0, "until": 0, "title": "Old", "body": ["<p>One</p>", "<p>Two</p>"], "date": "2025-10-07",
    }
    assert new | {"since": 0} == {"language": "en", "since": 0}
    assert old["until"] == new["since"]


@pytest.mark.django_db
def test_replaces_a_folder_of_content_whole(tmp_path):
    office = make.office()
    item = make.news(slug="gone")
    dump(tmp_path / "a")
    assert "news/2025/gone.json" in files(tmp_path / "a")
    item.slug = "come"
    item.save()
    Office.objects.filter(pk=office.pk).delete()
    dump(tmp_path / "a")
    assert sorted(files(tmp_path / "a")) == ["content.json", "news/2025/come.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["notes.txt", ".git", "people.txt"])
@pytest.mark.parametrize("marked", [True, False])
def test_replaces_no_folder_that_holds_anything_else(tmp_path, name, marked):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).write_text("mine")
    if marked:
        (tmp_path / "a" / "content.json").write_text("{}")
    before = files(tmp_path)
    with pytest.raises(CommandError, match="is not empty and holds other things than content; nothing was written"):
        dump(tmp_path / "a")
    assert files(tmp_path) == before


@pytest.mark.django_db
def test_replaces_neither_a_file_nor_a_link(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ["file", "link"]:
        with pytest.raises(CommandError, match="is no folder"):
            dump(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.django_db
def test_writes_into_an_empty_folder_and_makes_those_above(tmp_path):
    (tmp_path / "empty").mkdir()
    dump(tmp_path / "empty")
    dump(tmp_path / "b" / "c")
    assert files(tmp_path / "empty") == files(tmp_path / "b" / "c") == {"content.json": b'{\n  "format": 1\n}\n'}


@pytest.mark.django_db
def test_a_failure_leaves_the_folder_of_before_and_nothing_beside_it(tmp_path):
    make.person(slug="anna")
    dump(tmp_path / "a")
    before = files(tmp_path)
    shown = picture()
    shown.file.storage.delete(shown.file.name)
    with pytest.raises(CommandError, match=f"The file of a picture is missing: {shown.file.name}"):
        dump(tmp_path / "a")
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.django_db
def test_an_interruption_leaves_the_folder_of_before_and_nothing_beside_it(tmp_path):
    make.person(slug="anna")
    dump(tmp_path / "a")
    before = files(tmp_path)
    make.news()

    def interrupt(path, number):
        if path == "news/":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dumping.dump(tmp_path / "a", sections(), interrupt)
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.django_db
def test_copies_pictures_byte_for_byte(tmp_path):
    shown = picture()
    dump(tmp_path / "a")
    name = shown.file.name.removeprefix("pictures/")
    assert (tmp_path / "a" / "pictures" / name).read_bytes() == shown.file.read()
    assert json.loads((tmp_path / "a" / "pictures.json").read_text()) == [
        {"file": name, "decorative": True, "focal_x": 50, "focal_y": 50}
    ]


@pytest.mark.django_db(transaction=True)
def test_shows_one_state_of_the_database_while_others_write(tmp_path):
    """Somebody saves between two files; without waiting, and without being seen."""
    make.source()
    make.person(slug="anna")

    def write(path, number):
        if path == "sources.json":
            other = connection.copy()
            try:
                with other.cursor() as cursor:
                    cursor.execute("UPDATE delegations_person SET slug = 'berta'")
            finally:
                other.close()

    dumping.dump(tmp_path / "a", sections(), write)
    assert [person["slug"] for person in json.loads((tmp_path / "a" / "people.json").read_text())] == ["anna"]
    dumping.dump(tmp_path / "a", sections())
    assert [person["slug"] for person in json.loads((tmp_path / "a" / "people.json").read_text())] == ["berta"]


@pytest.mark.django_db
def test_three_news_items_cost_as_many_queries_as_one(tmp_path, django_assert_num_queries):
    links = {"delegations": [make.delegation()], "people": [make.person()]}
    make.news(released=True, **links)
    dump(tmp_path / "a")  # content types are remembered
    for total in [1, 3]:
        while NewsItem.objects.count() < total:
            make.news(released=True, **links)
        with django_assert_num_queries(31):  # 19 of the register, 12 of the news
            dump(tmp_path / "a")


@pytest.mark.django_db
def test_files_are_for_whoever_may_read_what_the_operator_writes(tmp_path):
    mask = os.umask(0o027)
    try:
        dump(tmp_path / "a")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o750
