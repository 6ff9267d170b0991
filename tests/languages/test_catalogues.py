"""The interface's sentences are found wherever they stand, and a catalogue keeps what was translated."""

import gettext

import pytest
from django.core.management import CommandError, call_command

from languages import CODES, catalogues


@pytest.fixture
def locale(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "locale")
    return tmp_path / "locale"


def found_in(file, text):
    file.write_text(text)
    return catalogues.extracted([file])


def translate(code, message, translation):
    path = catalogues.path(code)
    empty = f'msgid "{message}"\nmsgstr "'
    path.write_text(path.read_text().replace(f'{empty}"', f'{empty}{translation}"'))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('_("Today")', (None, "Today", None)),
        ('gettext_lazy("To" "day")', (None, "Today", None)),
        ('ngettext("%(n)d seat", "%(n)d seats", n)', (None, "%(n)d seat", "%(n)d seats")),
        ('pgettext_lazy("month", "May")', ("month", "May", None)),
        ('npgettext("of a house", "%(n)d seat", "%(n)d seats", n)', ("of a house", "%(n)d seat", "%(n)d seats")),
    ],
)
def test_a_message_is_found_in_code(tmp_path, source, message):
    assert found_in(tmp_path / "views.py", source) == {message: []}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{% translate "Today" %}', (None, "Today", None)),
        ('{% translate "May" context "month" as name %}', ("month", "May", None)),
        ('{% translate "All of it: 100 %" %}', (None, "All of it: 100 %%", None)),
        ('{{ title|default:_("Untitled") }}', (None, "Untitled", None)),
        ('{% if name == _("Untitled") %}', (None, "Untitled", None)),
        ("{% blocktranslate %}Since {{ day }}{% endblocktranslate %}", (None, "Since %(day)s", None)),
        (
            "<p>\n      {% blocktranslate trimmed %}\n   Since\n {{ day }}\n  {% endblocktranslate %}\n    isn't (\n",
            (None, "Since %(day)s", None),
        ),
        (
            '{% blocktranslate count n=seats context "of a house" trimmed %}\n  {{ n }} seat\n'
            "{% plural %}\n  {{ n }} seats\n{% endblocktranslate %}",
            ("of a house", "%(n)s seat", "%(n)s seats"),
        ),
    ],
)
def test_a_message_is_found_in_a_template(tmp_path, source, message):
    assert found_in(tmp_path / "page.html", source) == {message: []}


def test_what_is_said_to_translators_stands_with_the_message(tmp_path):
    code = found_in(tmp_path / "views.py", '# Translators: a day\n_("Today")')
    template = found_in(tmp_path / "page.html", '{# Translators: a day #}\n{% translate "Today" %}')
    assert code == template == {(None, "Today", None): ["Translators: a day"]}


def test_a_message_that_also_counts_is_one_message(tmp_path):
    found = found_in(tmp_path / "views.py", '_("seat"); ngettext("seat", "seats", n); _("seat")')
    assert found == {(None, "seat", "seats"): []}


def test_rooms_are_searched_and_nothing_beside_them(tmp_path):
    for name in [
        "news/views.py", "templates/base.html", "news/migrations/0001_initial.py", "tests/test_news.py",
        ".venv/lib/django.py", "var/old.py", "docs/editors.txt", "static/js/menu.html", "README.txt",
    ]:  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [str(file.relative_to(tmp_path)) for file in catalogues.sources(tmp_path)]
    assert found == ["news/views.py", "templates/base.html"]


def test_a_translation_outlives_an_update(locale):
    catalogues.update("ru", {(None, "Today", None): [], (None, "Yesterday", None): []})
    translate("ru", "Today", "Сегодня")
    assert catalogues.update("ru", {(None, "Tomorrow", None): [], (None, "Today", None): []}) is True
    assert {message.id: message.string for message in catalogues.read("ru") if message.id} == {
        "Today": "Сегодня",
        "Tomorrow": "",
    }


def test_a_second_update_changes_nothing(locale):
    assert catalogues.update("ru", {(None, "Today", None): ["Translators: a day"]}) is True
    before = catalogues.path("ru").read_bytes()
    assert catalogues.update("ru", {(None, "Today", None): ["Translators: a day"]}) is False
    assert catalogues.path("ru").read_bytes() == before


