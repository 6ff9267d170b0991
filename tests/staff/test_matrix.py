"""
Every address of the administration, asked for by everybody, with every method, about every kind of object.

The addresses are those that the administration has, found by walking it; what must happen follows from a few rules
below. An address without a rule fails. Whatever is refused may not have written anything at all.
"""

import logging
from collections import Counter
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, reverse

from delegations.models import Assembly
from languages.text import translated_fields
from news.models import NewsItem, NewsRelease
from publishing.models import Erasure, Redirect
from publishing.release import release
from staff.models import LanguageRight, User
from tests import make
from tests.staff.test_admin import form_of
from tests.staff.test_roles import editor, person, row
from translations import ledger
from translations.models import Unit

pytestmark = pytest.mark.django_db

# Who asks

ROLES = {
    "nobody": None,
    "staff without rights": lambda: person("without"),
    "translator ru": lambda: person("translator", ru="translate"),
    "reviewer ru": lambda: person("reviewer-ru", ru="review"),
    "reviewer ky": lambda: person("reviewer-ky", ky="review"),
    "editor": editor,
    "superuser": lambda: make.superuser(username="root"),
}
OF_LANGUAGE = {"translator ru": "ru", "reviewer ru": "ru", "reviewer ky": "ky"}
REVIEWS = {"reviewer ru": "ru", "reviewer ky": "ky"}
EDITORS = {"editor", "superuser"}
WRITTEN_BY_ACTS = {NewsRelease, Redirect, Erasure, Unit}


def reads(role, model):
    if role == "editor":
        return is_content(model) or model in WRITTEN_BY_ACTS
    return role == "superuser" or (role in OF_LANGUAGE and bool(translated_fields(model)))


def writes(role, model):
    return (role == "superuser" and model not in WRITTEN_BY_ACTS) or (role == "editor" and is_content(model))


def translates(role, model, original="en"):
    return role in OF_LANGUAGE and bool(translated_fields(model)) and OF_LANGUAGE[role] != original


def is_content(model):
    return hasattr(model._meta, "simple_history_manager_attribute")


# What must happen. Only what is DONE, or a form that is OPEN (saved, or shown with its errors), may have written.

PAGE, AWAY, LOGIN, REFUSED, ABSENT, METHOD, WRONG = "page", "away", "login", "refused", "absent", "method", "wrong"
DONE, OPEN = "done", "open"


def happened(response):
    if response.status_code == 302:
        return LOGIN if response.url.startswith(reverse("admin:login")) else AWAY
    return {200: PAGE, 400: WRONG, 403: REFUSED, 404: ABSENT, 405: METHOD}.get(response.status_code, response.status_code)


def as_expected(found, wrote, expected):
    return found in {DONE: {AWAY}, OPEN: {AWAY, PAGE}}.get(expected, {expected}) and (expected in {DONE, OPEN} or not wrote)


@dataclass(frozen=True)
class Cell:
    """One question: which page of which model, about which object, in which language, by which method."""

    page: str
    method: str
    model: type = None
    original: str = ""  # of the news item that it is about
    language: str = ""  # of a suggestion, or of what is joined
    extra: tuple = ()  # of an address that says something else


def may(allowed, then=PAGE):
    return then if allowed else REFUSED


def changelist(role, cell):
    if cell.method == "POST" and translates(role, cell.model) and not writes(role, cell.model):
        return REFUSED
    return may(reads(role, cell.model))


def add(role, cell):
    return may(writes(role, cell.model) and cell.model is not Assembly, OPEN if cell.method == "POST" else PAGE)


def change(role, cell):
    if cell.method != "POST":
        return may(reads(role, cell.model))
    return may(writes(role, cell.model) or translates(role, cell.model, cell.original or "en"), OPEN)


def delete(role, cell):
    released = cell.original == "en"
    allowed = writes(role, cell.model) and cell.model is not Assembly and not released
    return may(allowed, OPEN if cell.method == "POST" else PAGE)


