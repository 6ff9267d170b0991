"""Errors: in the reader's language, in the site's design, with or without the database."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import override

from delegations.models import Assembly
from pages import views
from tests import make
from tests.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return Client(raise_request_exception=False)


@pytest.fixture
def broken(monkeypatch):
    """Home raises what it is told to."""

    def broken(error):
        def raising(*args, **kwargs):
            raise error

        monkeypatch.setattr(views.Home, "get_context_data", raising)

    return broken


@pytest.fixture
def away(monkeypatch):
    """Every query fails, as while the database is away."""
    from django.db.backends.utils import CursorWrapper

    def failing(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(CursorWrapper, "execute", failing)


@pytest.mark.parametrize("language", settings.PUBLIC_LANGUAGES)
def test_a_page_that_is_not_there_says_so_in_the_readers_language(reader, language):
    make.assembly(name_en="Assembly of Parliaments")
    response = reader.get(f"/{language}/nothing/")
    page = Page(response)
    with override(language):
        heading = _("Page not found")
    assert (page.status, page["h1"], page.mistakes) == (404, [heading], [])
    assert page["title"] == [f"{heading} – Assembly of Parliaments"]
    assert page.having("html")[0][0]["lang"] == language
    assert page.alternates == {}
    assert {f"/{code}/" for code in settings.PUBLIC_LANGUAGES} <= {*page.links}


@pytest.mark.parametrize(
    "address",
    [
        "/xx/",
        "/EN/",
        "/en-us/",
        "/nothing",
        "/\\evil.example/",
        "/en//",
        "/en/%00/",
        "/en/news/%00/",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/en/news/%2e%2e/",
        "/static/%2e%2e/settings.py",
        "/media/../x",
        "/%ff/",
        "/en/" + "a" * 5000 + "/",
        "/" + "x" * 600 + "/",
        "/en/news/" + "a-" * 2500 + "/",
        "/en/news/0999/",
        "/en/news/20255/",
        "/en/news/2025/13/",
        "/en/news/2025/1/",
        "/en/news/٢٠٢٥/",
        "/en/news/-1/",
        "/en/news/A-News/",
        "/en/news/nothing/",
        "/en/delegations/Nothing/",
        "/en/people/nobody/",
        "/en/about/x/",
        "/ru/en/",
        "/en/en/",
        "/en/delegations/?on=2025-02-30",
        "/en/delegations/?on=x",
        "/en/delegations/?on=20251007",
        "/en/delegations/?on=%00",
        "/en/delegations/?on=0000-01-01",
        "/en/delegations/?on=10000-01-01",
        "/en/delegations/?on=٢٠٢٥-١٠-٠٧",
        "/en/delegations/?on=-2025-10-07",
        "/en/delegations/?on=2025-10-07T00:00",
        "/en/people/nobody/?on=x",
        "/en/news/?before=x",
        "/en/news/?before=2025-10-07",
        "/en/news/?before=2025-10-07_" + "9" * 30,
        "/en/news/?after=%00",
        "/en/news/?before=2025-13-01_1",
        "/en/news/?before=2025-10-07_-1",
        "/en/news/?after=0",
        "/en/news/?before=0001-01-01_1",
    ],
)
def test_what_cannot_be_is_not_found(reader, address):
    page = Page(reader.get(address))
    assert (page.status, page.mistakes) == (404, [])


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "//en/delegations", "///", "/\0/", "/en/\0"])
def test_no_path_leads_to_another_host(reader, path):
    response = reader.get("/", PATH_INFO=path)
    assert (response.status_code, "Location" in response.headers) == (404, False)


def test_the_language_switch_of_an_error_leads_home(reader):
    page = Page(reader.get('/en/"><script>alert(1)</script>/'))
    assert (page.status, page.mistakes) == (404, [])
    assert "/ru/" in page.links


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (PermissionDenied(), 403, "No access"),
        (SuspiciousOperation(), 400, "Bad request"),
        (ZeroDivisionError(), 500, "Something went wrong"),
        (ProgrammingError(), 500, "Something went wrong"),
        (OperationalError(), 503, "The site is resting for a moment"),
        (InterfaceError(), 503, "The site is resting for a moment"),
    ],
)
@pytest.mark.parametrize("language", settings.PUBLIC_LANGUAGES)
def test_faults_are_said_in_the_readers_language(reader, broken, error, status, heading, language):
    broken(error)
    response = reader.get(f"/{language}/")
    page = Page(response)
    with override(language):
        heading = _(heading)
    assert (page.status, page["h1"], page.mistakes) == (status, [heading], [])
    assert response.headers.get("Retry-After") == ("30" if status == 503 else None)
    assert "Traceback" not in page.html


@pytest.mark.parametrize("language", settings.PUBLIC_LANGUAGES)
@pytest.mark.parametrize(
    "address", ["", "delegations/", "delegations/belarus/", "people/x/", "news/", "news/2025/", "news/x/", "about/"]
)
def test_while_the_database_is_away_every_page_says_when_to_come_back(reader, away, language, address):
    response = reader.get(f"/{language}/{address}")
    page = Page(response)
    assert (page.status, page.mistakes) == (503, [])
    assert (response.headers["Retry-After"], response.headers["Cache-Control"]) == ("30", "no-store")
    assert page.having("html")[0][0]["lang"] == language
    assert f"/ru/{address}" in page.links or language == "ru"


@pytest.mark.parametrize(("address", "status"), [("/en/nothing/", 404), ("/en/delegations/?on=x", 404), ("/", 302)])
def test_what_needs_no_database_answers_without_it(reader, away, address, status):
    assert reader.get(address).status_code == status


def test_a_bad_host_is_told_so_without_a_database(reader, away):
    page = Page(reader.get("/en/", headers={"host": "evil.example"}))
    assert (page.status, page["h1"]) == (400, ["Bad request"])


def test_a_fault_outside_the_views_is_told_too(reader, monkeypatch):
    def raising(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(Assembly.objects, "in_language", raising, raising=False)
    monkeypatch.setattr("delegations.templatetags.delegations.Assembly.objects.in_language", raising, raising=False)
    assert reader.get("/en/about/").status_code == 503
    assert reader.get("/en/nothing/").status_code == 404


def test_errors_cost_no_query_while_something_is_wrong(reader, broken, django_assert_num_queries):
    for error in [ZeroDivisionError(), OperationalError()]:
        broken(error)
        with django_assert_num_queries(0):
            reader.get("/en/")
