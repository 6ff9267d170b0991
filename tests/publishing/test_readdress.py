from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from delegations.models import Person
from news.models import NewsItem
from publishing.models import Redirect
from publishing.release import readdress, release
from tests import make

pytestmark = pytest.mark.django_db


def redirects():
    return sorted((row.slug, str(row.target.slug)) for row in Redirect.objects.all())


def refusal(record, slug):
    before = redirects(), type(record).objects.get(pk=record.pk).slug
    with pytest.raises(ValidationError) as caught:
        readdress(record, slug)
    assert (redirects(), type(record).objects.get(pk=record.pk).slug) == before
    return caught.value.message_dict


def test_moves_an_item_and_leaves_a_redirect():
    item = make.news(slug="first", released=True)
    assert readdress(item, "second").slug == "second"
    assert NewsItem.objects.get().slug == "second"
    assert redirects() == [("first", "second")]
    assert Redirect.find(NewsItem, "first") == item


def test_moves_a_person_and_a_delegation_too():
    readdress(make.person(slug="ivan"), "ivan-petrov")
    readdress(make.delegation(slug="belarus"), "republic-of-belarus")
    assert redirects() == [("belarus", "republic-of-belarus"), ("ivan", "ivan-petrov")]


def test_every_former_address_leads_to_where_the_record_is_now():
    item = make.news(slug="first")
    for slug in ["second", "third"]:
        readdress(item, slug)
    assert redirects() == [("first", "third"), ("second", "third")]


def test_a_record_may_have_a_former_address_of_its_own_again():
    item = make.news(slug="first")
    for slug in ["second", "first"]:
        readdress(item, slug)
    assert redirects() == [("second", "first")]


def test_to_the_same_address_does_nothing():
    item = make.news(slug="first")
    readdress(item, "first")
    assert redirects() == []


def test_the_history_says_who_did_it():
    editor = make.user()
    item = readdress(make.news(slug="first"), "second", by=editor)
    assert item.history.first().history_user == editor


def test_refuses_an_address_that_is_taken():
    make.news(slug="taken")
    assert refusal(make.news(), "taken") == {"slug": ["Another record already has this address."]}


def test_refuses_an_address_that_led_elsewhere_before():
    readdress(make.news(slug="first", title_en="Elder"), "second")
    sentence = "“Elder” had this address before; its old links lead there."
    assert refusal(make.news(), "first") == {"slug": [sentence]}
    assert readdress(make.person(), "first").slug == "first"  # another kind of record has addresses of its own


@pytest.mark.parametrize("slug", ["2025", "With Capitals", "a--b", "-a", "a_b", "тест", "a\n"])
def test_refuses_what_is_no_address(slug):
    sentence = "Use small Latin letters, digits and single hyphens, with at least one letter."
    assert refusal(make.news(), slug) == {"slug": [sentence]}


@pytest.mark.parametrize("slug", ["", "a" * 101])
def test_refuses_an_address_that_is_empty_or_too_long(slug):
    assert list(refusal(make.news(), slug)) == ["slug"]


@pytest.mark.parametrize("planned", [False, True])
def test_a_form_does_not_change_the_address_of_a_released_item(at, planned):
    item = make.news(slug="first")
    release(item, ["en"], at=at.later(hours=1) if planned else None)
    item.slug = "second"
    with pytest.raises(ValidationError) as caught:
        item.full_clean()
    sentence = "The address of a released item is changed by “New address”, which leaves a redirect."
    assert caught.value.message_dict == {"slug": [sentence]}


@pytest.mark.parametrize("planned", [False, True])
def test_a_form_does_not_change_the_original_language_of_a_released_item(at, planned):
    item = make.translate(make.news(), "ru")
    release(item, ["en"], at=at.later(hours=1) if planned else None)
    item.original_language = "ru"
    with pytest.raises(ValidationError) as caught:
        item.full_clean()
    sentence = "The original language stays as it is once a release exists or is planned."
    assert caught.value.message_dict == {"original_language": [sentence]}


def test_a_draft_may_change_both():
    item = make.translate(make.news(), "ru")
    item.slug, item.original_language = "second", "ru"
    item.full_clean()


def test_a_form_does_not_take_over_an_address_that_led_elsewhere():
    readdress(make.news(slug="first", title_en="Elder"), "second")
    item = make.news()
    item.slug = "first"
    with pytest.raises(ValidationError) as caught:
        item.full_clean()
    assert caught.value.message_dict == {"slug": ["“Elder” had this address before; its old links lead there."]}


@pytest.mark.django_db(transaction=True)
def test_two_records_never_get_one_address_in_the_same_second():
    people, outcomes, barrier = [make.person() for _number in range(4)], [], Barrier(4)

    def move(person):
        barrier.wait()
        try:
            outcomes.append(readdress(person, "wanted").slug)
        except ValidationError as error:
            outcomes.append(error.message_dict["slug"])
        finally:
            connection.close()

    threads = [Thread(target=move, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [*[["Another record already has this address."]] * 3, "wanted"]
    assert Person.objects.filter(slug="wanted").count() == 1
