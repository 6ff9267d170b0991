"""The environment decides, and nonsense stops the start with a sentence that says which variable and why."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from cspa_site import checks
from delegations.models import Assembly

PRODUCTION = {
    "DEBUG": "",
    "SECRET_KEY": "a secret of production, long enough to be accepted 0123456789",
    "SITE_URL": "https://www.example.org",
    "ALLOWED_HOSTS": "www.example.org",
    "BEHIND_PROXY": "1",
}
LIST = "en, ru, be, kk, ky, hy, tg"


def manage(*arguments, **environment):
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}  # a browser's
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**inherited, **PRODUCTION, "DATABASE_URL": "sqlite://:memory:", **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", "DEBUG must be 1 or 0; it is 'maybe'."),
        ("WEB_PROCESS", "2", "WEB_PROCESS must be 1 or 0; it is '2'."),
        ("BEHIND_PROXY", "nginx", "BEHIND_PROXY must be 1 or 0; it is 'nginx'."),
        (
            "SECRET_KEY",
            "",
            "SECRET_KEY must have at least 50 characters; generate one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'.",
        ),
        (
            "SECRET_KEY",
            "short",
            "SECRET_KEY must have at least 50 characters; generate one with "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'.",
        ),
        (
            "SITE_URL",
            "",
            "SITE_URL must be the public address of the site without a path, such as https://www.example.org; "
            "it is ''.",
        ),
        (
            "SITE_URL",
            "www.example.org",
            "SITE_URL must be the public address of the site without a path, such as https://www.example.org; "
            "it is 'www.example.org'.",
        ),
        (
            "SITE_URL",
            "https://www.example.org/site",
            "SITE_URL must be the public address of the site without a path, such as https://www.example.org; "
            "it is 'https://www.example.org/site'.",
        ),
        (
            "SITE_URL",
            "http://www.example.org",
            "SITE_URL must begin with https:// outside this machine; it is 'http://www.example.org'.",
        ),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name the hosts of the site; it has '*'."),
        (
            "PUBLIC_LANGUAGES",
            "en,de",
            f"PUBLIC_LANGUAGES must list each public language once, out of {LIST}; it is ['en', 'de'].",
        ),
        (
            "PUBLIC_LANGUAGES",
            "en,ru,en",
            f"PUBLIC_LANGUAGES must list each public language once, out of {LIST}; it is ['en', 'ru', 'en'].",
        ),
        (
            "PUBLIC_LANGUAGES",
            "",
            f"PUBLIC_LANGUAGES must list each public language once, out of {LIST}; it is [].",
        ),
        ("DEFAULT_LANGUAGE", "de", f"DEFAULT_LANGUAGE must be one of PUBLIC_LANGUAGES ({LIST}); it is 'de'."),
        ("TIME_ZONE", "Moscow", "TIME_ZONE must be a name such as Europe/Moscow; it is 'Moscow'."),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must begin with postgres:// or sqlite:///."),
        ("DATABASE_URL", "mysql://host/name", "DATABASE_URL must begin with postgres:// or sqlite:///."),
        (
            "DATABASE_URL",
            "postgres://user@host:port/name",
            "DATABASE_URL must look like postgres://user:password@host:5432/name.",
        ),
    ],
)
def test_a_wrong_variable_stops_the_start_with_a_sentence(name, value, sentence):
    stopped = manage("check", **{name: value})
    said = stopped.stderr.rstrip().splitlines()[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ")
    assert (stopped.returncode, said) == (1, sentence)


def test_production_passes_every_check():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", "--database", "default")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize(
    ("public", "default"),
    [("en,ru,be,kk,ky,hy,tg", "en"), ("tg,hy,ky,kk,be,ru,en", "ru"), ("ru,en", "ru"), ("hy", "hy")],
)
def test_the_choice_of_languages_asks_for_no_migration(public, default):
    asked = manage("makemigrations", "--check", "--dry-run", PUBLIC_LANGUAGES=public, DEFAULT_LANGUAGE=default)
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "No changes detected\n", "")


def test_the_example_names_every_variable_once():
    source = (settings.BASE_DIR / "cspa_site" / "settings.py").read_text()
    read = re.findall(r"""(?:env\.\w+|read_switch)\(\s*"([A-Z_]+)\"""", source)
    read += re.findall(r"""read\("\w+", "([A-Z_]+)\"""", source)
    example = (settings.BASE_DIR / ".env.example").read_text()
    assert sorted(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == sorted({*read})


def test_the_example_can_be_copied_as_it_is():
    example = (settings.BASE_DIR / ".env.example").read_text()
    assert [line for line in example.splitlines() if line and not line.startswith("# ")] == []


@pytest.mark.parametrize(
    ("debug", "address", "found"),
    [
        (True, "https://www.example.org", ["cspa_site.E001"]),
        (True, "http://127.0.0.1:8000", []),
        (False, "https://www.example.org", []),
    ],
)
def test_debug_on_a_public_address_is_an_error(settings, debug, address, found):
    settings.DEBUG, settings.SITE_URL = debug, address
    assert [problem.id for problem in checks.debug_is_private(None)] == found


def test_a_public_language_without_a_catalogue_is_named(settings, tmp_path):
    (tmp_path / "ru" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "ru" / "LC_MESSAGES" / "django.mo").touch()
    settings.LOCALE_PATHS, settings.PUBLIC_LANGUAGES = [tmp_path], ["ru", "kk", "tg"]
    assert [problem.msg for problem in checks.public_languages_have_catalogues(None)] == [
        "PUBLIC_LANGUAGES names languages in which the interface has no catalogue: kk, tg."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "found"), [("Europe/Moscow", []), ("Asia/Almaty", ["cspa_site.W002"])])
def test_an_assembly_in_another_time_zone_is_a_warning(zone, found):
    Assembly.objects.create(time_zone=zone)
    assert [problem.id for problem in checks.assembly_keeps_our_time(None, databases=["default"])] == found
    assert checks.assembly_keeps_our_time(None) == []  # no database was asked for


@pytest.mark.django_db
def test_no_assembly_yet_is_no_mistake():
    assert checks.assembly_keeps_our_time(None, databases=["default"]) == []


def test_the_checks_of_a_deployment_are_known_before_they_run():
    assert manage("check", DEBUG="1", SITE_URL="https://www.example.org").returncode == 1
