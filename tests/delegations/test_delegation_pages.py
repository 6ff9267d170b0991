from datetime import date, timedelta

import pytest
from django.utils import timezone

from delegations.models import Delegation
from publishing.erase import erase
from publishing.release import readdress
from tests import make
from tests.html import Page

pytestmark = pytest.mark.django_db

LATER = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def assembly(db):
    make.assembly()


@pytest.fixture
def read(client):
    return lambda address: Page(client.get(address))


@pytest.fixture
def belarus(db):
    """Two chambers and a plenipotentiary, said on 7 October 2025."""
    source = make.source(title_en="the page of 7 October 2025")
    belarus = make.delegation(
        slug="belarus",
        country_en="Belarus",
        parliament_en="National Assembly",
        parliament_genitive_en="the National Assembly",
    )
    for number, kind, name in [(7, "lower", "House"), (4, "upper", "Council")]:
        chamber = make.chamber(
            delegation=belarus, kind=kind, name_en=name, genitive_en=f"the {name}", order=4 * (kind == "upper")
        )
        make.seats(number, chamber=chamber, source=source)
    make.plenipotentiary(delegation=belarus, person=make.person(slug="kogut", name_en="Viktor Kogut"), source=source)
    return belarus


def council(belarus):
    return belarus.chambers.get(kind="upper")


# All delegations


def test_the_list_says_the_sum(read, belarus):
    tajikistan = make.delegation(order=5)
    make.seats(6, chamber=make.chamber(delegation=tajikistan, kind="single"))
    page = read("/en/delegations/")
    assert "2 delegations of national parliaments, 17 members." in page.text
    assert page["tfoot"] == ["All delegations 17"]
    assert page["tbody"][0] == "Belarus 11 House 7 Council 4"
    assert page.having("li", id="belarus")[0][1].startswith(
        "11 members Belarus Delegation of the National Assembly House: 7 deputies"
    )


def test_a_sum_that_lacks_a_number_says_so(read, belarus):
    make.seats(
        number=None, reason="not-named", chamber=make.chamber(delegation=make.delegation(order=5), name_en="Senate")
    )
    page = read("/en/delegations/")
    assert "2 delegations of national parliaments, 11 members as far as the numbers are known." in page.text
    assert "Senate: the source does not say how many members it sends." in page.text
    assert page["tbody"][1].endswith("Senate not known")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("vacant", "The post of plenipotentiary representative is vacant."),
        ("not-named", "No plenipotentiary representative is named by the source."),
        ("not-applicable", "This delegation has no plenipotentiary representative."),
        (None, "The plenipotentiary representative has not been entered yet."),
    ],
)
def test_a_blank_post_says_why(read, reason, sentence):
    delegation = make.delegation(slug="x")
    if reason:
        make.plenipotentiary(delegation=delegation, reason=reason)
    for address in ["/en/delegations/", "/en/delegations/x/"]:
        assert sentence in read(address).text


def test_the_list_costs_the_same_with_three_rows(client, django_assert_num_queries):
    for total in [1, 3]:
        while Delegation.objects.count() < total:
            full_delegation()
        with django_assert_num_queries(12):
            client.get("/ru/delegations/")
        with django_assert_num_queries(12):
            client.get("/ru/delegations/?on=2025-10-07")
        with django_assert_num_queries(1):
            client.get("/ru/delegations/?on=2999-01-01")


def full_delegation():
    delegation, person = make.delegation(), make.person()
    for kind in ["lower", "upper"]:
        chamber = make.chamber(delegation=delegation, kind=kind, name_source=make.source())
        make.seats(chamber=chamber)
        make.seats(3, chamber=chamber, ended=True, source=make.source(published=date(2020, 1, 1)))
        make.website(delegation=delegation, chamber=chamber)
        make.membership(chamber=chamber, person=make.person())
    make.website(delegation=delegation)
    make.plenipotentiary(delegation=delegation, person=person, office=make.office())
    make.plenipotentiary(delegation=delegation, ended=True, source=make.source(published=date(2020, 1, 1)))
    make.news(released=True, delegations=[delegation], people=[person])
    return delegation


# One delegation


def test_a_delegation_is_said_in_a_sentence_and_in_numbers(read, belarus):
    page = read("/en/delegations/belarus/")
    assert page["title"] == ["Delegation of the National Assembly – Assembly"]
    assert page["h1"] == ["National Assembly"]
    sentence = "Delegation of the National Assembly to the Assembly consists of 7 deputies of the House and 4 deputies of the Council."
    assert page.having("p", class_="standfirst")[0][1] == sentence
    assert "House 7 deputies" in page.text
    assert "Council 4 deputies" in page.text
    assert "Viktor Kogut Plenipotentiary representative of the National Assembly" in page.text
    assert "Share of the Assembly 11 of 11 members" in page.text
    assert "/en/people/kogut/" in page.links


