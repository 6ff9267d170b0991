"""How texts in many languages are stored. Each promise answers a fault that was seen on django-modeltranslation."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from modeltranslation.translator import translator

from delegations.models import Delegation, Office, Person, PersonName
from languages import CODES
from languages.fields import FoldedField, TidyMixin
from languages.fold import fold
from languages.text import Written, column, fallbacks, translated_columns, translated_fields, translated_models, written
from publishing.html import HTMLField
from tests import make
from translations import ledger

ROOMS = [app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
MODELS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]
OWN = [model for model in MODELS if not model.__name__.startswith("Historical")]
EDITED = [model for model in OWN if hasattr(model, "history")]


def picture(**fields):
    """Its row alone, by bulk: these tests are about texts."""
    model = apps.get_model("publishing.Picture")
    (row,) = model.objects.bulk_create(
        [model(file=f"pictures/{next(make.serial):032x}.jpg", width=1, height=1, **fields)]
    )
    return row


MAKERS = {
    "Assembly": make.assembly,
    "Chamber": make.chamber,
    "Delegation": make.delegation,
    "Membership": make.membership,
    "NewsItem": make.news,
    "Office": make.office,
    "Person": make.person,
    "PersonName": lambda **fields: PersonName.objects.create(person=make.person(), **fields),
    "Picture": picture,
    "Plenipotentiary": make.plenipotentiary,
    "Seats": make.seats,
    "Source": make.source,
    "Website": make.website,
}


def stored(record, *names):
    """What the columns really hold, read past modeltranslation."""
    with connection.cursor() as cursor:
        quoted = ", ".join(connection.ops.quote_name(name) for name in names)
        cursor.execute(f"SELECT {quoted} FROM {type(record)._meta.db_table} WHERE id = %s", [record.pk])
        return cursor.fetchone()


class Languages(TestCase):
    def test_a_language_that_is_no_longer_public_keeps_its_texts(self):
        person = make.person(name_en="Viktor", name_kk="Виктор")
        with override_settings(PUBLIC_LANGUAGES=["ru", "en"], LANGUAGE_CODE="ru"):
            found = Person.objects.get()
            found.name_ru = "Виктор Когут"
            found.save()
            Person.objects.filter(name_kk="Виктор").update(gender="male")
        self.assertEqual(stored(person, "name_en", "name_ru", "name_kk"), ("Viktor", "Виктор Когут", "Виктор"))

    def test_a_text_in_a_language_that_is_not_public_still_serves_where_there_is_no_other(self):
        make.person(name_en="", name_kk="Виктор")
        with override_settings(PUBLIC_LANGUAGES=["ru", "en"], LANGUAGE_CODE="ru"):
            self.assertEqual(written(Person.objects.get(), "name", "en"), Written("Виктор", "kk"))

    def test_outside_a_request_the_language_is_the_sites_default(self):
        make.person(name_en="Viktor", name_ru="Виктор")
        program = (
            "import django; django.setup();"
            "from django.utils.translation import get_language; from languages.text import fallbacks, reader_language;"
            "import json; print(json.dumps([get_language(), reader_language(), fallbacks()]))"
        )
        for default in ["en", "ru"]:
            answer = subprocess.run(
                [sys.executable, "-c", program],
                cwd=settings.BASE_DIR,
                env={**os.environ, "PUBLIC_LANGUAGES": "en,ru,hy", "DEFAULT_LANGUAGE": default},
                capture_output=True,
                text=True,
                check=True,
            )
            others = [code for code in ["en", "ru", "hy", "be", "kk", "ky", "tg"] if code != default]
            with self.subTest(default=default):
                self.assertEqual(json.loads(answer.stdout), [default, default, [default, *others]])

    def test_where_translation_is_switched_off_the_language_is_the_sites_default(self):
        person = make.person(name_en="Viktor", name_ru="Виктор")
        active = translation.get_language()
        translation.deactivate_all()
        try:
            found = str(person), str(Person.objects.in_language().get()), fallbacks()[0]
        finally:
            translation.activate(active)
        self.assertEqual(found, ("Viktor", "Viktor", "en"))


class BaseColumns(TestCase):
    """`name` beside `name_en`, `name_ru`, …: garbage by agreement, and saving never moves a text by way of it."""

    def test_hold_the_sites_default_language_of_a_register_record_whoever_saves(self):
        person = make.person(name_en="Viktor", name_ru="Виктор")
        for language in CODES:
            with translation.override(language):
                found = Person.objects.get()
                found.save()
                found.save(update_fields=["name_ru"])
            with self.subTest(language=language):
                self.assertEqual(stored(person, "name", "name_en", "name_ru"), ("Viktor", "Viktor", "Виктор"))

    def test_hold_the_original_language_of_a_news_item(self):
        with translation.override("hy"):
            item = make.news(original_language="ky", title_ky="Жаңылык", title_en="News", body_ky="<p>Текст</p>")
        found = stored(item, "title", "title_ky", "title_en", "title_hy", "body")
        self.assertEqual(found, ("Жаңылык", "Жаңылык", "News", "", "<p>Текст</p>"))

    def test_are_in_no_history(self):
        for model in translated_models():
            kept = {field.name for field in model.history.model._meta.fields}
            with self.subTest(model=model.__name__):
                self.assertEqual(kept & {*translated_fields(model)}, set())

    def test_are_refused_by_bulk_update(self):
        with self.assertRaises(TypeError):
            Person.objects.bulk_update([make.person()], ["name"])


class Empties(TestCase):
    """'' and NULL, '<p></p>' and ' ' are one thing: missing."""

    NOTHING = [None, "", " ", "\n\t ", "\u00a0", "\u200b", "\ufeff", "\0"]

    def nothings(self, model, field):
        is_html = isinstance(model._meta.get_field(field), HTMLField)
        return [*self.NOTHING, "<p></p>", "<p> </p><br>", "<p>&nbsp;</p>"] if is_html else self.NOTHING

    def test_are_stored_as_nothing_by_every_way_of_writing(self):
        for model in translated_models():
            record = MAKERS[model.__name__]()
            for field in translated_fields(model):
                name = column(field, "tg")
                for nothing in self.nothings(model, field):
                    found = [self.written(model, record, name, nothing, way) for way in self.ways()]
                    with self.subTest(column=f"{model.__name__}.{name}", nothing=nothing):
                        self.assertEqual(found, [("",)] * len(found))

    def ways(self):
        yield lambda model, record, name: record.save()
        yield lambda model, record, name: record.save(update_fields=[name])
        yield lambda model, record, name: model.objects.bulk_update([record], [name])

    def written(self, model, record, name, nothing, write):
        setattr(record, name, nothing)
        write(model, record, name)
        return stored(record, name)

    def test_are_stored_as_nothing_by_a_bulk_creation_and_an_update(self):
        Office.objects.bulk_create([Office(slug="office", name_tg="\u200b ")])
        Delegation.objects.filter(pk=make.delegation().pk)
        membership = make.membership(end_reason_tg="x")
        type(membership).objects.update(end_reason_tg=None)
        found = stored(Office.objects.get(), "name_tg"), stored(membership, "end_reason_tg")
        self.assertEqual(found, (("",), ("",)))

    def test_of_a_required_field_are_refused(self):
        name = PersonName(person=make.person(), text="\u200b ")
        with self.assertRaises(ValidationError) as raised:
            name.full_clean()
        self.assertEqual(raised.exception.message_dict, {"text": ["This field cannot be blank."]})

    def test_no_translated_field_takes_null_or_has_a_default_or_is_unique(self):
        for model in translated_models():
            for name in translated_fields(model):
                field = model._meta.get_field(name)
                with self.subTest(field=field):
                    self.assertEqual(
                        (field.null, field.has_default(), field.unique, field.blank), (False, False, False, True)
                    )

    def test_a_text_is_tidied_before_it_is_stored(self):
        person = make.person(name_en="  Vik\u202etor \n Kogut\0", biography_en="One\r\n\ntwo\x07 \ud800")
        self.assertEqual(stored(person, "name_en", "biography_en"), ("Viktor Kogut", "One\n\ntwo"))
        self.assertEqual((person.name_en, person.biography_en), ("Viktor Kogut", "One\n\ntwo"))

    def test_one_letter_is_one_letter_however_it_was_typed(self):
        self.assertEqual(stored(make.person(name_ru="Андре\u0438\u0306"), "name_ru"), ("Андре\u0439",))


class WhatIsTranslated(TestCase):
    def test_is_text_alone_and_every_text_is_tidy(self):
        for model in translated_models():
            for name in translated_fields(model):
                field = model._meta.get_field(name)
                with self.subTest(field=field):
                    self.assertIsInstance(field, models.CharField | models.TextField)
                    self.assertIsInstance(field, TidyMixin)
                    for code in CODES:
                        self.assertIsInstance(model._meta.get_field(column(name, code)), TidyMixin)

    def test_has_a_column_in_every_language(self):
        for model in translated_models():
            names = [field.name for field in model._meta.fields]
            with self.subTest(model=model.__name__):
                self.assertEqual(
                    [name for name in names if name in translated_columns(model)], translated_columns(model)
                )

    def test_is_required_in_no_language(self):
        for model in translated_models():
            self.assertEqual(translator.get_options_for_model(model).required_languages, ())

    def test_has_the_sites_default_language_as_its_source_and_a_news_item_its_own(self):
        found = {model.__name__: MAKERS[model.__name__]().source_language for model in translated_models()}
        self.assertEqual(found, dict.fromkeys(found, "en"))
        self.assertEqual(make.news(original_language="ky", title_ky="Жаңылык").source_language, "ky")

    def test_comes_in_the_order_of_the_model_whatever_the_seed_of_hashes(self):
        self.assertEqual(translated_fields(Person), ["name", "sort_name", "biography"])
        self.assertEqual(translated_fields(PersonName), [])


class InTheReadersLanguage(TestCase):
    """`in_language()`: one text and its language a field, not seven columns."""

    def test_loads_one_pair_a_field_and_no_column_of_any_language(self):
        sql, params = Person.objects.in_language("hy").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            loaded = [description[0] for description in cursor.description]
        plain = ["id", "slug", "gender", "portrait_id"]
        pairs = [
            f"{field}_{part}" for field in ["name", "sort_name", "biography"] for part in ["written", "written_in"]
        ]
        self.assertEqual(loaded, [*plain, "_written_for", *pairs])

    def test_costs_one_query_with_three_rows_as_with_one_whatever_language_is_there(self):
        for total in [1, 3]:
            while Person.objects.count() < total:
                make.person(name_en="", name_kk="Виктор")
            with self.subTest(total=total), translation.override("hy"), self.assertNumQueries(1):
                found = [written(person, "name") for person in Person.objects.in_language()]
            self.assertEqual(found, [Written("Виктор", "kk")] * total)

    def test_gives_what_the_fallback_of_a_whole_row_gives(self):
        """Requested language, else the site's default, else any that has text."""
        texts = {"en": "Viktor", "ru": "Виктор", "kk": "Уиктор"}
        for have in [[], ["kk"], ["ru", "kk"], ["en", "ru", "kk"]]:
            person = make.person(**{"name_en": "", **{column("name", code): texts[code] for code in have}})
            for language in CODES:
                expected = next((code for code in [language, "en", *CODES] if code in have), "")
                row = Person.objects.in_language(language).get(pk=person.pk)
                with self.subTest(have=have, language=language):
                    self.assertEqual(written(row, "name", language), Written(texts.get(expected, ""), expected))
                    self.assertEqual(written(person, "name", language), Written(texts.get(expected, ""), expected))

    def test_takes_null_for_nothing(self):
        make.person(name_ru="Виктор", name_en="")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE delegations_person SET name_en = NULL, name_tg = NULL")
        for found in [Person.objects.in_language("tg").get(), Person.objects.get()]:
            self.assertEqual(written(found, "name", "tg"), Written("Виктор", "ru"))

    def test_a_row_asked_for_another_language_answers_in_that_one(self):
        make.person(name_en="Viktor", name_ru="Виктор")
        row = Person.objects.in_language("en").get()
        self.assertEqual(written(row, "name", "ru"), Written("Виктор", "ru"))

    def test_what_is_saved_from_such_a_row_loses_no_text(self):
        person = make.person(name_en="Viktor", name_ru="Виктор", name_kk="Уиктор", biography_en="Life")
        row = Person.objects.in_language("kk").get()
        row.name_ru = "Виктор Когут"
        row.save()
        found = stored(person, "name_en", "name_ru", "name_kk", "biography_en", "folded")
        self.assertEqual(found, ("Viktor", "Виктор Когут", "Уиктор", "Life", folded(Person.objects.get())))


