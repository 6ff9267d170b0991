from datetime import date, timedelta

import pytest
from django.utils import timezone

from news.models import NewsItem
from news.pages import PAGE_SIZE
from publishing.erase import erase
from publishing.release import readdress, release, withdraw
from tests import make
from tests.html import Page

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def assembly(db):
    make.assembly()


@pytest.fixture
def read(client):
    return lambda address: Page(client.get(address))


def titles(page):
    return [text for _attributes, text in page.having("a") if text.startswith("News ") or text.startswith("Item")]


def translated(language="ru", **fields):
    """An item in English and another language, both public."""
    texts = {f"title_{language}": "Перевод", f"body_{language}": "<p>Текст.</p>"}
    item = make.news(**texts, **fields)
    release(item, ["en", language], word="checked")
    return item


def many(total, **fields):
    return [make.news(title_en=f"Item {number}", released=True, **fields) for number in range(1, total + 1)]


# Lists


def test_lists_only_what_is_public(read):
    make.news(title_en="Item shown", released=True)
    make.news(title_en="Item draft")
    make.news(title_en="Item planned", released=timezone.now() + HOUR)
    make.news(title_en="Item withdrawn", released=True, withdrawn=True)
    withdraw(make.news(title_en="Item in error", released=True), {"en": "Wrong."}, in_error=True)
    for address in ["/en/news/", "/ru/news/", "/en/news/2025/", "/en/news/2025/10/"]:
        assert titles(read(address)) == ["Item shown"]


def test_shows_the_released_text_and_not_the_one_being_written(read):
    item = make.news(title_en="Item released", released=True)
    item.title_en = "Item rewritten"
    item.save()
    assert titles(read("/en/news/")) == ["Item released"]
    assert read(f"/en/news/{item.slug}/")["h1"] == ["Item released"]


def test_lists_the_readers_language_and_marks_the_others(read):
    delegation = make.delegation(country_en="Belarus", country_ru="Беларусь")
    translated(slug="both", delegations=[delegation])
    make.news(slug="english", title_en="Item", released=True, date=date(2025, 1, 1))
    page = read("/ru/news/")
    assert [(a["href"], a.get("hreflang"), text) for a, text in page.having("a") if "/ru/news/" in a["href"]][
        -3:-1
    ] == [
        ("/ru/news/both/", None, "Перевод"),
        ("/ru/news/english/", "en", "Item"),
    ]
    assert page.having("span", class_="tag") == [({"class": "tag", "lang": "en"}, "English")]
    assert "Беларусь" in page.text


def test_a_planned_translation_is_shown_when_it_begins(read):
    item = make.news(slug="item", title_en="Item", released=True)
    item.title_ru, item.body_ru = "Перевод", "<p>Текст.</p>"
    item.save()
    release(item, ["ru"], at=timezone.now() + HOUR, word="checked")
    assert titles(read("/ru/news/")) == ["Item"]
    assert read("/ru/news/item/")["h1"] == ["Item"]


def test_lists_are_in_the_order_of_the_events(read):
    for day in [date(2025, 3, 1), date(2025, 5, 1), date(2024, 4, 1)]:
        make.news(title_en=f"Item of {day}", date=day, released=True)
    assert titles(read("/en/news/")) == ["Item of 2025-05-01", "Item of 2025-03-01", "Item of 2024-04-01"]


def test_older_and_newer_lead_through_all_items_and_back(read):
    many(2 * PAGE_SIZE + 5)
    seen, address, pages = [], "/en/news/", []
    while address:
        page = read(address)
        pages.append(titles(page))
        older = page.having("a", rel="next")
        address = f"/en/news/{older[0][0]['href']}" if older else None
    seen = [title for titles_ in pages for title in titles_]
    assert seen == [f"Item {number}" for number in range(2 * PAGE_SIZE + 5, 0, -1)]
    assert [len(titles_) for titles_ in pages] == [PAGE_SIZE, PAGE_SIZE, 5]
    back = []
    while newer := page.having("a", rel="prev"):
        page = read(f"/en/news/{newer[0][0]['href']}")
        back.append(titles(page))
    assert back == pages[-2::-1]