def history(role, cell):
    return may(reads(role, cell.model))


def act(role, cell):
    return may(role in EDITORS, OPEN if cell.method == "POST" else PAGE)


def join(role, cell):
    if not may_join(role, cell) or cell.method != "POST":
        return may(may_join(role, cell))
    return DONE if (cell.original, cell.language) == ("en", "ru") else PAGE  # elsewhere nothing is ready: a sentence


def may_join(role, cell):
    return role in EDITORS or REVIEWS.get(role) == cell.language


def suggestion(role, cell):
    if cell.method != "POST":
        return METHOD
    if cell.language == cell.original:  # there is none: the address names another object's
        return ABSENT
    return may(writes(role, cell.model) or REVIEWS.get(role) == cell.language, DONE)


def administrators(role, cell):
    return may(role == "superuser", OPEN if cell.method == "POST" else PAGE)


def everybody(role, cell):
    return PAGE


def only_get(role, cell):
    return METHOD if cell.method not in {"GET", "HEAD"} else PAGE


def logout(role, cell):
    return PAGE if cell.method == "POST" else METHOD


def login(role, cell):
    return AWAY if cell.method == "GET" and role != "nobody" else PAGE


def rooms(role, cell):
    return PAGE if any(reads(role, model) for model in admin.site._registry if model._meta.app_label == cell.extra[0]) else ABSENT


def choices(role, cell):
    return METHOD if cell.method not in {"GET", "HEAD"} else may(reads(role, cell.model))


RULES = {
    "changelist": changelist, "add": add, "change": change, "delete": delete, "history": history,
    "release": act, "withdraw": act, "cancel": act, "readdress": act, "join": join, "suggestion": suggestion,
    "short": lambda role, cell: AWAY, "auth_user_password_change": administrators,
    "index": everybody, "login": login, "logout": logout, "password_change": everybody, "password_change_done": only_get,
    "autocomplete": choices, "jsi18n": only_get, "view_on_site": lambda role, cell: AWAY, "app_list": rooms,
    "anything else": lambda role, cell: ABSENT,
}  # fmt: skip


def expected(role, cell):
    if role == "nobody" and cell.page == "logout":
        return AWAY
    return LOGIN if role == "nobody" and cell.page != "login" else RULES[cell.page](role, cell)


# The addresses there are


def pages():
    """(name of the page, model or None, its parameters) of every address that the administration answers."""
    for part in admin.site.get_urls():
        if not isinstance(part, URLResolver):
            yield part.name or "anything else", None, {*part.pattern.converters, *part.pattern.regex.groupindex}
            continue
        model = next(m for m in admin.site._registry if str(part.pattern) == f"{m._meta.app_label}/{m._meta.model_name}/")
        for inner in part.url_patterns:
            prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
            yield (inner.name or "short").removeprefix(prefix), model, {*inner.pattern.converters}


def chosen():
    """(app label, model name, field name, remote model) of every autocomplete."""
    for model, model_admin in admin.site._registry.items():
        for one in [model_admin, *(inline(model, admin.site) for inline in model_admin.inlines)]:
            for name in one.autocomplete_fields:
                opts = one.model._meta
                yield opts.app_label, opts.model_name, name, opts.get_field(name).related_model


SPOT = ["HEAD", "PUT", "DELETE"]


def cells():
    """Every Cell; the spot methods for one model and for what belongs to none."""
    for page, model, parameters in pages():
        objects = ["en", "ru", "ky"] if model is NewsItem and parameters & {"pk", "object_id"} else [""]
        languages = ["ru", "ky"] if parameters & {"language", "unit"} else [""]
        extras = [()]
        if page == "autocomplete":
            extras = [*dict.fromkeys(chosen())]
        elif page == "app_list":
            extras = [(label,) for label in dict.fromkeys(model._meta.app_label for model in admin.site._registry)]
        for extra in extras:
            about = extra[-1] if page == "autocomplete" else model
            methods = ["GET", "POST", *(SPOT if model in {None, NewsItem} and extra == extras[0] else [])]
            yield from (
                Cell(page, method, about, original, language, extra)
                for method in methods for original in objects for language in languages
            )  # fmt: skip