class History(TestCase):
    def test_is_kept_of_every_model_that_staff_edit(self):
        kept_elsewhere = {"Unit", "Redirect", "Erasure", "NewsRelease"}  # written by acts, and their own history
        kept_elsewhere |= {"User", "LanguageRight"}  # in the log of the administration, as Django's groups are
        self.assertEqual({model.__name__ for model in EDITED}, {model.__name__ for model in OWN} - kept_elsewhere)

    def test_has_a_column_for_every_language_and_every_other_fact(self):
        for model in EDITED:
            derived = {field.name for field in model._meta.fields if isinstance(field, FoldedField)}
            expected = {field.name for field in model._meta.fields} - derived - {*translated_fields(model)}
            kept = {field.name for field in model.history.model._meta.fields if not field.name.startswith("history_")}
            with self.subTest(model=model.__name__):
                self.assertEqual(kept, expected)

    def test_every_save_makes_a_row(self):
        for model in EDITED:
            record = MAKERS[model.__name__]()
            before = record.history.count()
            record.save()
            with self.subTest(model=model.__name__):
                self.assertEqual(record.history.count(), before + 1)

    def test_a_suggestion_that_is_accepted_makes_a_row_that_has_it(self):
        person = make.person()
        ledger.accept(ledger.suggest(person, "name", "ru", "Виктор"))
        self.assertEqual([row.name_ru for row in person.history.all()], ["Виктор", ""])


