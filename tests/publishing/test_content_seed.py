"""What `content/` holds is the source text of `tests/seed/`, and nothing else."""

import json
import re
from collections import Counter
from datetime import date
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from delegations.models import (
    Assembly,
    Chamber,
    Delegation,
    Membership,
    Person,
    Plenipotentiary,
    Seats,
    Source,
    Website,
)
from languages import CODES
from news.models import NewsItem, NewsRelease
from publishing.html import plain
from tests.publishing.content import everything, files
from translations import ledger
from translations.ledger import State
from translations.models import Unit

ROOT = Path(__file__).resolve().parent.parent.parent
CONTENT, SEED = ROOT / "content", ROOT / "tests" / "seed"

pytestmark = pytest.mark.django_db


@pytest.fixture
def content():
    call_command("load_content", str(CONTENT), stdout=StringIO())


def alike(text):
    """The text after quotation marks, dashes and spaces are made alike."""
    text = re.sub("[“”„«»]", '"', re.sub("[‘’]", "'", text))
    return re.sub(r"\s+", " ", re.sub("[–—‑]", "-", text)).strip()


def test_the_news_item_is_the_source_word_for_word(content):
    item = NewsItem.objects.get()
    headline, day, again, *paragraphs = (SEED / "news-2025-10-07.en.txt").read_text().splitlines()
    assert headline == again
    assert alike(item.title_en) == alike(headline)
    assert day == f"{item.date.day} {item.date:%B} {item.date.year}"
    assert [alike(line) for line in plain(item.body_en).splitlines()] == [alike(line) for line in paragraphs]


def test_the_news_item_has_typographic_marks(content):
    body = unescape(NewsItem.objects.get().body_en)
    words = re.sub("<[^>]*>", "", body)
    assert Counter(re.findall("[^\x20-\x7e\n]", words)) == {"“": 5, "”": 5, "’": 3, "–": 2, "\u00a0": 3}
    assert re.findall("\\S+\u00a0\\S+", words) == ["October\u00a07,", "St.\u00a0Petersburg", "28\u00a0model"]
    assert re.findall("[0-9]{4}–[0-9]{4}", words) == ["2026–2030", "2021–2025"]
    assert Counter(re.findall("<p[^>]*>", body)) == {"<p>": 6, '<p class="speech hang">': 1}


def test_the_news_item_says_what_it_is_about_and_whence_it_comes(content):
    item = NewsItem.objects.get()
    assert (item.slug, item.original_language, item.place_en) == ("sergei-rachkov-political-unity", "en", "St. Petersburg")
    assert [found.slug for found in item.delegations.all()] == ["belarus"]
    assert [found.slug for found in item.people.all()] == ["sergei-rachkov"]
    assert item.source == Source.objects.get(published=date(2025, 10, 7))
    assert item.lead_en == ""


def test_the_news_item_is_public_from_the_instant_of_loading():
    before = timezone.now()
    call_command("load_content", str(CONTENT), stdout=StringIO())
    row = NewsRelease.objects.get()
    assert before <= row.since <= timezone.now()
    assert (row.language, row.original, row.until, row.date) == ("en", True, None, date(2025, 10, 7))
    assert list(NewsRelease.objects.public()) == [row]


def test_the_register_holds_the_five_delegations_of_the_source(content):
    seats = {
        (chamber.delegation.country_code, chamber.name_en or "", chamber.kind): chamber.seats.get().number
        for chamber in Chamber.objects.all()
    }
    assert list(seats.items()) == [
        (("BY", "House of Representatives", "lower"), 7),
        (("BY", "Council of the Republic", "upper"), 4),
        (("KZ", "Mazhilis", "lower"), 8),
        (("KZ", "Senate", "upper"), 8),
        (("KG", "", "single"), 6),
        (("RU", "State Duma", "lower"), 10),
        (("RU", "Federation Council", "upper"), 12),
        (("TJ", "National Assembly", "upper"), 6),
        (("TJ", "Assembly of Representatives", "lower"), 6),
    ]


def test_all_facts_were_said_by_the_page_of_7_october_2025_and_have_no_other_date(content):
    facts = [*Seats.objects.all(), *Plenipotentiary.objects.all(), *Membership.objects.all()]
    page = Source.objects.get(published=date(2025, 10, 7))
    told = {(fact.source, fact.since, fact.until, fact.ended, fact.confirmed_on, fact.confirmed_by) for fact in facts}
    assert told == {(page, None, None, False, None, None)}
    assert len(facts) == 9 + 5


def test_sources_say_no_day_that_is_not_known(content):
    days = {source.slug: (source.published, source.retrieved) for source in Source.objects.all()}
    assert days == {
        "page-2025-10-07": (date(2025, 10, 7), None),
        "earlier-english-block": (None, None),
        "russian-page": (None, None),
        "dumatv": (None, None),
    }


def test_plenipotentiaries_are_those_of_the_source_with_their_second_posts(content):
    posts = {
        row.delegation.slug: (row.person and row.person.name_en, row.office and row.office.name_en, row.reason)
        for row in Plenipotentiary.objects.all()
    }
    secretary = "deputy Executive Secretary of the CSTO Parliamentary Assembly"
    assert posts == {
        "belarus": ("Viktor Kogut", None, ""),
        "kazakhstan": ("Viktor Rogalev", secretary, ""),
        "kyrgyzstan": ("Shabdanbek Alishev", None, ""),
        "russia": ("Mikhail Krotov", secretary, ""),
        "tajikistan": (None, None, "not-named"),
    }