def test_the_language_switch_keeps_the_place_in_the_list(read):
    items = many(PAGE_SIZE + 1)
    place = f"?before={items[1].date.isoformat()}_{items[1].pk}"
    page = read(f"/en/news/{place}&utm=x")
    assert titles(page) == ["Item 1"]
    assert {a["href"] for a, _text in page.having("a", hreflang="hy")} == {f"/hy/news/{place}"}


def test_years_and_months_name_what_they_hold(read):
    for day in [date(2025, 10, 7), date(2025, 2, 1), date(2022, 12, 31)]:
        make.news(title_en=f"Item of {day}", date=day, released=True)
    make.news(date=date(2023, 1, 1))
    page = read("/en/news/")
    assert [a["href"] for a, text in page.having("a") if text in {"2025", "2024", "2023", "2022"}] == [
        "/en/news/2025/",
        "/en/news/2022/",
    ]
    page = read("/en/news/2025/")
    assert (page["h1"], titles(page)) == (["News, 2025"], ["Item of 2025-10-07", "Item of 2025-02-01"])
    assert [text for a, text in page.having("a") if "/en/news/2025/" in a["href"]] == ["February", "October"]
    page = read("/en/news/2025/02/")
    assert (page["h1"], titles(page)) == (["News, February 2025"], ["Item of 2025-02-01"])


@pytest.mark.parametrize("address", ["/en/news/2024/", "/en/news/2025/03/", "/en/news/?before=2020-01-01_1"])
def test_an_empty_part_of_the_list_is_not_found(read, address):
    make.news(released=True)
    assert read(address).status == 404


def test_a_list_costs_the_same_with_three_rows_and_with_many(client, django_assert_num_queries):
    delegations = [make.delegation(), make.delegation()]
    for total in [1, 3, 60]:
        while NewsItem.objects.count() < total:
            number = NewsItem.objects.count()
            make.news(released=True, delegations=delegations, date=date(2025 - number % 5, 1 + number % 12, 1))
        with django_assert_num_queries(7):  # page, reader's language, delegations, first, last, years; the assembly
            client.get("/ru/news/")
        with django_assert_num_queries(5):  # page, reader's language, delegations, months; the assembly
            client.get("/ru/news/2025/")
        with django_assert_num_queries(5):
            client.get("/ru/news/2025/01/")


# One item


def test_an_item_shows_its_text_and_its_facts(read):
    delegation = make.delegation(slug="belarus", country_en="Belarus")
    person = make.person(slug="rachkov", name_en="Sergei Rachkov")
    source = make.source(title_en="the English website", address="http://source.example/")
    make.news(
        slug="item",
        title_en="Item",
        lead_en="In short.",
        place_en="St. Petersburg",
        released=True,
        source=source,
        body_en='<p>First.</p><p class="speech">“Second.”</p>',
        delegations=[delegation],
        people=[person],
    )
    page = read("/en/news/item/")
    assert page.mistakes == []
    assert page["time"] == ["7 October 2025"]
    assert page.having("p", class_="standfirst")[0][1] == "In short."
    assert page.having("p", class_="speech")[0][1] == "“Second.”"
    assert page.having("dl", class_="facts")[0][1] == (
        "Place St. Petersburg Delegation Belarus Person Sergei Rachkov Source the English website Text available in English"
    )
    assert {"/en/delegations/belarus/", "/en/people/rachkov/", "http://source.example/", "/en/news/2025/"} <= {
        *page.links
    }
    assert page.having("p", class_="print-only")[0][1] == "http://testserver/en/news/item/"
    assert page.canonical == []


def test_a_translated_item_names_every_language_it_is_written_in(read):
    translated(slug="item")
    for language, title in [("en", "News"), ("ru", "Перевод")]:
        page = read(f"/{language}/news/item/")
        assert page["h1"][0].startswith(title)
        assert page.alternates == {
            "en": "http://testserver/en/news/item/",
            "ru": "http://testserver/ru/news/item/",
            "x-default": "http://testserver/en/news/item/",
        }
        assert (page.canonical, page.having("h2", id="untranslated")) == ([], [])


def test_an_untranslated_item_says_so_and_points_to_the_original(read):
    make.news(slug="item", title_en="Item", place_en="Minsk", released=True)
    page = read("/hy/news/item/")
    assert page.having("html")[0][0]["lang"] == "hy"
    assert page.having("h2", id="untranslated")[0][1] == "Այս էջը դեռ թարգմանված չէ"
    assert page.having("div", class_="page-title", lang="en")[0][1] == "Item"
    assert page.having("dd", lang="en")[0][1] == "Minsk"
    assert page.canonical == ["http://testserver/en/news/item/"]
    assert page.alternates == {"en": "http://testserver/en/news/item/", "x-default": "http://testserver/en/news/item/"}
    assert "noindex" not in page.html