class Addresses(TestCase):
    def test_are_made_by_our_table_alone(self):
        """Django's own script turns Тоҷикистон into `toikiston` and Armenian into nothing."""
        found = [place for place, tree in code() for name in imported(tree) if name == "django.utils.text.slugify"]
        self.assertEqual(found, [])

    def test_are_prepared_by_no_form(self):
        prepared = [model for model, options in admin.site._registry.items() if options.prepopulated_fields]
        self.assertEqual(prepared, [])


def folded(record):
    """What a folded column has to hold: the folded text of its fields, in all languages, each once."""
    (field,) = [field for field in type(record)._meta.fields if isinstance(field, FoldedField)]
    names = [
        name
        for of in field.of
        for name in ([column(of, code) for code in CODES] if of in translated_fields(type(record)) else [of])
    ]
    return " ".join(filter(None, dict.fromkeys(fold(getattr(record, name) or "") for name in names)))


class FoldedColumns(TestCase):
    """What searches read: filled by their field, whichever way a text is written."""

    MODELS = [model for model in OWN if any(isinstance(field, FoldedField) for field in model._meta.fields)]

    def text(self, model):
        (field,) = [field for field in model._meta.fields if isinstance(field, FoldedField)]
        return column(field.of[0], "ru") if field.of[0] in translated_fields(model) else field.of[0]

    def ways(self, model, record, name):
        yield "save", lambda: record.save()
        yield "save(update_fields)", lambda: record.save(update_fields=[name])
        yield "bulk_update", lambda: model.objects.bulk_update([record], [name])
        yield (
            "update_or_create",
            lambda: model.objects.update_or_create(pk=record.pk, defaults={name: getattr(record, name)}),
        )
        yield "a row of which little was loaded", lambda: self.save_deferred(model, record, name)

    def save_deferred(self, model, record, name):
        row = model.objects.only("pk", name).get(pk=record.pk)
        setattr(row, name, getattr(record, name))
        row.save()

    def test_exist_on_every_named_model(self):
        found = {model.__name__ for model in self.MODELS}
        self.assertEqual(found, {"Person", "PersonName", "Delegation", "Chamber", "Office", "NewsItem"})

    def test_follow_every_way_of_writing(self):
        for model in self.MODELS:
            name = self.text(model)
            record = MAKERS[model.__name__](**{name: "Начало"})
            for number, (way, write) in enumerate(self.ways(model, record, name)):
                setattr(record, name, f"Сергей {number}")
                write()
                found = model.objects.get(pk=record.pk)
                with self.subTest(model=model.__name__, way=way):
                    self.assertEqual((getattr(found, name), found.folded), (f"Сергей {number}", folded(found)))
                    self.assertIn(f"sergei {number}", found.folded)

    def test_follow_a_creation_by_bulk(self):
        Office.objects.bulk_create([Office(slug="office", name_ru="Сергей", name_hy="Երևան")])
        self.assertEqual(Office.objects.get().folded, "sergei erevan")

    def test_follow_a_creation_that_meets_what_is_there(self):
        Office.objects.create(slug="office", name_ru="Иван")
        again = Office(slug="office", name_ru="Сергей")
        Office.objects.bulk_create([again], update_conflicts=True, unique_fields=["slug"], update_fields=["name_ru"])
        self.assertEqual(Office.objects.get().folded, "sergei")

    def test_would_be_left_behind_by_update_which_is_refused(self):
        for model in self.MODELS:
            with self.subTest(model=model.__name__), self.assertRaises(TypeError):
                model.objects.update(**{self.text(model): "Сергей"})
        with self.assertRaises(TypeError):
            Person.objects.update(name="Сергей")
        make.person()
        self.assertEqual(Person.objects.update(gender="male"), 1)

    def test_find_a_name_in_every_script(self):
        make.person(name_ru="Сергей Рачков")
        make.person(name_hy="Երևան")
        for typed in ["Sergei", "Sergey", "СЕРГЕЙ", "rachkov"]:
            with self.subTest(typed=typed):
                self.assertEqual(Person.objects.filter(folded__contains=fold(typed)).get().name_ru, "Сергей Рачков")

    def test_of_a_row_of_which_little_was_loaded_cost_one_query_and_write_nothing_else(self):
        person = make.person()
        row = Person.objects.only("name_ru").get(pk=person.pk)
        row.name_ru = "Сергей"
        with CaptureQueriesContext(connection) as queries:
            row.save_without_historical_record()
        _reading, writing = [query["sql"] for query in queries]
        self.assertEqual(re.findall(r'"(\w+)" = ', writing.partition(" WHERE ")[0]), ["name_ru", "folded"])


