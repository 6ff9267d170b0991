"""Loading: what is refused and how that is said, all or nothing, what is corrected and what stays."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from delegations.models import Chamber, Delegation, Person, Plenipotentiary, Seats
from news.models import NewsItem, NewsRelease
from publishing.models import Erasure, Picture, Redirect
from publishing.release import release
from tests import make
from tests.publishing.content import everything
from translations import ledger
from translations.ledger import State

pytestmark = pytest.mark.django_db

CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
NEWS = "news/2025/sergei-rachkov-political-unity.json"


class Folder:
    """A copy of content/ that a test changes."""

    def __init__(self, path):
        self.path = path
        shutil.copytree(CONTENT, path)

    def data(self, name):
        return json.loads((self.path / name).read_text())

    def write(self, name, data):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode())

    def change(self, name, **keys):
        """Set keys of a record that has a file of its own; None takes one away."""
        record = {key: value for key, value in {**self.data(name), **keys}.items() if value is not None}
        self.write(name, record)

    def add(self, name, row):
        self.write(name, [*self.data(name), row])

    def load(self, *options):
        """What is said on standard output."""
        said = StringIO()
        call_command("load_content", str(self.path), *options, stdout=said, stderr=StringIO())
        return said.getvalue()

    def refusal(self):
        """The lines in which a load is refused, which leaves nothing, neither row nor file."""
        before, files = everything(), stored()
        with pytest.raises(CommandError) as refused:
            self.load()
        assert everything() == before
        assert stored() == files
        return str(refused.value).splitlines()


def stored():
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*.*"))


def picture(kind="PNG", colour=(1, 2, 3), **options):
    content = BytesIO()
    Image.new("RGB", (30, 20), colour).save(content, kind, **options)
    return content.getvalue()


@pytest.fixture
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return Folder(tmp_path / "content")


# What is refused


def test_names_the_line_of_a_file_that_is_no_json(folder):
    folder.write("offices.json", b'[\n  {"slug": "a",\n]')
    assert folder.refusal() == [
        "offices.json, line 3: no JSON: Expecting property name enclosed in double quotes."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'[\n"\xff"]', "offices.json, line 2: expected UTF-8."),
        ("[]".encode("utf-16"), "offices.json, line 1: expected UTF-8."),
        (b"\xef\xbb\xbf[]", "offices.json, line 1: no JSON: Unexpected UTF-8 BOM (decode using utf-8-sig)."),
        (b'[{"slug": "a", "slug": "b"}]', "offices.json: no JSON: the key “slug” stands twice."),
        (b"[NaN]", "offices.json: no JSON: NaN is no number."),
        (b"[" * 100_000, "offices.json: no JSON: maximum recursion depth exceeded while decoding a JSON array from a unicode string."),
        (b"", "offices.json, line 1: no JSON: Expecting value."),
        (b'{"slug": "a"}', "offices.json: expected a list of records."),
        (b"[1]", "offices.json: 1: expected a record: keys and values."),
    ],
)
def test_refuses_what_is_no_list_of_records(folder, content, sentence):
    folder.write("offices.json", content)
    assert folder.refusal() == [sentence]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "offices.json: 2, slug: is missing; expected a text."),
        ({"slug": 5}, "offices.json: 2, slug: expected a text."),
        ({"slug": "Б"}, "offices.json: Б, slug: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        ({"slug": "a", "name": "x"}, 'offices.json: a, name: expected the text by language, such as {"en": "…"}.'),
        ({"slug": "a", "name": {"en": 1}}, "offices.json: a, name: en: expected a text."),
        (
            {"slug": "a", "name": {"de": "x"}},
            "offices.json: a, name: “de” is no language here; expected one of en, ru, be, kk, ky, hy, tg.",
        ),
        ({"slug": "a", "title": {}}, "offices.json: a: “title” is no key here; expected slug, name, translations."),
        ({"slug": "a", "name": {"en": "x" * 201}}, "offices.json: a, name_en: Ensure this value has at most 200 characters (it has 201)."),
        ({"slug": "a", "name": {"en": "\0"}}, "offices.json: a, name: en: has a character that is none: NUL, or half of a pair."),
        ({"slug": "a", "name": {"en": "\ud800"}}, "offices.json: a, name: en: has a character that is none: NUL, or half of a pair."),
        ({"slug": "deputy-executive-secretary"}, "offices.json: deputy-executive-secretary: “deputy-executive-secretary” stands in this folder twice."),
    ],
)
def test_says_of_a_record_which_key_is_wrong_and_what_was_expected(folder, row, sentence):
    rows = [*folder.data("offices.json"), row]
    folder.write("offices.json", json.dumps(rows).encode())
    assert folder.refusal() == [sentence]


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("country_code", "by", "country_code: Two capital letters (ISO 3166)."),
        ("country_code", None, "country_code: is missing; expected a text."),
        ("country_code", "KZ", "country_code: This country already has a delegation."),
        ("order", "1", "order: expected a whole number."),
        ("order", True, "order: expected a whole number."),
        ("order", 1.5, "order: expected a whole number."),
        ("order", -1, "order: Ensure this value is greater than or equal to 0."),
        ("slug", "tajikistan", "slug: expected no such key: the name of the file says it."),
        ("chambers", {}, "chambers: expected a list."),
        ("chambers", [{"slug": "a", "kind": "middle"}], "chambers 1, kind: expected one of lower, upper, single."),
        ("chambers", [{"slug": "a", "kind": "lower"}], "chambers 1, name_en: A chamber needs a name."),
        ("websites", [{"address": "http://a.example/"}], "websites 1, source: is missing; expected the key of a record (source)."),
        (
            "websites", [{"address": "http://a.example/", "source": "nowhere"}],
            "websites 1, source: “nowhere” is not there; expected the key of a record (source).",
        ),
        (
            "websites", [{"address": "ftp://a.example/", "source": "dumatv"}],
            "websites 1, address: Enter a valid URL.",
        ),
        (
            "websites", [{"address": "http://a.example/", "source": "dumatv", "chamber": "belarus/house"}],
            "websites 1, chamber: The chamber belongs to another delegation.",
        ),
        (
            "memberships", [{"person": "viktor-kogut", "chamber": "belarus/house", "role": "member", "source": "dumatv"}],
            "memberships 1: belongs to “Belarus”.",
        ),
        ("plenipotentiaries", [{"source": "dumatv"}], "plenipotentiaries 1: Choose a person, or say why there is none."),
        (
            "plenipotentiaries", [{"person": "viktor-kogut"}],
            "plenipotentiaries 1: A fact needs a source; only “not yet entered” has none.",
        ),
        (
            "plenipotentiaries", [{"reason": "vacant", "source": "dumatv", "since": "2025-02-30"}],
            "plenipotentiaries 1, since: expected a day such as 2025-10-07.",
        ),
        (
            "plenipotentiaries", [{"reason": "vacant", "source": "dumatv", "ended": "yes"}],
            "plenipotentiaries 1, ended: expected true or false.",
        ),
        ("former_slugs", ["russia"], "former_slugs: “russia” is or was the address of another record."),
        ("former_slugs", ["2025"], "former_slugs: 1: Use small Latin letters, digits and single hyphens, with at least one letter."),
        ("erasures", [{"erased_at": "2025-10-07T09:00:00Z"}], "erasures: 1: “reason” is missing."),
        ("translations", {"de": {}}, "translations: “de” is no key here; expected en, ru, be, kk, ky, hy, tg."),
        (
            "translations", {"tg": {"parliament": {"source_language": "tg"}}},
            "translations, tg, parliament: would be translated from itself.",
        ),
        ("translations", {"en": {"parliament": {}}}, "translations, en, parliament: is the original."),
    ],
)
def test_says_of_a_delegation_what_is_wrong_with_it(folder, key, value, sentence):
    folder.change("delegations/tajikistan.json", **{"plenipotentiaries": None, key: value})
    assert [line.removeprefix("delegations/tajikistan.json: ") for line in folder.refusal()] == [sentence]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"date": "2024-10-07"}, "expected it in the folder of its year, 2024."),
        ({"date": "07.10.2025"}, "date: expected a day such as 2025-10-07."),
        ({"body": {"en": "<p>One text.</p>"}}, "body: en: expected a list of texts, one for each line of HTML."),
        (
            {"body": {"en": ["x" * 200_001]}},
            "body: en: This text is longer than 200 kilobytes. Divide it, or attach it as a document.",
        ),
        ({"title": {"ru": "Только по-русски"}}, "title_en: The original needs a title."),
        ({"original_language": "de"}, "original_language: expected one of en, ru, be, kk, ky, hy, tg."),
        ({"people": ["nobody"]}, "people: “nobody” is not there; expected the key of a record (person)."),
        ({"people": ["viktor-kogut", "viktor-kogut"]}, "people: names a record twice."),
        ({"picture": "none.jpg"}, "picture: “none.jpg” is not there; expected the key of a record (picture)."),
        ({"releases": {}}, "releases: expected a list."),
        ({"releases": [{"language": "en"}]}, "releases: 1: expected at least “language” and “since”."),
        (
            {"releases": [{"language": "en", "since": "2025-10-07T12:00:00+03:00"}]},
            "releases: 1: since: expected an instant in UTC such as 2025-10-07T09:00:00Z.",
        ),
        ({"releases": [{"language": "ru", "since": None}]}, "releases: The original must be public first."),
        (
            {"releases": [{"language": "en", "since": "2025-10-07T12:00:00Z", "until": "2025-10-07T12:00:00Z"}]},
            "releases: A release ends after it begins.",
        ),
        (
            {"releases": [{"language": "en", "since": "2025-10-07T12:00:00Z", "title": "Without a body", "date": "2025-10-07"}]},
            "releases: body is missing in en.",
        ),
        (
            {"releases": [{"language": "en", "since": "2025-10-07T12:00:00Z", "title": "x", "body": ["<p>y</p>"]}]},
            "releases: 1: “date” is missing.",
        ),
        (
            {"releases": [{"language": "en", "since": "2025-10-07T12:00:00Z", "title": "x" * 301, "date": "2025-10-07"}]},
            "releases: 1: title: Ensure this value has at most 300 characters (it has 301).",
        ),
        (
            {"releases": [{"language": "en", "since": None, "id": 5}]},
            "releases: 1: “id” is no key here; expected language, since, until, withdrawn, hidden, reason, note, word, follows, "
            "title, lead, body, place, date, picture, focal_x, focal_y, source, alt, delegations, people.",
        ),
    ],
)
def test_says_of_a_news_item_what_is_wrong_with_it(folder, keys, sentence):
    folder.change(NEWS, **keys)
    assert [line.removeprefix(f"{NEWS}: ") for line in folder.refusal()] == [sentence]


def test_refuses_two_texts_that_would_be_made_from_each_other(folder):
    sources = {"tg": "ru", "ru": "tg"}
    folder.change(NEWS, translations={code: {"title": {"source_language": source}} for code, source in sources.items()})
    assert folder.refusal() == [
        f"{NEWS}: translations, tg, title: would be translated from itself.",
        f"{NEWS}: translations, ru, title: would be translated from itself.",
    ]


def test_says_all_that_is_wrong_with_a_file_at_once(folder):
    folder.add("people.json", {"slug": "a", "name": {"de": "x"}, "gender": "other one", "age": 5})
    folder.add("people.json", {"name": {}, "portrait": "none.jpg"})
    assert folder.refusal() == [
        "people.json: a: “age” is no key here; expected slug, name, sort_name, biography, gender, portrait, other_names, "
        "translations, former_slugs, erasures.",
        "people.json: a, name: “de” is no language here; expected one of en, ru, be, kk, ky, hy, tg.",
        "people.json: a, gender: expected one of female, male, other.",
        "people.json: 7, slug: is missing; expected a text.",
        "people.json: 7, portrait: “none.jpg” is not there; expected the key of a record (picture).",
    ]


def test_shows_twenty_mistakes_and_counts_the_others(folder):
    folder.write("offices.json", [{"slug": f"office-{number}", "name": 5} for number in range(25)])
    refusal = folder.refusal()
    assert (len(refusal), refusal[-1]) == (21, "And 5 more.")


def test_refuses_two_facts_that_hold_at_the_same_time_and_names_the_other(folder):
    chambers = folder.data("delegations/kyrgyzstan.json")["chambers"]
    chambers[0]["seats"].append({"number": 7, "source": "page-2025-10-07"})
    folder.change("delegations/kyrgyzstan.json", chambers=chambers)
    [sentence] = folder.refusal()
    assert sentence.startswith("delegations/kyrgyzstan.json: chambers 1, seats 2: ")
    assert "Supreme Council of the Kyrgyz Republic: 6" in sentence


def test_one_address_stands_in_one_year_only(folder):
    folder.write("news/2024/sergei-rachkov-political-unity.json", {**folder.data(NEWS), "date": "2024-01-01"})
    assert folder.refusal() == [f"{NEWS}: “sergei-rachkov-political-unity” stands in this folder twice."]


def test_an_old_address_is_not_taken_over(folder):
    folder.change("delegations/russia.json", former_slugs=["tajikistan"])
    assert folder.refusal() == [
        "delegations/russia.json: former_slugs: “tajikistan” is or was the address of another record."
    ]


@pytest.mark.parametrize("name", ["peoples.json", "news/2025/note.txt", "news/item.json", "delegations/a", "README.md"])
def test_refuses_files_that_are_no_part_of_the_content(folder, name):
    folder.write(f"{name}/b.json" if name == "delegations/a" else name, {})
    assert folder.refusal() == [f"{name} is no part of a folder of content."]


def test_passes_over_hidden_files(folder):
    folder.write(".gitignore", b"*.swp")
    folder.write("news/.DS_Store", b"\0")
    assert folder.load().splitlines()[-1] == "news/: 1 new, 0 changed, 0 as they were."


def test_refuses_a_link_wherever_it_leads(folder, tmp_path):
    outside = tmp_path / "outside.json"
    outside.write_text("[]")
    (folder.path / "offices.json").unlink()
    (folder.path / "offices.json").symlink_to(outside)
    assert folder.refusal() == ["offices.json is a link; expected a file or folder."]


def test_refuses_a_folder_that_does_not_say_it_is_content(folder, tmp_path):
    (folder.path / "content.json").unlink()
    assert folder.refusal() == [f"{folder.path} holds no content: it has no content.json."]
    with pytest.raises(CommandError, match="is no folder"):
        call_command("load_content", str(tmp_path / "nowhere"))


def test_refuses_a_format_of_another_version(folder):
    folder.write("content.json", {"format": 2})
    assert folder.refusal() == ['content.json: expected {"format": 1}, the format that this version reads.']


# Pictures


def described(name, **keys):
    return {"file": name, "alt": {"en": "A described picture"}, **keys}


@pytest.mark.parametrize("name", ["../content.json", "/etc/passwd", "a/b.jpg", "..", ".hidden.jpg", "A.jpg", "none.jpg", ""])
def test_a_picture_is_a_file_of_its_folder_and_nothing_else(folder, name):
    folder.write("pictures.json", [described(name)])
    assert folder.refusal() == [
        f"pictures.json: {name or 1}, file: expected the name of a file in the folder of pictures, in small letters."
    ]


def test_refuses_a_picture_that_links_elsewhere(folder, tmp_path):
    (tmp_path / "secret.png").write_bytes(picture())
    (folder.path / "pictures").mkdir()
    (folder.path / "pictures" / "a.png").symlink_to(tmp_path / "secret.png")
    folder.write("pictures.json", [described("a.png")])
    assert folder.refusal() == ["pictures/a.png is a link; expected a file or folder."]


@pytest.mark.parametrize("name", ["a.png", f"{'0' * 32}.jpg"])
def test_refuses_what_is_no_picture(folder, name):
    folder.write("pictures.json", [described(name)])
    folder.write(f"pictures/{name}", b"<svg onload=alert(1)>")
    assert folder.refusal() == [
        f"pictures.json: {name}, file: This file is not a picture that can be used here. "
        "Upload a JPEG, PNG, WebP or AVIF file."
    ]


def test_prepares_a_picture_of_any_name_like_an_upload_and_knows_it_again(folder):
    folder.write("pictures.json", [described("house.png")])
    folder.write("pictures/house.png", picture())
    folder.change(NEWS, picture="house.png")
    folder.load()
    shown = Picture.objects.get()
    assert (shown.width, shown.height, shown.alt_en) == (30, 20, "A described picture")
    assert stored() == [shown.file.name.removeprefix("pictures/")]
    assert NewsItem.objects.get().picture == shown
    assert NewsRelease.objects.get().alt == "A described picture"
    assert folder.load() == "Nothing changed.\n"
    assert len(stored()) == 1


def test_a_picture_from_a_dump_keeps_its_name_and_every_byte(folder):
    name, content = f"{'0' * 32}.jpg", picture("JPEG")
    folder.write("pictures.json", [described(name)])
    folder.write(f"pictures/{name}", content)
    folder.load()
    assert Picture.objects.get().file.read() == content
    assert stored() == [name]


def test_refuses_a_picture_under_a_name_of_ours_that_says_where_it_was_taken(folder):
    exif = Image.Exif()
    exif[0x010E] = "at home"
    name = f"{'0' * 32}.jpg"
    folder.write("pictures.json", [described(name)])
    folder.write(f"pictures/{name}", picture("JPEG", exif=exif))
    assert folder.refusal() == [
        f"pictures.json: {name}, file: carries metadata. Give it another name: then it is prepared like an upload."
    ]


def test_refuses_another_picture_under_a_name_that_is_stored(folder):
    name = f"{'0' * 32}.jpg"
    folder.write("pictures.json", [described(name)])
    folder.write(f"pictures/{name}", picture("JPEG"))
    folder.load()
    folder.write(f"pictures/{name}", picture("JPEG", colour=(200, 2, 3)))
    assert folder.refusal() == [
        f"pictures.json: {name}, file: is another picture than the one that is stored under this name."
    ]


# All or nothing


def test_a_mistake_in_the_last_file_leaves_nothing_neither_row_nor_file(folder):
    folder.write("pictures.json", [described("house.png")])
    folder.write("pictures/house.png", picture())
    folder.write("news/2025/zzz.json", {"original_language": "en", "date": "2025-10-07", "title": {"en": "Z"}, "people": ["?"]})
    folder.refusal()
    assert (Delegation.objects.count(), Picture.objects.count(), stored()) == (0, 0, [])


def test_a_dry_run_says_what_the_real_run_says_and_leaves_nothing(folder):
    folder.write("pictures.json", [described("house.png")])
    folder.write("pictures/house.png", picture())
    empty = everything()
    dry = folder.load("--dry-run")
    assert everything() == empty
    assert stored() == []
    assert folder.load() == dry
    assert dry.splitlines() == [
        "pictures.json: 1 new, 0 changed, 0 as they were.",
        "assembly.json: 1 new, 0 changed, 0 as they were.",
        "sources.json: 4 new, 0 changed, 0 as they were.",
        "offices.json: 1 new, 0 changed, 0 as they were.",
        "people.json: 5 new, 0 changed, 0 as they were.",
        "delegations/: 5 new, 0 changed, 0 as they were.",
        "news/: 1 new, 0 changed, 0 as they were.",
    ]


# What is there already


def test_corrects_what_the_files_say_otherwise_and_counts_it(folder):
    folder.load()
    people = folder.data("people.json")
    people[0]["name"]["en"] = "Michail Krotov"
    folder.write("people.json", people)
    chambers = folder.data("delegations/kyrgyzstan.json")["chambers"]
    chambers[0]["seats"][0]["number"] = 7
    folder.change("delegations/kyrgyzstan.json", chambers=chambers)
    assert folder.load().splitlines() == [
        "people.json: 0 new, 1 changed, 4 as they were.",
        "delegations/: 0 new, 1 changed, 4 as they were.",
    ]
    assert Person.objects.get(slug="mikhail-krotov").name_en == "Michail Krotov"
    assert [row.number for row in Seats.objects.filter(chamber__delegation__slug="kyrgyzstan")] == [7]
    assert [row.history_type for row in Person.objects.get(slug="mikhail-krotov").history.all()] == ["~", "+"]


def test_a_fact_written_above_another_of_the_same_source_leaves_that_one_alone(folder):
    """Both are over since nobody knows when, so nothing but the number tells them apart."""
    chambers = folder.data("delegations/kyrgyzstan.json")["chambers"]
    held = {"ended": True, "source": "earlier-english-block"}
    chambers[0]["seats"] = [{"number": 6, **held}]
    folder.change("delegations/kyrgyzstan.json", chambers=chambers)
    folder.load()
    six = Seats.objects.get(chamber__slug="supreme-council")
    chambers[0]["seats"] = [{"number": 7, **held}, {"number": 6, **held}]
    folder.change("delegations/kyrgyzstan.json", chambers=chambers)
    folder.load()
    assert sorted(Seats.objects.filter(chamber=six.chamber).values_list("pk", "number"))[0] == (six.pk, 6)
    assert six.history.count() == 1


def test_a_text_that_is_no_longer_in_the_file_goes(folder):
    folder.load()
    people = folder.data("people.json")
    del people[0]["name"]["ru"]
    folder.write("people.json", people)
    folder.load()
    assert Person.objects.get(slug="mikhail-krotov").name_ru in {"", None}


def test_removes_nothing_that_the_files_do_not_name(folder):
    folder.load()
    make.person(slug="another")
    make.seats(5, chamber=Chamber.objects.get(slug="house"), since=date(2001, 1, 1), until=date(2002, 1, 1))
    before = everything()
    assert folder.load() == "Nothing changed.\n"
    assert everything() == before


def test_a_corrected_original_shows_what_was_made_from_it_as_stale(folder):
    folder.load()
    krotov = Person.objects.get(slug="mikhail-krotov")
    ledger.approve(krotov, "ru", ["name"])
    people = folder.data("people.json")
    people[0]["name"]["en"] = "Michail Krotov"
    folder.write("people.json", people)
    folder.load()
    krotov.refresh_from_db()
    assert ledger.states(krotov)["name", "ru"] == State.STALE


def test_new_names_in_other_languages_stay_unverified(folder):
    folder.load()
    assert ledger.states(Person.objects.get(slug="mikhail-krotov"))["name", "ru"] == State.UNVERIFIED


def test_refuses_releases_that_differ_from_those_that_began(folder):
    folder.load()
    item = NewsItem.objects.get()
    item.title_en = "Another title"
    item.save()
    release(item, ["en"])
    assert folder.refusal() == [f"{NEWS}: releases: This item has releases already, and they differ from those given."]


def test_a_unit_says_who_vouched_for_a_text_if_that_account_is_here(folder):
    anna = make.user(username="anna")
    units = {"name": {"source_language": "en", "approved_by": "anna", "approved_at": "2025-10-08T09:00:00Z"}}
    people = folder.data("people.json")
    people[0]["translations"] = {"ru": units}
    people[4]["translations"] = {"ru": {"name": {**units["name"], "approved_by": "nobody"}}}
    folder.write("people.json", people)
    folder.load()
    krotov, rogalev = [Person.objects.get(slug=slug) for slug in ["mikhail-krotov", "viktor-rogalev"]]
    assert ledger.states(krotov)["name", "ru"] == ledger.states(rogalev)["name", "ru"] == State.APPROVED
    told = [ledger.Unit.objects.of(person).get(language="ru") for person in [krotov, rogalev]]
    assert [unit.approved_by for unit in told] == [anna, None]
    assert told[0].approved_at == datetime(2025, 10, 8, 9, tzinfo=UTC)


def test_former_addresses_and_erasures_come_along(folder):
    folder.change("delegations/russia.json", former_slugs=["rossiya"])
    folder.add("people.json", {
        "slug": "erased-7", "erasures": [{"reason": "A court’s order.", "erased_at": "2025-10-08T09:00:00Z"}]
    })
    folder.load()
    assert Redirect.find(Delegation, "rossiya").slug == "russia"
    erasure = Erasure.objects.get()
    assert (erasure.reason, erasure.erased_at) == ("A court’s order.", datetime(2025, 10, 8, 9, tzinfo=UTC))
    assert Person.objects.get(pk=erasure.object_id).slug == "erased-7"
    assert folder.load() == "Nothing changed.\n"


def test_a_chamber_may_be_succeeded_by_one_that_stands_further_on(folder):
    chambers = folder.data("delegations/belarus.json")["chambers"]
    chambers[0]["successor"] = "kazakhstan/senate"
    folder.change("delegations/belarus.json", chambers=chambers)
    folder.load()
    assert Chamber.objects.get(slug="house").successor.slug == "senate"
    assert folder.load() == "Nothing changed.\n"
    chambers[0]["successor"] = "kazakhstan/nowhere"
    folder.change("delegations/belarus.json", chambers=chambers)
    assert folder.refusal() == [
        "delegations/belarus.json: chambers 1, successor: “kazakhstan/nowhere” is not there; expected the key of a record (chamber)."
    ]


def test_a_new_holder_ends_the_old_fact_in_one_load(folder):
    folder.load()
    folder.add("people.json", {"slug": "new-holder", "name": {"en": "New Holder"}})
    folder.change("delegations/belarus.json", plenipotentiaries=[
        {"person": "new-holder", "since": "2026-02-01", "source": "page-2025-10-07"},
        {"person": "viktor-kogut", "until": "2026-01-31", "source": "page-2025-10-07"},
    ])
    folder.load()
    held = Plenipotentiary.objects.filter(delegation__slug="belarus")
    assert [(row.person.slug, row.since, row.until) for row in held] == [
        ("viktor-kogut", None, date(2026, 1, 31)), ("new-holder", date(2026, 2, 1), None),
    ]


# Many at once


def test_three_new_items_cost_two_queries_more_than_one(folder):
    """Whether its address is the former one of another item is asked for each; all else once for five hundred."""
    item, queries = folder.data(NEWS), []
    folder.load()
    for total in [1, 3]:
        for number in range(total):
            title = {"en": f"Item {number}", "ru": f"Новость {number}"}
            folder.write(f"news/2025/item-{total}-{number}.json", {**item, "title": title})
        with CaptureQueriesContext(connection) as captured:
            folder.load()
        queries.append(len(captured))
    assert queries[1] == queries[0] + 2


def test_loading_again_costs_the_same_with_three_items_as_with_one(folder):
    item, queries = folder.data(NEWS), []
    for total in [1, 3]:
        for number in range(total):
            folder.write(f"news/2025/item-{number}.json", item)
        folder.load()
        with CaptureQueriesContext(connection) as captured:
            assert folder.load() == "Nothing changed.\n"
        queries.append(len(captured))
    assert queries[1] == queries[0]


def test_a_new_item_begins_its_history_with_its_links(folder):
    folder.load()
    [row] = NewsItem.objects.get().history.all()
    assert row.history_type == "+"
    assert row.title_en == NewsItem.objects.get().title_en
    assert [link.delegation.slug for link in row.delegations.all()] == ["belarus"]
    assert [link.person.slug for link in row.people.all()] == ["sergei-rachkov"]


def test_two_originals_of_a_batch_fill_the_base_columns_in_their_own_languages(folder):
    folder.write("news/2025/po-russki.json", {
        "original_language": "ru", "date": "2025-10-07", "title": {"ru": "По-русски", "en": "In English"}, "body": {"ru": ["<p>Да.</p>"]},
    })
    folder.load()
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM news_newsitem ORDER BY slug")
        assert cursor.fetchone() == ("По-русски",)


def test_what_is_loaded_is_cleaned_and_tidied(folder):
    folder.change(NEWS, body={"en": ["<p onclick='x'>One  <script>alert(1)</script></p>", "<h1>Two</h1>"]}, title={"en": " A \u202e  title "})
    folder.load()
    item = NewsItem.objects.get()
    assert (item.title_en, item.body_en) == ("A title", "<p>One  </p>\n<h2>Two</h2>")
    assert NewsRelease.objects.get().body == item.body_en


# From the command line


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The address of a migrated database for processes of their own."""
    path = tmp_path_factory.mktemp("database") / "other.sqlite3"
    assert start(f"sqlite:///{path}", path.parent, "migrate", "-v0").wait() == 0
    return f"sqlite:///{path}"