def test_a_post_beside_the_seat_is_named(read):
    delegation = make.delegation(slug="x", parliament_genitive_en="the Parliament")
    make.plenipotentiary(delegation=delegation, office=make.office(name_en="deputy Executive Secretary"))
    assert (
        "Plenipotentiary representative of the Parliament, deputy Executive Secretary"
        in read("/en/delegations/x/").text
    )


def test_a_website_says_its_language_where_that_is_not_the_pages(read, belarus):
    make.website(delegation=belarus, chamber=council(belarus), address="http://www.sovrep.gov.by/ru/", language="ru")
    make.website(delegation=belarus, address="http://www.kenesh.kg/")
    page = read("/en/delegations/belarus/")
    assert "sovrep.gov.by/ru (in Russian)" in page.text
    assert "kenesh.kg (language not known)" in page.text
    assert page.having("a", href="http://www.sovrep.gov.by/ru/", hreflang="ru")
    assert "sovrep.gov.by/ru (" not in read("/ru/delegations/belarus/").text


def test_members_are_named_once_they_are_known(read, belarus):
    assert read("/en/delegations/belarus/").having("h2", id="members") == []
    person = make.person(slug="head", name_en="Somebody")
    make.membership(chamber=council(belarus), person=person, role="head")
    assert "Members Somebody, head Council" in read("/en/delegations/belarus/").text


def test_what_is_over_is_listed_with_what_is_known_of_its_days(read, belarus):
    earlier = make.source(title_en="an earlier page", published=date(2024, 1, 1))
    make.seats(6, chamber=council(belarus), ended=True, source=earlier)
    make.plenipotentiary(
        delegation=belarus, person=make.person(name_en="Predecessor"), until=date(2024, 12, 31), source=earlier
    )
    text = read("/en/delegations/belarus/").text
    assert "Council: 6 deputies earlier, dates unknown According to an earlier page" in text
    assert (
        "Predecessor, plenipotentiary representative until 31 December 2024; beginning unknown According to an earlier page"
        in text
    )


def test_every_fact_names_its_source(read, belarus):
    named = make.source(title_en="another page")
    council(belarus).__class__.objects.filter(pk=council(belarus).pk).update(name_source=named)
    page = read("/en/delegations/belarus/")
    assert [text for a, text in page.having("dl", class_="facts")] == [
        "House; Council; Plenipotentiary representative According to the page of 7 October 2025 "
        "the name “Council” According to another page"
    ]


def test_a_confirmation_is_told_with_its_day(read, belarus):
    fact = council(belarus).seats.get()
    fact.confirmed_on, fact.confirmed_by = LATER, make.source(published=LATER)
    fact.save()
    assert "According to the page of 7 October 2025; confirmed on 1 May 2026" in read("/en/delegations/belarus/").text


def test_related_news_are_public_ones_of_this_delegation(read, belarus):
    make.news(title_en="Shown", released=True, delegations=[belarus])
    make.news(title_en="Draft", delegations=[belarus])
    make.news(title_en="Planned", released=timezone.now() + timedelta(hours=1), delegations=[belarus])
    make.news(title_en="Withdrawn", released=True, withdrawn=True, delegations=[belarus])
    make.news(title_en="Elsewhere", released=True)
    for address in ["/en/delegations/belarus/", "/ru/delegations/belarus/"]:
        page = read(address)
        assert [text for a, text in page.having("a") if "/news/n" in a["href"]] == ["Shown"]


def test_a_delegation_costs_the_same_among_three(client, django_assert_num_queries):
    for total in [1, 3]:
        while Delegation.objects.count() < total:
            delegation = full_delegation()
        with django_assert_num_queries(25):
            client.get(f"/ru/delegations/{delegation.slug}/")


def test_a_moved_delegation_leads_to_its_new_address_on_the_same_day(client, belarus):
    readdress(belarus, "belarus-new")
    response = client.get("/hy/delegations/belarus/?on=2025-10-07&utm=x")
    assert (response.status_code, response.headers["Location"]) == (301, "/hy/delegations/belarus-new/?on=2025-10-07")


# On a day


