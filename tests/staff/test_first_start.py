"""The first start makes everything that is needed, says so, and the second one leaves all as it is."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(settings, tmp_path, capsys):
    settings.BASE_DIR = tmp_path  # without content: that is tried where content is loaded

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