@pytest.fixture
def objects():
    """{(model, original): object} with one of everything, a suggestion in ru and ky beside each that takes one."""
    found = {(NewsItem, "en"): make.news(title_ru="Встреча", body_ru="<p>Текст.</p>", place_en="Minsk")}
    for code in ["ru", "ky"]:
        texts = {f"title_{code}": "Встреча", f"body_{code}": "<p>Текст.</p>", "title_en": "", "body_en": ""}
        found[NewsItem, code] = make.news(original_language=code, **texts)
    item = found[NewsItem, "en"]
    ledger.approve(item, "ru")
    release(item, ["en"])
    about = ContentType.objects.get_for_model(item)
    chamber = make.chamber()
    for obj in [
        make.assembly(), make.source(), make.office(), make.person(), make.picture(), chamber.delegation, chamber, make.seats(),
        make.plenipotentiary(), make.membership(end_reason_en="Elected elsewhere"), make.website(), item.releases.get(),
        Redirect.objects.create(content_type=about, object_id=item.pk, slug="former"),
        Erasure.objects.create(content_type=about, object_id=item.pk + 999, reason="A court."),
        make.user(username="somebody"), Group.objects.create(name="Others"), Unit.objects.of(item).first(),
    ]:  # fmt: skip
        found[type(obj), ""] = obj
    name = make.person().other_names.create(text="S. Alishev", language="en")
    found[type(name), ""] = name
    return found


@pytest.fixture
def units(objects):
    """{(model, original, language): unit} of the suggestions; for an original's own language, another object's."""
    found = {}
    for (model, original), obj in objects.items():
        for code in ["ru", "ky"] if translated_fields(model) else []:
            field = translated_fields(model)[0]
            if code != obj.source_language:
                found[model, original, code] = ledger.suggest(obj, field, code, "Предложено")
    for code in ["ru", "ky"]:
        found[NewsItem, code, code] = found[NewsItem, "en", code]
    return found


class Asking:
    """A role's browser: asks what a Cell says and takes back what was written."""

    def __init__(self, role, objects, units):
        self.objects, self.units, self.client = objects, units, Client()
        self.user = ROLES[role] and ROLES[role]()
        self.sign_in()

    def sign_in(self):
        if self.user:
            self.client.force_login(self.user)

    def __call__(self, cell):
        address, data = self.address(cell), self.data(cell) if cell.method == "POST" else {}
        with transaction.atomic():
            if cell.page == "join":  # a suggestion that waits would be refused, whoever asks
                Unit.objects.suggested().update(suggestion="")
            with CaptureQueriesContext(connection) as captured:
                response = getattr(self.client, cell.method.lower())(address, data)
            transaction.set_rollback(True)
        if cell.page == "logout":
            self.sign_in()
        return response, [query["sql"] for query in captured if is_writing(query["sql"])]

    def about(self, cell):
        return self.objects[cell.model, cell.original]

    def address(self, cell):
        if cell.page == "anything else":
            return "/admin/there/is/none/"
        if cell.page == "autocomplete":
            app_label, model_name, field_name, _remote = cell.extra
            return f"{reverse('admin:autocomplete')}?app_label={app_label}&model_name={model_name}&field_name={field_name}"
        if cell.page == "app_list":
            return reverse("admin:app_list", args=cell.extra)
        if cell.page == "view_on_site":
            item = self.objects[NewsItem, "en"]
            return reverse("admin:view_on_site", args=[ContentType.objects.get_for_model(item).pk, item.pk])
        if cell.model is None or cell.page == "auth_user_password_change":
            return reverse(f"admin:{cell.page}", args=[self.about(cell).pk] if cell.model else [])
        begin = f"{cell.model._meta.app_label}_{cell.model._meta.model_name}"
        if cell.page in {"changelist", "add"}:
            return reverse(f"admin:{begin}_{cell.page}")
        if cell.page == "short":
            return f"{reverse(f'admin:{begin}_changelist')}{self.about(cell).pk}/"
        args = {"join": [cell.language], "suggestion": [self.unit(cell).pk] if cell.page == "suggestion" else []}
        return reverse(f"admin:{begin}_{cell.page}", args=[self.about(cell).pk, *args.get(cell.page, [])])

    def unit(self, cell):
        return self.units[cell.model, cell.original, cell.language]

    def data(self, cell):
        """As the role's own form would post it; where it has none, as somebody would forge it."""
        forged = {"title_en": "Forged", "title_ru": "Подделка", "slug": "forged", "post": "yes", "_confirmed": "1"}
        if cell.page == "suggestion":
            return {"accept": ledger.digest(self.unit(cell).suggestion)}
        if cell.page == "change":
            page = self.client.get(self.address(cell))
            if page.status_code == 200 and page.context.get("has_change_permission"):
                return form_of(page)
        return {} if cell.page == "login" else forged | {"release": "en", "what": "item", "reason_en": "Forged"}


