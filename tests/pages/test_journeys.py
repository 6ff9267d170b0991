"""A reader's ways through the published content, in a real browser."""

import re

import pytest
from django.core.management import call_command

from tests.browser import axe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content")]

ITEM = "/news/sergei-rachkov-political-unity/"
MAIN_PAGES = ["/", "/delegations/", "/delegations/belarus/", "/news/", ITEM, "/about/"]


@pytest.fixture
def content(live_server, settings):
    settings.SITE_URL = live_server.url
    call_command("load_content", "content", verbosity=0)


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_from_home_to_each_of_five_delegations(visit):
    page = visit("/")
    assert page.url.endswith("/en/")
    assert "5 delegations of national parliaments, 67 members." in words(page)
    counts = page.locator(".legend h3 span").all_inner_texts()
    assert counts == ["11", "16", "6", "22", "12"]
    page.locator(".legend").get_by_role("link", name="Tajikistan").click()
    assert page.locator("h1").inner_text() == "Supreme Assembly of the Republic of Tajikistan"
    assert "No plenipotentiary representative is named by the source." in words(page)
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Delegations").click()
    assert page.locator("h2 a").all_inner_texts() == [
        "Belarus",
        "Kazakhstan",
        "Kyrgyz Republic",
        "Russian Federation",
        "Tajikistan",
    ]
    assert page.locator("tfoot").inner_text().split() == ["All", "delegations", "67"]


def test_a_site_in_another_language_says_so_before_the_click(visit):
    for address in ["/en/delegations/", "/en/delegations/belarus/"]:
        assert "sovrep.gov.by/ru (in Russian)" in words(visit(address))
    link = visit("/en/delegations/belarus/").get_by_role("link", name="sovrep.gov.by/ru")
    assert link.get_attribute("href") == "http://www.sovrep.gov.by/ru/"


def test_the_news_item_is_read_word_for_word(visit, settings):
    page = visit("/en/")
    page.get_by_role("link", name="Sergei Rachkov: Parliamentary Assembly Strengthens").first.click()
    original = _alike((settings.BASE_DIR / "tests/seed/news-2025-10-07.en.txt").read_text("utf-8"))
    for paragraph in page.locator(".prose p").all_inner_texts():
        assert _alike(paragraph) in original
    assert page.locator(".prose p").count() == 7
    assert "7 October 2025" in words(page)


def test_the_language_switch_keeps_the_page_and_the_day(visit):
    page = visit("/en/delegations/belarus/?on=2025-10-08")
    assert "This page shows what held on 8 October 2025" in words(page)
    page.get_by_role("navigation", name="Language").first.get_by_role("link", name="Русский").click()
    assert page.url.endswith("/ru/delegations/belarus/?on=2025-10-08")
    assert page.locator("h1").inner_text() == "Национальное собрание Республики Беларусь"
    page.locator("#as-of").locator("xpath=..").get_by_role("link").click()
    assert page.url.endswith("/ru/delegations/belarus/")


def test_an_untranslated_item_leads_to_the_original(visit):
    page = visit(f"/hy{ITEM}")
    assert page.locator("html").get_attribute("lang") == "hy"
    assert page.locator("h1").evaluate("element => element.closest('[lang]').lang") == "en"
    page.locator(".notice").get_by_role("link", name="English").click()
    assert page.url.endswith(f"/en{ITEM}")


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("en", 1280), ("ru", 390), ("hy", 390)])
def test_nothing_scrolls_sideways_and_no_rule_of_accessibility_is_broken(visit, language, width):
    for address in [*MAIN_PAGES, "/delegations/?on=1900-01-01", "/nothing/"]:
        page = visit(f"/{language}{address}", width)
        assert (address, page.evaluate("document.documentElement.scrollWidth")) == (address, width)
        if address in {"/", "/delegations/belarus/", ITEM}:
            assert (address, axe(page)) == (address, [])


def test_nothing_is_left_in_the_browser(visit, context):
    for address in MAIN_PAGES:
        page = visit(f"/en{address}")
        assert context.cookies() == []
        assert page.evaluate("[document.scripts.length, localStorage.length, sessionStorage.length]") == [0, 0, 0]


def test_the_keyboard_reaches_the_text_first(visit):
    page = visit("/en/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def _alike(text):
    marks = str.maketrans({"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "–": "-", "—": "-", "\xa0": " "})
    return re.sub(r"\s+", " ", text.translate(marks)).strip()