def test_websites_stand_as_published_with_what_is_known_of_their_language(content):
    sites = {
        site.address: (site.delegation.slug, site.chamber and site.chamber.slug, site.language)
        for site in Website.objects.all()
    }
    assert sites == {
        "http://house.gov.by/en/": ("belarus", "house", "en"),
        "http://www.sovrep.gov.by/ru/": ("belarus", "council", "ru"),
        "http://www.kenesh.kg/": ("kyrgyzstan", None, ""),
        "http://duma.gov.ru/": ("russia", "duma", "ru"),
        "http://council.gov.ru/": ("russia", "federation-council", "ru"),
    }
    addresses = re.findall("http://\\S+", (SEED / "delegations.en.txt").read_text())
    assert [address for address in sites if "gov.ru" not in address] == addresses


def test_people_are_those_who_are_named(content):
    people = {
        person.slug: (person.name_en, person.name_ru or "", list(person.other_names.values_list("text", "language", "kind")))
        for person in Person.objects.all()
    }
    assert people == {
        "viktor-kogut": ("Viktor Kogut", "", []),
        "viktor-rogalev": ("Viktor Rogalev", "Виктор Рогалев", [("Рогалев Виктор Павлович", "ru", "full")]),
        "shabdanbek-alishev": ("Shabdanbek Alishev", "", []),
        "mikhail-krotov": ("Mikhail Krotov", "Михаил Кротов", [("Кротов Михаил Иосифович", "ru", "full")]),
        "sergei-rachkov": ("Sergei Rachkov", "", [("Sergey Rachkov", "en", "variant")]),
    }
    assert Membership.objects.count() == 0


def cells(line):
    return [cell.strip(" ·") for cell in line.strip().strip("|").split("|")]


def test_official_names_are_those_of_the_table(content):
    """Every name of the table at its place, and no name in another language than English that is not there."""
    table = [cells(line) for line in (SEED / "names.md").read_text().splitlines() if line.startswith("| ")][1:]
    countries = {"Belarus": "belarus", "Kazakhstan": "kazakhstan", "Kyrgyz Republic": "kyrgyzstan",
                 "Russian Federation": "russia", "Tajikistan": "tajikistan"}
    expected, found, slug = set(), set(), ""
    for kind, russian, genitive, own in table:
        slug, kind = countries.get(kind, slug), "parliament" if kind in countries else kind
        genitive = genitive.removeprefix("(not inflected)").strip() or russian
        expected |= {(slug, kind, "ru", russian), (slug, kind, "ru genitive", genitive)}
        if ": " in own:
            expected.add((slug, kind, *own.split(": ")))
    for row in Delegation.objects.all():
        found |= {(row.slug, "parliament", code, getattr(row, f"parliament_{code}")) for code in CODES}
        found |= {(row.slug, "parliament", f"{code} genitive", getattr(row, f"parliament_genitive_{code}")) for code in CODES}
    for row in Chamber.objects.exclude(kind="single"):
        found |= {(row.delegation.slug, row.kind, code, getattr(row, f"name_{code}")) for code in CODES}
        found |= {(row.delegation.slug, row.kind, f"{code} genitive", getattr(row, f"genitive_{code}")) for code in CODES}
    assert {row for row in found if row[3] and not row[2].startswith("en")} == expected


def test_words_for_members_are_those_of_the_source_and_of_the_russian_site(content):
    words = {f"{row.delegation.slug}/{row.slug}": (row.member_en, row.member_ru or "") for row in Chamber.objects.all()}
    assert words == {
        "belarus/house": ("deputy", "deputy"),
        "belarus/council": ("deputy", "member"),
        "kazakhstan/mazhilis": ("deputy", "deputy"),
        "kazakhstan/senate": ("member", "member"),
        "kyrgyzstan/supreme-council": ("deputy", ""),
        "russia/duma": ("deputy", "deputy"),
        "russia/federation-council": ("senator", ""),
        "tajikistan/national-assembly": ("deputy", ""),
        "tajikistan/assembly-of-representatives": ("deputy", ""),
    }
    named = {f"{row.delegation.slug}/{row.slug}": row.name_source.slug for row in Chamber.objects.exclude(name_source=None)}
    assert named == {"russia/federation-council": "earlier-english-block"}


def test_the_assembly_has_its_names_and_no_address(content):
    assembly = Assembly.objects.get()
    assert (assembly.name_en, assembly.short_name_en) == ("CSTO Parliamentary Assembly", "CSTO PA")
    assert (assembly.address_en or "", assembly.email, assembly.time_zone) == ("", "", "Europe/Moscow")


def test_names_in_other_languages_await_a_reviewer(content):
    states = Counter(state for row in [*Delegation.objects.all(), *Chamber.objects.all(), *Person.objects.all()]
                     for (_field, code), state in ledger.states(row).items() if state not in {State.ORIGINAL, State.MISSING})
    assert set(states) == {State.UNVERIFIED}
    assert set(Unit.objects.values_list("language", "source_language")) == {("en", "")}


def test_what_the_dump_writes_is_what_content_holds_but_for_the_instant(content, tmp_path):
    call_command("dump_content", str(tmp_path / "dump"), stdout=StringIO())
    dumped = files(tmp_path / "dump")
    path = "news/2025/sergei-rachkov-political-unity.json"
    item = json.loads(dumped[path])
    item["releases"][0]["since"] = None
    dumped[path] = (json.dumps(item, ensure_ascii=False, indent=2) + "\n").encode()
    assert dumped == files(CONTENT)


def test_loading_it_again_changes_nothing(content, capsys):
    before = everything()
    call_command("load_content", str(CONTENT))
    assert capsys.readouterr().out == "Nothing changed.\n"
    assert everything() == before