def is_writing(sql):
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql


def test_every_address_has_a_rule():
    assert sorted({page for page, _model, _parameters in pages()} - {*RULES}) == []


@pytest.fixture
def silence():
    logging.disable()  # of every refusal, with its traceback
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("silence")
@pytest.mark.parametrize("role", [role if role == "nobody" else pytest.param(role, marks=pytest.mark.audit) for role in ROLES])
def test_everybody_may_what_the_rules_say_and_no_more(role, objects, units, capsys, record_property):
    ask, unexpected, counts = Asking(role, objects, units), [], Counter()
    for cell in cells():
        response, wrote = ask(cell)
        found = happened(response)
        if cell.method in {"GET", "POST", "HEAD"}:
            wanted = [expected(role, cell)]
        else:  # a method that no page knows is answered as if it only looked, or not at all
            wanted = [expected(role, Cell(**{**vars(cell), "method": "GET"})), expected(role, cell), METHOD]
            wanted = [PAGE if one in {OPEN, DONE} else one for one in wanted]
        counts[cell.method] += 1
        if not any(as_expected(found, wrote, one) for one in wanted):
            about = f"{cell.model and cell.model.__name__} {cell.original} {cell.language} {cell.extra}"
            unexpected.append(f"{cell.method} {cell.page} of {about}: {found}, not {wanted[0]}; wrote {wrote[:1]}")
    record_property("cells", sum(counts.values()))
    with capsys.disabled():
        print(f"\n{role}: {sum(counts.values())} cells ({', '.join(f'{m} {n}' for m, n in counts.items())}), {len(unexpected)} unexpected")
    assert not unexpected, "\n".join(unexpected)


# Forged: by hand or by a program, with the right token and the wrong rest


def everything():
    """{table: rows} of all that the administration shows, of their links and of what waits beside the texts."""
    with connection.cursor() as cursor:
        found = {}
        for model in {*admin.site._registry, NewsItem.delegations.through, NewsItem.people.through, LanguageRight} - {User}:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")
            found[model._meta.db_table] = cursor.fetchall()
        return found


@pytest.fixture
def forge(objects, units, silence):
    """A role's POST to a page of an object: (what happened, {table: changed}); the form is the role's own."""

    users = {}

    def forge(role, obj, page="change", args=(), form=True, query="", **data):
        client = Client()
        users[role] = users.get(role) or ROLES[role]()
        client.force_login(users[role])
        opts = obj._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[obj.pk, *args] if page != "changelist" else [])
        opened = client.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[obj.pk])) if form else None
        before = everything()
        response = client.post(address + query, (form_of(opened) if form else {}) | data)
        after = everything()
        return happened(response), [table for table in before if before[table] != after[table]]

    return forge