def test_a_withdrawn_translation_says_so_above_the_original(read):
    item = translated(slug="item")
    withdraw(item, {"ru": "Ошибка в переводе."}, languages=["ru"])
    page = read("/ru/news/item/")
    assert page["h1"] == [item.title_en]
    assert page.having("h2", id="untranslated")[0][1] == "Перевод этой страницы отозван"
    assert "Ошибка в переводе." in page.text
    assert [*page.alternates] == ["en", "x-default"]


def test_a_withdrawn_item_says_when_and_why_and_nothing_else(read):
    make.news(slug="item", title_en="Item", body_en="<p>Secret.</p>", released=True, withdrawn="The meeting was moved.")
    page = read("/en/news/item/")
    today = timezone.localdate()
    assert (page.status, page["h1"]) == (200, ["This news item was withdrawn"])
    assert page["time"] == [f"{today.day} {today:%B %Y}"]
    assert "Reason: The meeting was moved." in page.text
    assert ("Secret" in page.html, "Item<" in page.html, page.alternates) == (False, False, {})


def test_the_reason_of_a_withdrawal_is_in_the_readers_language_else_marked(read):
    item = translated(slug="item")
    withdraw(item, {"en": "Moved.", "ru": "Перенесено."})
    assert "Перенесено." in read("/ru/news/item/").text
    assert read("/hy/news/item/").having("span", class_="other", lang="en")[-1][1] == "Moved."


def test_what_was_published_in_error_is_gone(read):
    item = make.news(slug="item", title_en="Item", released=True)
    withdraw(item, {"en": "Not ours."}, in_error=True)
    for language in ["en", "hy"]:
        page = read(f"/{language}/news/item/")
        assert (page.status, page.mistakes) == (410, [])
        assert ("Item" in page.text, "Not ours" in page.html) == (False, False)


def test_what_was_erased_is_gone_without_a_word_of_it(read):
    item = make.news(slug="item", title_en="Item", released=True)
    erase(item, "A court's order.")
    item.refresh_from_db()
    page = read(f"/en/news/{item.slug}/")
    today = timezone.localdate()
    assert (page.status, f"erased on {today.day} {today:%B %Y}" in page.text, "court" in page.html) == (
        410,
        True,
        False,
    )
    assert read("/en/news/item/").status == 404


def test_a_moved_item_leads_to_its_new_address(client):
    item = make.news(slug="before", released=True)
    readdress(item, "after")
    response = client.get("/ru/news/before/")
    assert (response.status_code, response.headers["Location"]) == (301, "/ru/news/after/")


@pytest.mark.parametrize("fields", [{}, {"released": "planned"}])
def test_what_is_not_public_yet_is_not_found(client, fields):
    if fields:
        fields = {"released": timezone.now() + HOUR}
    item = make.news(slug="item", **fields)
    assert client.get("/en/news/item/").status_code == 404
    readdress(item, "moved")
    assert client.get("/en/news/item/").status_code == 404


def test_an_item_of_another_original_language_falls_back_to_that(read):
    item = make.news(
        slug="item", original_language="ky", title_en="", body_en="", title_ky="Жаңылык", body_ky="<p>Текст.</p>"
    )
    release(item, ["ky"])
    page = read("/en/news/item/")
    assert (page["h1"], page.canonical) == (["Жаңылык"], ["http://testserver/ky/news/item/"])
    assert page.alternates["x-default"] == "http://testserver/ky/news/item/"


def test_an_item_costs_the_same_with_three_links_and_among_many(client, django_assert_num_queries):
    for total in [1, 3]:
        make.news(
            slug=f"item-{total}",
            released=True,
            source=make.source(),
            delegations=[make.delegation() for _ in range(total)],
            people=[make.person() for _ in range(total)],
        )
        many(10 * total)
        for language in ["en", "hy"]:
            with django_assert_num_queries(5):  # item, delegations, people, source; the assembly
                client.get(f"/{language}/news/item-{total}/")