def start(database, media, *arguments):
    environment = {**os.environ, "DATABASE_URL": database, "MEDIA_ROOT": str(media)}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=CONTENT.parent, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background ignores it
    )


def test_the_command_ends_with_1_and_no_traceback(folder, database):
    folder.write("offices.json", b"[")
    process = start(database, settings.MEDIA_ROOT, "load_content", str(folder.path))
    assert (*process.communicate(), process.returncode) == (
        "", "CommandError: offices.json, line 1: no JSON: Expecting value.\n", 1
    )


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_load_that_is_interrupted_leaves_nothing(folder, database, end):
    folder.write("pictures.json", [described("house.png")])
    folder.write("pictures/house.png", picture())
    os.mkfifo(folder.path / "news" / "2025" / "endless.json")
    process = start(database, settings.MEDIA_ROOT, "load_content", str(folder.path))
    with open(folder.path / "news" / "2025" / "endless.json", "wb"):  # noqa: PTH123, opens when the loader has come so far
        assert len(stored()) == 1
        process.send_signal(end)
        out, error = process.communicate()
    assert out == ""
    if end == signal.SIGINT:
        assert (process.returncode, error) == (130, "CommandError: Interrupted; nothing was loaded.\n")
        assert stored() == []
    count = "from delegations.models import Source; print(Source.objects.count())"
    assert start(database, settings.MEDIA_ROOT, "shell", "-v0", "-c", count).communicate()[0] == "0\n"