OTHERS = {
    "title_en": "Forged", "title_ky": "Жасалма", "title": "Forged", "body_be": "<p>Forged</p>", "lead_hy": "Forged", "slug": "forged",
    "original_language": "ru", "date": "2020-01-01", "picture": "1", "source": "1", "delegations": ["1"], "people": ["1"],
    "folded": "forged", "id": "999", "pk": "999", "_release": "1", "release": "en", "_popup": "1", "_saveasnew_": "1",
}  # fmt: skip


@pytest.mark.parametrize("role", OF_LANGUAGE)
def test_nothing_but_the_own_columns_is_read_from_a_form(forge, objects, role):
    item = objects[NewsItem, "en"]
    others = {name: value for name, value in OTHERS.items() if not name.endswith(f"_{OF_LANGUAGE[role]}")}
    assert forge(role, item, **others) == (AWAY, [])


def test_a_reviewer_changes_one_column_whatever_else_is_posted(forge, objects):
    item = objects[NewsItem, "en"]
    before = row(item)
    assert forge("reviewer ru", item, **OTHERS, title_ru="Заседание")[0] == AWAY
    assert row(item) == before | {"title_ru": "Заседание"}


def test_a_translator_changes_no_column(forge, objects):
    item = objects[NewsItem, "en"]
    assert forge("translator ru", item, **OTHERS, title_ru="Заседание") == (AWAY, ["translations_unit"])


@pytest.mark.parametrize("role", OF_LANGUAGE)
def test_rows_of_inlines_are_not_taken_from_whoever_translates(forge, objects, role):
    chamber = objects[type(make.chamber()), ""]
    rows = {
        "chambers-TOTAL_FORMS": "2", "chambers-INITIAL_FORMS": "1", "chambers-0-id": chamber.pk, "chambers-0-slug": "forged",
        "chambers-0-name_ru": "Подделка", "chambers-0-DELETE": "on", "chambers-1-slug": "new", "chambers-1-kind": "upper",
        "websites-TOTAL_FORMS": "1", "websites-INITIAL_FORMS": "0", "websites-0-address": "http://forged.example/",
    }  # fmt: skip
    assert forge(role, chamber.delegation, **rows) == (AWAY, [])


def test_a_row_of_another_record_is_not_taken_into_a_form(forge, objects):
    delegation, foreign = make.delegation(), objects[type(make.chamber()), ""]
    found = forge("editor", delegation, **{
        "chambers-TOTAL_FORMS": "1", "chambers-INITIAL_FORMS": "1", "chambers-0-id": foreign.pk, "chambers-0-slug": "forged",
        "chambers-0-kind": "upper", "chambers-0-delegation": delegation.pk, "chambers-0-name_en": "Forged",
    })  # fmt: skip
    assert found[1] in ([], ["delegations_delegation"])
    assert row(foreign)["slug"] == foreign.slug


def test_the_state_of_another_form_is_refused(forge, objects, units):
    item, other = objects[NewsItem, "en"], make.news(title_ru="Другое")
    client = Client()
    client.force_login(editor("second"))
    opened = form_of(client.get(reverse("admin:news_newsitem_change", args=[other.pk])))["_opened"]
    assert forge("editor", item, title_ru="Подделка", _opened=opened) == (PAGE, [])


@pytest.mark.parametrize("role", [*OF_LANGUAGE, "editor"])
def test_fields_of_reference_are_refused(forge, objects, role):
    item = objects[NewsItem, "en"]
    for query in ["?_to_field=title_ru", "?_to_field=original_language", "?_to_field=picture__credit"]:
        assert forge(role, item, query=query, title_ru="Подделка") == (WRONG, [])
        assert forge(role, item, _to_field=query.partition("=")[2], title_ru="Подделка") == (WRONG, [])