# Bare translated names in calls that silently read or corrupt one language of them.

NAMES = {name for model in translated_models() for name in translated_fields(model)}
PLAIN = {model.__name__ for model in apps.get_models()} - {model.__name__ for model in translated_models()}
BY_POSITION = {
    "values", "values_list", "order_by", "only", "defer", "distinct", "dates", "in_bulk", "earliest", "latest",
    "F", "OuterRef", "Prefetch", "Lower", "Upper", "Length", "Trim", "Substr", "Concat", "Coalesce", "NullIf",
    "Greatest", "Least", "Min", "Max", "Count", "StringAgg", "ArrayAgg", "Collate", "Cast", "Left", "Right", "Replace",
    "bulk_update",
}  # fmt: skip
BY_NAME = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "update", "aggregate", "annotate", "alias", "Q",
    "When", "get_object_or_404", "get_list_or_404",
}  # fmt: skip
IN_LISTS = {"update_fields", "unique_fields", "fields", "expressions", "ordering", "defaults", "create_defaults"}
IN_META = {"Index", "UniqueConstraint"}  # seen below, where the model is known


def code():
    """(path, tree) of every Python file of the rooms, migrations apart."""
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(settings.BASE_DIR), ast.parse(path.read_text())


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def bare(lookup, model=""):
    """
    The translated name that a lookup such as "-item__title__icontains" names without its language; '' for none.

    `model`: the name of the model that is asked, where the code says it; its own plain fields may have such a name.
    """
    first, *rest = str(lookup).lstrip("-+").split("__")
    return next((part for part in ([] if model in PLAIN else [first]) + rest if part in NAMES), "")