def test_a_catalogue_is_sorted_and_tells_no_times_or_places(locale):
    messages = [("month", "May", None), (None, "%(n)d seat", "%(n)d seats"), (None, "Act", None)]
    catalogues.update("kk", {message: [] for message in messages})
    assert catalogues.path("kk").read_text() == (
        'msgid ""\nmsgstr ""\n"Language: kk\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        '#, python-format\nmsgid "%(n)d seat"\nmsgid_plural "%(n)d seats"\nmsgstr[0] ""\nmsgstr[1] ""\n\n'
        'msgid "Act"\nmsgstr ""\n\n'
        'msgctxt "month"\nmsgid "May"\nmsgstr ""\n\n'
    )


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", {0: 1, 1: 0, 2: 1, 5: 1, 21: 1}),
        ("ru", {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 112: 2}),
        ("be", {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 112: 2}),
        ("kk", {0: 1, 1: 0, 2: 1, 21: 1}),
        ("ky", {0: 1, 1: 0, 2: 1, 21: 1}),
        ("hy", {0: 0, 1: 0, 2: 1, 21: 1}),
        ("tg", {0: 1, 1: 0, 2: 1, 21: 1}),
    ],
)
def test_a_number_takes_the_form_of_its_language(locale, code, forms):
    catalogues.update(code, {(None, "seat", "seats"): []})
    path = catalogues.path(code)
    text = path.read_text()
    for form in range(3):
        text = text.replace(f'msgstr[{form}] ""', f'msgstr[{form}] "{form}"')
    path.write_text(text)
    assert catalogues.compile_all() == [code]
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {n: int(compiled.ngettext("seat", "seats", n)) for n in forms} == forms


def test_only_what_changed_is_compiled(locale):
    catalogues.update("ru", {(None, "Today", None): []})
    catalogues.update("kk", {(None, "Today", None): []})
    assert catalogues.compile_all() == ["ru", "kk"]
    assert catalogues.compile_all() == []
    translate("kk", "Today", "Бүгін")
    assert catalogues.compile_all() == ["kk"]


def test_what_is_missing_stale_or_would_break_is_named(locale):
    before = [(None, "Since %(day)s", None), (None, "Gone", None), (None, "{a} of {b}", None)]
    catalogues.update("ru", {message: [] for message in before})
    translate("ru", "Since %(day)s", "С %(date)s")
    translate("ru", "{a} of {b}", "{b}: {a}")
    wanted = {(None, "Since %(day)s", None): [], ("month", "May", None): [], (None, "{a} of {b}", None): []}
    assert [*catalogues.problems("ru", wanted)] == [
        "ru: missing: 'May' in the sense 'month'",
        "ru: stale: 'Gone'",
        "ru: other placeholders: 'Since %(day)s': 'С %(date)s'",
    ]


def test_one_form_of_a_counted_message_may_do_without_the_number(locale):
    message = (None, "%(n)d seat", "%(n)d seats")
    catalogues.update("hy", {message: []})
    path = catalogues.path("hy")
    path.write_text(path.read_text().replace('[0] ""', '[0] "մեկ տեղ"').replace('[1] ""', '[1] "%(n)d տեղ"'))
    assert [*catalogues.problems("hy", {message: []})] == []


def test_a_gap_is_named_but_not_in_english(locale):
    for code in CODES:
        catalogues.update(code, {(None, "Today", None): []})
        translate(code, "Today", {"en": "", "ru": "Сегодня"}.get(code, "…"))
    catalogues.update("ru", {(None, "Today", None): [], (None, "Act", None): []})
    assert {code: [*catalogues.gaps(code)] for code in ["en", "ru", "kk"]} == {
        "en": [],
        "ru": ["ru: not translated: 'Act'"],
        "kk": [],
    }


def test_the_command_writes_seven_catalogues_and_then_finds_nothing_to_do(locale, capsys):
    call_command("messages")
    assert capsys.readouterr().out.splitlines()[0] == "Catalogues written: en, ru, be, kk, ky, hy, tg."
    call_command("messages")
    assert capsys.readouterr().out.splitlines()[0] == "Nothing changed."
    call_command("messages", check=True)
    assert capsys.readouterr().out == "The catalogues are up to date.\n"
    with pytest.raises(CommandError, match=r"^ru: not translated: "):
        call_command("messages", complete=True)


def test_the_check_fails_where_a_catalogue_is_missing(locale):
    with pytest.raises(CommandError, match=r"^en: missing: "):
        call_command("messages", check=True)
    assert not locale.exists()


def test_the_catalogues_have_every_message_and_no_other():
    call_command("messages", check=True)