@pytest.mark.parametrize("role", OF_LANGUAGE)
def test_no_copy_no_window_and_no_list_gives_more(forge, objects, role):
    item, person = objects[NewsItem, "en"], objects[type(make.person()), ""]
    assert forge(role, item, _saveasnew="1", slug="copy") == (REFUSED, [])
    listed = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": person.pk, "form-0-slug": "forged", "_save": "1"}
    for data in [
        {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}, listed,
        {"action": "delete_selected", "select_across": "1", "index": "0", "_selected_action": ["1"], "post": "yes"},
    ]:  # fmt: skip
        assert forge(role, person, "changelist", form=False, **data) == (REFUSED, [])
    for data in [
        {"action": "release_filled", "_selected_action": [item.pk], "confirmed": "yes"},
        {"action": "release_filled", "select_across": "1", "index": "0", "_selected_action": ["1"], "confirmed": "yes", "word": "Yes"},
    ]:
        assert forge(role, item, "changelist", form=False, **data) == (REFUSED, [])


def test_a_suggestion_is_decided_at_the_address_of_its_own_record_and_language_alone(forge, objects, units):
    item, draft, picture = objects[NewsItem, "en"], objects[NewsItem, "ky"], objects[type(make.picture()), ""]
    ru, ky, of_draft = units[NewsItem, "en", "ru"], units[NewsItem, "en", "ky"], units[NewsItem, "ky", "ru"]
    seen = {"accept": ledger.digest(ru.suggestion)}
    for obj, unit, expected in [
        (item, ky, REFUSED), (item, of_draft, ABSENT), (draft, ru, ABSENT), (picture, ru, ABSENT), (item, units[type(picture), "", "ru"], ABSENT),
    ]:  # fmt: skip
        assert forge("reviewer ru", obj, "suggestion", [unit.pk], form=False, **seen) == (expected, [])
    for act in ["accept", "refuse", "edit"]:
        assert forge("translator ru", item, "suggestion", [ru.pk], form=False, **{act: seen["accept"]}) == (REFUSED, [])
    assert forge("reviewer ru", item, "suggestion", [ru.pk], form=False, accept="") == (AWAY, [])
    assert forge("reviewer ru", item, "suggestion", [ru.pk], form=False, title_ky="Жасалма", **seen)[0] == AWAY
    ru.refresh_from_db()
    assert (ru.suggestion, row(item)["title_ru"], row(item)["title_ky"] or "") == ("", "Предложено", "")


@pytest.mark.usefixtures("silence")
@pytest.mark.parametrize("role", ["translator ru", "editor", "superuser"])
def test_lists_and_choices_answer_no_question_about_accounts(objects, role):
    client = Client()
    client.force_login(ROLES[role]())
    asked = []
    for model in admin.site._registry:
        list_of = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        to_users = [field.name for field in model._meta.get_fields() if field.related_model is User]
        for name in [*to_users, "history__history_user", "news_items__releases__released_by", "user", "author"]:
            path = list_of + f"?{name}__password__startswith=m"
            asked.append((path, happened(client.get(path)), happened(client.get(list_of)) == REFUSED))
    told = [path for path, found, closed in asked if found != (REFUSED if closed else WRONG) and found != AWAY]
    assert told == []
    choice = reverse("admin:autocomplete") + "?term=&app_label=news&model_name={}&field_name={}"
    for model_name, name in [("newsrelease", "released_by"), ("newsitem", "slug"), ("newsitem", "releases"), ("nothing", "user")]:
        found = happened(client.get(choice.format(model_name, name)))
        assert found in ({PAGE} if (role, name) == ("superuser", "released_by") else {REFUSED, ABSENT})
    everyone = client.get(choice.format("newsitem", "people")).json()["results"]
    narrowed = client.get(choice.format("newsitem", "people") + "&portrait__credit=x&name_en__startswith=zz").json()["results"]
    assert narrowed == everyone != []
