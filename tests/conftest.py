"""
The suite runs with production's settings, whatever `.env` says: what differs is named here.

DATABASE_URL alone comes from outside. Without it, each worker has an SQLite file of its own.
"""

import os

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "cspa_site.settings",
    "DEBUG": "0",
    "WEB_PROCESS": "0",
    "BEHIND_PROXY": "0",
    "SECRET_KEY": "for the tests only, as long as production asks for",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "PUBLIC_LANGUAGES": "en,ru,be,kk,ky,hy,tg",
    "DEFAULT_LANGUAGE": "en",
    "TIME_ZONE": "Europe/Moscow",
}
os.environ.setdefault("DATABASE_URL", "")

import django
import hypothesis
import pytest

from languages import catalogues

if "PYTEST_XDIST_WORKER" not in os.environ:
    catalogues.compile_all()
django.setup()

from django.db import connection
from django.test import override_settings

# A machine that is busy is no reason to fail, and the same commit gives the same answer twice.
hypothesis.settings.register_profile(
    "test",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "audit", hypothesis.settings.get_profile("test"), derandomize=False, max_examples=2000
)
hypothesis.settings.load_profile("test")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def _settings(tmp_path_factory):
    with override_settings(
        MEDIA_ROOT=str(tmp_path_factory.mktemp("media")),
        STATIC_ROOT=str(tmp_path_factory.mktemp("static")),
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},  # nothing is collected
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # a good one costs 0.2 s a login
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A file for each worker of each run: in memory SQLite would exercise no locks."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from tests.browser import find, launch

    path = find()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps a loop running in this thread
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()


@pytest.fixture
def context(browser, live_server):
    """A reader's fresh profile. The test fails if a page asks another host for anything."""
    from tests.browser import Requests

    requests = Requests(live_server.url)
    context = browser.new_context(base_url=live_server.url)
    context.on("request", requests)
    yield context
    context.close()
    assert requests.foreign == []


@pytest.fixture
def page(context):
    return context.new_page()


@pytest.fixture
def visit(page):
    """Opens an address of the site in a window of that width, and returns the page."""

    def visit(address, width=1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        return page

    return visit