def test_a_day_is_said_kept_by_links_and_left_by_one(read, belarus):
    page = read("/en/delegations/?on=2025-10-07")
    assert "This page shows what held on 7 October 2025, as known today and under today’s names." in page.text
    assert "1 delegation of a national parliament, 11 members." in page.text
    assert {"/en/delegations/belarus/?on=2025-10-07", "/en/people/kogut/?on=2025-10-07", "/en/delegations/"} <= {
        *page.links
    }
    page = read("/en/delegations/belarus/?on=2025-10-07")
    assert {"/en/delegations/?on=2025-10-07", "/en/people/kogut/?on=2025-10-07", "/en/delegations/belarus/"} <= {
        *page.links
    }
    page = read("/en/people/kogut/?on=2025-10-07")
    assert {"/en/delegations/belarus/?on=2025-10-07", "/en/people/kogut/"} <= {*page.links}


def test_a_day_before_what_is_known_is_not_guessed(read, belarus):
    page = read("/en/delegations/?on=1900-01-01")
    assert "How many members the delegations had on 1 January 1900 is not known." in page.text
    assert "House: how many members it sent on 1 January 1900 is not known." in page.text
    assert "Who was plenipotentiary representative on this day is not known." in page.text
    page_of_one = read("/en/delegations/belarus/?on=1900-01-01")
    for text in [page.text, page_of_one.text]:
        assert ("11" in text, "7 deputies" in text, "Kogut" in text, "members of" in text) == (
            False,
            False,
            False,
            False,
        )
    assert page["table"] == []


def test_the_future_is_not_known(read, belarus):
    for address in ["/en/delegations/", "/en/delegations/belarus/", "/en/people/kogut/"]:
        page = read(f"{address}?on=2999-01-01")
        assert "The future is not known." in page.text
        assert address in page.links
        assert ("11" in page.text, "deputies" in page.text, "Plenipotentiary" in page.text) == (False, False, False)


def test_today_is_no_future(read, belarus):
    page = read(f"/en/delegations/?on={timezone.localdate().isoformat()}")
    assert "11 members." in page.text


def test_the_numbers_of_each_day_are_those_that_held(read, belarus):
    fact = council(belarus).seats.get()
    fact.until = date(2025, 12, 31)
    fact.save()
    make.seats(5, chamber=council(belarus), since=date(2026, 1, 1))
    for day, number in [("2025-12-31", 11), ("2026-01-01", 12)]:
        assert f"{number} members." in read(f"/en/delegations/?on={day}").text
    text = read("/en/delegations/belarus/").text
    assert "Council 5 deputies" in text
    assert "Council: 4 deputies until 31 December 2025; beginning unknown" in text


# People


def test_a_person_has_names_posts_and_news(read, belarus):
    person = belarus.plenipotentiaries.get().person
    person.other_names.create(text="Виктор Когут", language="ru", kind="transliteration")
    make.membership(person=person, chamber=council(belarus), role="deputy-head", since=date(2024, 1, 1))
    make.news(title_en="About him", released=True, people=[person])
    page = read("/en/people/kogut/")
    assert page["h1"] == ["Viktor Kogut"]
    assert "Plenipotentiary representative of the National Assembly" in page.text
    assert "Deputy head: Belarus, Council since 1 January 2024 According to" in page.text
    assert "Виктор Когут (transliteration)" in page.text
    assert "About him" in page.text


def test_a_person_of_whom_nothing_is_known_on_a_day(read, belarus):
    text = read("/en/people/kogut/?on=1900-01-01").text
    assert "Whether this held on 1 January 1900 is not known." in text
    make.person(slug="rachkov", name_en="Sergei Rachkov")
    assert "No post is known." in read("/en/people/rachkov/").text
    assert "No post held on 7 October 2025 is known." in read("/en/people/rachkov/?on=2025-10-07").text


def test_a_name_in_another_language_is_marked(read, belarus):
    page = read("/hy/people/kogut/")
    assert page.having("span", class_="other", lang="en")[1][1] == "Viktor Kogut"
    assert page.having("h2", id="untranslated")


def test_an_erased_person_is_gone(read):
    person = make.person(slug="somebody", name_en="Somebody")
    erase(person, "A court's order.")
    person.refresh_from_db()
    page = read(f"/en/people/{person.slug}/")
    assert (page.status, "was erased on" in page.text, "court" in page.html) == (410, True, False)
    assert read("/en/people/somebody/").status == 404


def test_a_moved_person_leads_to_the_new_address(client):
    person = make.person(slug="before")
    readdress(person, "after")
    assert client.get("/ru/people/before/").headers["Location"] == "/ru/people/after/"


def test_a_person_costs_the_same_with_three_of_each(client, django_assert_num_queries):
    person = make.person(slug="somebody")
    for number in range(3):
        make.membership(person=person)
        make.plenipotentiary(person=person, office=make.office())
        make.news(released=True, people=[person])
        person.other_names.create(text=f"Name {number}")
        with django_assert_num_queries(23):
            client.get("/ru/people/somebody/")
