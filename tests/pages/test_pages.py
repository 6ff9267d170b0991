"""Every public page, in every language."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from news.models import NewsItem
from tests import make
from tests.html import Page

pytestmark = pytest.mark.django_db

KINDS = [
    "/",
    "/about/",
    "/delegations/",
    "/delegations/?on=2025-10-07",
    "/delegations/?on=1900-01-01",
    "/delegations/?on=2999-01-01",
    "/delegations/belarus/",
    "/delegations/belarus/?on=1900-01-01",
    "/delegations/belarus/?on=2999-01-01",
    "/people/viktor-kogut/",
    "/people/viktor-kogut/?on=1900-01-01",
    "/people/viktor-kogut/?on=2999-01-01",
    "/news/",
    "/news/?before=2025-10-08_999",
    "/news/2025/",
    "/news/2025/10/",
    "/news/political-unity/",
    "/news/withdrawn/",
]


@pytest.fixture
def site(db):
    """A little of everything that a page may have to show, each text in English alone."""
    make.assembly(name_en="Assembly of Parliaments", short_name_en="AP")
    belarus = make.delegation(slug="belarus", country_en="Belarus", parliament_en="National Assembly")
    house = make.chamber(delegation=belarus, kind="lower", name_en="House")
    council = make.chamber(delegation=belarus, kind="upper", name_en="Council")
    make.seats(7, chamber=house)
    make.seats(9, chamber=council, ended=True)
    make.seats(4, chamber=council)
    make.seats(reason="not-named", number=None, chamber=make.chamber(delegation=make.delegation(slug="tajikistan")))
    make.website(delegation=belarus, chamber=council, language="ru")
    make.website(delegation=belarus)
    kogut = make.person(slug="viktor-kogut", name_en="Viktor Kogut")
    kogut.other_names.create(text="Виктор Когут", language="ru", kind="transliteration")
    make.plenipotentiary(delegation=belarus, person=kogut, office=make.office())
    make.plenipotentiary(delegation=belarus, ended=True)
    make.membership(person=kogut, chamber=house, role="head")
    make.news(slug="political-unity", released=True, delegations=[belarus], people=[kogut], source=make.source())
    make.news(slug="withdrawn", released=True, withdrawn=True)


@pytest.mark.parametrize("language", settings.PUBLIC_LANGUAGES)
def test_every_page_answers_well_formed_in_every_language(client, site, language):
    for kind in KINDS:
        response = client.get(f"/{language}{kind}")
        page = Page(response)
        assert (kind, page.status, page.mistakes) == (kind, 200, [])
        assert page.having("html")[0][0]["lang"] == response.headers["Content-Language"] == language


def test_no_link_of_any_page_is_dead(client, site):
    parts, waiting = {}, [f"/en{kind}" for kind in KINDS]
    while waiting:
        address, _hash, part = waiting.pop().partition("#")
        if address not in parts:
            page = Page(client.get(address))
            assert (address, page.status) == (address, 200)
            parts[address] = {attributes.get("id") for _tag, attributes, _text in page.elements} | {""}
            links = [address.partition("?")[0] + link if link.startswith("?") else link for link in page.links]
            waiting += [link for link in links if link.startswith("/en/")]
        assert (address, part in parts[address]) == (address, True)


def test_pages_stay_whole_without_any_content(client):
    for language in ["en", "hy"]:
        for kind in ["/", "/about/", "/delegations/", "/news/"]:
            page = Page(client.get(f"/{language}{kind}"))
            assert (kind, page.status, page.mistakes) == (kind, 200, [])
    assert Page(client.get("/en/")).having("span", class_="brand__name")[0][1] == "Parliamentary assembly"


def test_pages_show_marked_names_in_every_language_on_one_stylesheet_of_their_own(client, site):
    page = Page(client.get("/hy/delegations/belarus/"))
    assert page["h1"] == ["National Assembly"]
    assert page.having("span", class_="other", lang="en")
    assert page.having("h2", id="untranslated")
    assert {a["href"].partition("/static/")[0] for a, _ in page.having("link", rel="stylesheet")} == {""}


def test_nothing_is_announced_where_everything_is_in_the_language_of_the_page(client, site):
    for kind in KINDS:
        assert Page(client.get(f"/en{kind}")).having("h2", id="untranslated") == []


def test_text_is_escaped(client):
    make.assembly(name_en="<b>A & B</b>")
    names = {"parliament_en": "<i>P</i>", "country_en": '"><script>', "parliament_genitive_en": "<u>"}
    delegation = make.delegation(slug="x", **names)
    make.seats(7, chamber=make.chamber(delegation=delegation, name_en="<s>"))
    make.news(slug="n", title_en="<b>Title</b>", released=True, delegations=[delegation], place_en="<b>")
    for kind in ["/", "/about/", "/delegations/", "/delegations/x/", "/news/", "/news/n/"]:
        for language in ["en", "ru"]:
            assert Page(client.get(f"/{language}{kind}")).mistakes == []


def test_home_shows_the_newest_news_and_who_sits(client, site):
    page = Page(client.get("/en/"))
    assert page.having("h2", id="lead")[0][1] == NewsItem.objects.get(slug="political-unity").title_en
    assert page["h1"] == ["Assembly of Parliaments"]
    assert "2 delegations of national parliaments, 11 members as far as the numbers are known." in page.text
    assert "Belarus 11 House 7 Council 4" in page.text
    assert "not known" in page.text  # Tajikistan's number


def test_home_lists_only_what_is_public(client):
    make.news(title_en="Shown", released=True)
    make.news(title_en="Also shown", released=True)
    make.news(title_en="Draft")
    make.news(title_en="Planned", released=timezone.now() + timezone.timedelta(days=1))
    make.news(title_en="Withdrawn", released=True, withdrawn=True)
    page = Page(client.get("/en/"))
    assert page.having("h2", id="lead")[0][1] == "Also shown"
    assert page["h3"] == ["Shown"]


def test_home_costs_the_same_with_three_rows(client, django_assert_num_queries):
    make.assembly()
    for total in [1, 3]:
        while NewsItem.objects.count() < total:
            delegation = make.delegation()
            make.seats(chamber=make.chamber(delegation=delegation))
            make.plenipotentiary(delegation=delegation, office=make.office())
            make.website(delegation=delegation)
            make.news(released=True, delegations=[delegation])
        with django_assert_num_queries(14):  # news, its translations, the register as it stands
            client.get("/en/")


def test_about_says_what_is_not_there(client):
    make.assembly()
    page = Page(client.get("/en/about/"))
    assert "The postal address has not been entered yet." in page.text
    assert "The e-mail address has not been entered yet." in page.text
    assert "Licence not stated" in page.text
    for name in ["contact", "terms", "accessibility", "privacy"]:
        assert page.having("h2", id=name)
        assert f"/en/about/#{name}" in page.links


def test_about_shows_the_contact(client):
    make.assembly(address_en="Shpalernaya 47\nSt. Petersburg", email="mail@assembly.example")
    page = Page(client.get("/en/about/"))
    assert "Shpalernaya 47 St. Petersburg" in page.text
    assert "mailto:mail@assembly.example" in page.links


def test_about_costs_the_same_with_three_sources(client, django_assert_num_queries):
    make.assembly()
    for _ in range(3):
        make.source()
        with django_assert_num_queries(2):
            client.get("/en/about/")


def test_the_language_switch_keeps_the_page_and_the_day(client, site):
    page = Page(client.get("/en/delegations/belarus/?on=2025-10-07&utm=x"))
    ways = {a["hreflang"]: a["href"] for a, _text in page.having("a", lang="hy") + page.having("a", lang="ru")}
    assert ways == {
        "hy": "/hy/delegations/belarus/?on=2025-10-07",
        "ru": "/ru/delegations/belarus/?on=2025-10-07",
    }


def test_lists_name_themselves_in_every_language_and_records_where_they_are_written(client, site):
    everywhere = {code: f"http://testserver/{code}/delegations/" for code in settings.PUBLIC_LANGUAGES}
    assert Page(client.get("/ru/delegations/")).alternates == everywhere | {
        "x-default": "http://testserver/en/delegations/"
    }
    for address in ["delegations/belarus/", "people/viktor-kogut/", "news/political-unity/"]:
        written = f"http://testserver/en/{address}"
        assert Page(client.get(f"/ru/{address}")).alternates == {"en": written, "x-default": written}


def test_addresses_in_full_are_the_installations_whatever_the_host_says(client, site, settings):
    settings.SITE_URL = "https://assembly.example"
    page = Page(client.get("/en/delegations/", headers={"host": "localhost", "x-forwarded-host": "evil.example"}))
    assert {address.split("/en/")[0] for code, address in page.alternates.items() if code == "en"} == {
        "https://assembly.example"
    }
    assert "localhost" not in page.html
    assert "evil" not in page.html


@pytest.mark.parametrize("codes", [["ru", "en"], ["kk"]])
def test_only_public_languages_are_offered(client, site, settings, codes):
    settings.PUBLIC_LANGUAGES, settings.LANGUAGE_CODE = codes, codes[0]
    page = Page(client.get(f"/{codes[0]}/delegations/"))
    assert [*page.alternates] == [*codes, "x-default"]
    assert client.get("/hy/delegations/").status_code == 404
    assert client.get("/", headers={"accept-language": "hy"}).headers["Location"] == f"/{codes[0]}/"


def test_addresses_are_sentences():
    with override("ru"):
        assert reverse("delegations:delegations") == "/ru/delegations/"
        assert reverse("news:month", kwargs={"year": 2025, "month": 3}) == "/ru/news/2025/03/"
