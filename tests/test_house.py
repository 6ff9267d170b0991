"""What keeps the house: see docs/decisions and CONTRIBUTING.md for why."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

from tests import make

ROOT = Path(settings.BASE_DIR)
# Imports point down. What stands on one floor does not know its neighbour.
FLOORS = [
    {"languages", "pagecache"},
    {"staff"},
    {"translations"},
    {"publishing"},
    {"delegations"},
    {"commissions"},
    {"meetings"},
    {"documents"},
    {"news"},
    {"search", "opendata"},
    {"pages"},
    {"cspa_site"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
OWN_MODELS = [
    model
    for model in apps.get_models(include_auto_created=False)
    if model._meta.app_label in ROOMS and not model.__name__.startswith("Historical")
]


def trees():
    """(room, path, syntax tree) of every Python file of the rooms, migrations apart."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.relative_to(ROOT).parts:
                yield room, path.relative_to(ROOT), ast.parse(path.read_text())


def needed(tree):
    """(line, room) of all that a file needs: imports wherever they stand, models and modules named by a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Attribute) and node.attr == "AUTH_USER_MODEL":
            yield node.lineno, "staff"
        elif isinstance(node, ast.Constant) and (named := re.fullmatch(r"([a-z_]+)(\.\w+)+", str(node.value))):
            yield node.lineno, named[1]


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("import news.models", "news"),
        ("from news import models", "news"),
        ("def late():\n    from news.models import NewsItem", "news"),
        ("models.ForeignKey('news.NewsItem', models.PROTECT)", "news"),
        ("apps.get_model('news.NewsItem')", "news"),
        ("user.has_perm('news.release_newsitem')", "news"),
        ("models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)", "staff"),
    ],
)
def test_the_walk_sees_what_a_file_needs(source, room):
    assert {found for _line, found in needed(ast.parse(source))} == {room}


def test_every_room_has_a_floor():
    assert [room for room in ROOMS if room not in FLOOR] == []


def test_imports_point_down():
    wrong = [
        f"{path}:{line} needs {other}"
        for room, path, tree in trees()
        for line, other in needed(tree)
        if other in FLOOR and other != room and FLOOR[other] >= FLOOR[room]
    ]
    assert wrong == []


def test_there_are_no_junk_drawers():
    names = {"utils", "util", "helpers", "services", "selectors", "common", "core", "base", "misc"}
    found = [path for _room, path, _tree in trees() if names & {*path.with_suffix("").parts}]
    assert found == []


def test_no_file_of_the_rooms_is_empty_but_the_marks_of_packages():
    found = [path for _room, path, tree in trees() if not tree.body and path.name != "__init__.py"]
    assert found == []


@pytest.mark.django_db
def test_no_migration_is_pending():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_migrations_are_named():
    found = [path.name for path in ROOT.glob("*/migrations/0*.py") if re.search("_auto_|000[2-9]_initial", path.name)]
    assert found == []


TEMPLATES = sorted(
    path.relative_to(folder).as_posix()
    for folder in [ROOT / "templates", *(ROOT / room / "templates" for room in ROOMS)]
    for path in folder.rglob("*")
    if path.is_file()
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles(name):
    get_template(name)


def own(model, name):
    """What the model itself says in its Meta, or what the one abstract base does that it follows."""
    return model._meta.original_attrs.get(name)


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model.__name__)
class TestEveryModel:
    def test_has_names_that_staff_read(self, model):
        assert (bool(own(model, "verbose_name")), bool(own(model, "verbose_name_plural"))) == (True, True)

    def test_has_an_order(self, model):
        assert model._meta.ordering

    def test_says_what_it_is(self, model):
        assert model.__str__ is not models.Model.__str__

    def test_protects_what_it_points_to(self, model):
        """A part goes with its whole, and what was done stays when the person who did it leaves."""
        for field in model._meta.local_fields:
            if field.remote_field and field.remote_field.on_delete is models.SET_NULL:
                assert field.related_model is apps.get_model(settings.AUTH_USER_MODEL), field
            elif field.remote_field:
                assert field.remote_field.on_delete in {models.PROTECT, models.CASCADE}, field

    def test_has_an_address_if_the_public_sees_it(self, model):
        names = [field.name for field in model._meta.local_fields]
        public = "slug" in names and not isinstance(model._meta.get_field("slug"), models.SlugField)
        if public and model.__name__ != "Redirect":
            assert hasattr(model, "get_absolute_url")


def test_a_cascade_has_its_reason_beside_it():
    for _room, path, _tree in trees():
        lines = (ROOT / path).read_text().splitlines()
        for number, line in enumerate(lines):
            if "on_delete=models.CASCADE" in line:
                assert "# CASCADE:" in "".join(lines[number : number + 3]), f"{path}:{number + 1}"


def test_two_abstract_models_are_all_there_are():
    bases = {
        base
        for model in OWN_MODELS
        for base in model.__mro__
        if base.__module__.split(".")[0] in ROOMS and hasattr(base, "_meta") and base._meta.abstract
    }
    assert {base.__name__ for base in bases} == {"Fact", "Release"}


def test_no_model_of_ours_answers_signals_of_another():
    """One act across models is a function with a name."""
    found = [f"{path}:{node.lineno}" for _room, path, tree in trees() for node in ast.walk(tree) if is_receiver(node)]
    assert found == []


def is_receiver(node):
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    signals = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}
    named = {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(node)}
    return name in {"receiver", "connect"} and bool(named & signals)


def public_routes(patterns=None, space=""):
    """The name of every address below a language."""
    if patterns is None:
        patterns = [part for top in get_resolver().url_patterns if isinstance(top.pattern, LocalePrefixPattern)
                    for part in top.url_patterns]  # fmt: skip
    for part in patterns:
        if isinstance(part, URLResolver):
            yield from public_routes(part.url_patterns, f"{part.namespace}:" if part.namespace else space)
        else:
            yield f"{space}{part.name}"


@pytest.mark.django_db
def test_every_public_page_answers_in_every_language(client):
    make.assembly()
    seats = make.seats()
    person = make.membership(chamber=seats.chamber).person
    item = make.news(released=True, people=[person], delegations=[seats.chamber.delegation])
    parameters = {
        "delegations:delegation": {"slug": seats.chamber.delegation.slug},
        "delegations:person": {"slug": person.slug},
        "news:item": {"slug": item.slug},
        "news:year": {"year": item.date.year},
        "news:month": {"year": item.date.year, "month": item.date.month},
    }
    for route in public_routes():
        for language in settings.PUBLIC_LANGUAGES:
            with translation.override(language):
                address = reverse(route, kwargs=parameters.get(route, {}))
            response = client.get(address)
            found = response.status_code, response.headers["Content-Language"], f'lang="{language}"' in response.text
            assert found == (200, language, True), address
