from datetime import date, datetime
from importlib import import_module

import pytest

from languages.dates import (
    AND,
    MONTHS,
    MONTHS_IN_DATE,
    QUOTES,
    join_list,
    month_name,
    written_day,
    written_month,
)

DAYS = {
    "en": """7 January 2025; 7 February 2025; 7 March 2025; 7 April 2025; 7 May 2025; 7 June 2025; 7 July 2025;
        7 August 2025; 7 September 2025; 7 October 2025; 7 November 2025; 7 December 2025""",
    "ru": """7 января 2025 г.; 7 февраля 2025 г.; 7 марта 2025 г.; 7 апреля 2025 г.; 7 мая 2025 г.; 7 июня 2025 г.;
        7 июля 2025 г.; 7 августа 2025 г.; 7 сентября 2025 г.; 7 октября 2025 г.; 7 ноября 2025 г.;
        7 декабря 2025 г.""",
    "be": """7 студзеня 2025 г.; 7 лютага 2025 г.; 7 сакавіка 2025 г.; 7 красавіка 2025 г.; 7 мая 2025 г.;
        7 чэрвеня 2025 г.; 7 ліпеня 2025 г.; 7 жніўня 2025 г.; 7 верасня 2025 г.; 7 кастрычніка 2025 г.;
        7 лістапада 2025 г.; 7 снежня 2025 г.""",
    "kk": """2025 жылғы 7 қаңтар; 2025 жылғы 7 ақпан; 2025 жылғы 7 наурыз; 2025 жылғы 7 сәуір; 2025 жылғы 7 мамыр;
        2025 жылғы 7 маусым; 2025 жылғы 7 шілде; 2025 жылғы 7 тамыз; 2025 жылғы 7 қыркүйек; 2025 жылғы 7 қазан;
        2025 жылғы 7 қараша; 2025 жылғы 7 желтоқсан""",
    "ky": """2025-жылдын 7-январы; 2025-жылдын 7-февралы; 2025-жылдын 7-марты; 2025-жылдын 7-апрели;
        2025-жылдын 7-майы; 2025-жылдын 7-июну; 2025-жылдын 7-июлу; 2025-жылдын 7-августу; 2025-жылдын 7-сентябры;
        2025-жылдын 7-октябры; 2025-жылдын 7-ноябры; 2025-жылдын 7-декабры""",
    "hy": """7 հունվարի, 2025 թ.; 7 փետրվարի, 2025 թ.; 7 մարտի, 2025 թ.; 7 ապրիլի, 2025 թ.; 7 մայիսի, 2025 թ.;
        7 հունիսի, 2025 թ.; 7 հուլիսի, 2025 թ.; 7 օգոստոսի, 2025 թ.; 7 սեպտեմբերի, 2025 թ.; 7 հոկտեմբերի, 2025 թ.;
        7 նոյեմբերի, 2025 թ.; 7 դեկտեմբերի, 2025 թ.""",
    "tg": """7 январи соли 2025; 7 феврали соли 2025; 7 марти соли 2025; 7 апрели соли 2025; 7 майи соли 2025;
        7 июни соли 2025; 7 июли соли 2025; 7 августи соли 2025; 7 сентябри соли 2025; 7 октябри соли 2025;
        7 ноябри соли 2025; 7 декабри соли 2025""",
}


@pytest.mark.parametrize("language", DAYS)
def test_a_day_of_every_month_is_written_out(language):
    expected = [day.strip() for day in DAYS[language].split(";")]
    assert [written_day(date(2025, month, 7), language) for month in range(1, 13)] == expected


def test_a_datetime_is_written_as_its_day():
    assert written_day(datetime(2025, 10, 7, 23, 59), "en") == "7 October 2025"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "October 2025"),
        ("ru", "октябрь 2025 г."),
        ("be", "кастрычнік 2025 г."),
        ("kk", "2025 жылғы қазан"),
        ("ky", "2025-жылдын октябры"),
        ("hy", "2025 թ. հոկտեմբեր"),
        ("tg", "октябри соли 2025"),
    ],
)
def test_a_month_of_a_year_is_written_out(language, written):
    assert written_month(2025, 10, language) == written


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "May"),
        ("ru", "Май"),
        ("be", "Май"),
        ("kk", "Мамыр"),
        ("ky", "Май"),
        ("hy", "Մայիս"),
        ("tg", "Май"),
    ],
)
def test_a_month_as_a_heading_is_nominative_with_a_capital(language, name):
    assert month_name(5, language) == name


@pytest.mark.parametrize("language", DAYS)
def test_twelve_different_months_in_both_forms(language):
    assert len(set(MONTHS[language])) == len(set(MONTHS_IN_DATE[language])) == 12


@pytest.mark.parametrize("month", [0, -1, 13])
def test_a_month_that_is_none_is_an_error(month):
    with pytest.raises(ValueError):
        month_name(month, "en")
    with pytest.raises(ValueError):
        written_month(2025, month, "en")


@pytest.mark.parametrize(
    ("language", "joined"),
    [
        ("en", "a, b and c"),
        ("ru", "a, b и c"),
        ("be", "a, b і c"),
        ("kk", "a, b және c"),
        ("ky", "a, b жана c"),
        ("hy", "a, b և c"),
        ("tg", "a, b ва c"),
    ],
)
def test_a_list_ends_with_the_language_s_word_for_and(language, joined):
    assert join_list(["a", "b", "c"], language) == joined


def test_short_lists_need_no_comma():
    assert [join_list(parts, "en") for parts in ([], ["a"], ["a", "b"])] == ["", "a", "a and b"]


def test_every_language_has_its_quotation_marks_and_its_and():
    assert [QUOTES[language] for language in DAYS] == [("“", "”")] + [("«", "»")] * 6
    assert list(AND) == list(DAYS)


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("en", "j F Y"),
        ("be", "j E Y г."),
        ("kk", "Y жылғы j E"),
        ("ky", "Y-жылдын j-E"),
        ("hy", "j E, Y թ."),
        ("tg", "j Eи соли Y"),
    ],
)
def test_django_is_given_the_same_long_form(language, pattern):
    assert pattern == import_module(f"languages.formats.{language}.formats").DATE_FORMAT


@pytest.mark.parametrize("language", ["be", "kk", "hy"])
def test_a_language_django_has_no_formats_for_gets_all_of_them(language):
    given = {name for name in vars(import_module(f"languages.formats.{language}.formats")) if name.isupper()}
    django = {name for name in vars(import_module("django.conf.locale.ru.formats")) if name.isupper()}
    assert given == django


def test_a_date_with_slashes_is_refused_in_english():
    formats = import_module("languages.formats.en.formats")
    assert not [pattern for pattern in formats.DATE_INPUT_FORMATS + formats.DATETIME_INPUT_FORMATS if "/" in pattern]