def asked(node):
    """`Person` of Person.objects.filter(…).values(…), or whatever a chain of calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return getattr(node, "id", "")


def constants(node):
    """The strings of a list, tuple, set, of the keys of a dictionary, or the string itself."""
    parts = getattr(node, "elts", None) or getattr(node, "keys", None) or [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def bare_names(tree):
    """(line, call, name) of every bare translated name in a call that would read or write one language of it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        call = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        lookups = [string for arg in node.args for string in constants(arg)] if call in BY_POSITION else []
        for keyword in node.keywords:
            if keyword.arg in IN_LISTS and call not in IN_META:
                lookups += constants(keyword.value)
            elif keyword.arg and call in BY_NAME and not is_template_filter(node):
                lookups.append(keyword.arg)
        names = [bare(lookup, asked(node.func)) for lookup in lookups]
        yield from ((node.lineno, call, name) for name in names if name)


def is_template_filter(node):
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "register"


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ('Person.objects.values("name")', "values"),
        ('Person.objects.values_list("pk", "name", flat=True)', "values_list"),
        ('NewsRelease.objects.filter(withdrawn=False).values("item__title")', "values"),
        ('Person.objects.order_by("-name")', "order_by"),
        ('person.save(update_fields=["name"])', "save"),
        ('Person.objects.bulk_update(people, ["name"])', "bulk_update"),
        ('Person.objects.bulk_update(people, fields=["name"])', "bulk_update"),
        ('Person.objects.aggregate(Max("name"))', "Max"),
        ('Person.objects.get_or_create(name="Viktor")', "get_or_create"),
        ('Person.objects.update_or_create(slug="a", defaults={"name": "Viktor"})', "update_or_create"),
        ('Person.objects.annotate(low=Lower("name"))', "Lower"),
        ('Person.objects.filter(slug=F("name"))', "F"),
        ('Person.objects.filter(name__icontains="a")', "filter"),
        ('Membership.objects.exclude(Q(person__name="a"))', "Q"),
        ('Person.objects.update(name="a")', "update"),
    ],
)
def test_the_walk_sees_a_bare_name(source, call):
    assert [found[1] for found in bare_names(ast.parse(source))] == [call]


def test_the_walk_lets_language_columns_and_plain_fields_pass():
    for source in [
        'Person.objects.filter(name_en="a").order_by("name_ru").values(column("name", code), "slug")',
        'Group.objects.get_or_create(name="Editors")',
        'NewsRelease.objects.filter(withdrawn=False).values("title")',
    ]:
        assert list(bare_names(ast.parse(source))) == []


def test_no_code_names_a_translated_field_without_its_language():
    found = [f"{path}:{line} {call}({name})" for path, tree in code() for line, call, name in bare_names(tree)]
    assert found == []


def test_no_model_orders_or_indexes_by_a_translated_field_without_its_language():
    for model in translated_models():
        options = model._meta
        named = [name.expression.name for name in map(_expression, options.ordering)]
        named += [name for part in [*options.indexes, *options.constraints] for name in getattr(part, "fields", ())]
        assert [name for name in named if name.lstrip("-") in translated_fields(model)] == [], model


def _expression(order):
    return order if isinstance(order, models.expressions.OrderBy) else models.F(order.lstrip("-")).asc()
