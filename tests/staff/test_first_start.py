"""The first start makes everything that is needed, says so, and the second one leaves all as it is."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from delegations.models import Delegation, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(settings, tmp_path, capsys):
    settings.BASE_DIR = tmp_path  # without content

    def start():
        call_command("first_start")
        return capsys.readouterr().out

    return start


def test_the_first_start_creates_an_account_and_shows_its_password_once(start, client):
    said = re.fullmatch(r"A staff account is created: user admin, password (\S{16}) \(shown this once\)\.\n", start())
    assert client.login(username="admin", password=said[1])
    user = get_user_model().objects.get()
    assert (user.is_staff, user.is_superuser) == (True, True)


def test_the_second_start_changes_nothing(start):
    start()
    before = get_user_model().objects.values().get()
    assert start() == "Everything is ready already: nothing was to do.\n"
    assert get_user_model().objects.values().get() == before


def test_no_account_is_created_beside_another(start, django_user_model):
    django_user_model.objects.create_user("anna")
    assert start() == "Everything is ready already: nothing was to do.\n"


def test_content_is_loaded_once_and_edits_stay(capsys):
    call_command("first_start")
    capsys.readouterr()
    assert Delegation.objects.count() == 5
    person = Person.objects.first()
    person.name_en = "Edited"
    person.save()
    call_command("first_start")
    assert capsys.readouterr().out == "Everything is ready already: nothing was to do.\n"
    assert Person.objects.get(pk=person.pk).name_en == "Edited"


def test_content_that_cannot_be_loaded_stops_the_start_before_an_account_is_made(settings, tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "people.json").write_text("[")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError):
        call_command("first_start")
    assert not get_user_model().objects.exists()
