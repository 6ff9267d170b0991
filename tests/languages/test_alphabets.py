import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.alphabets import ALPHABETS, letters, sort_key


@pytest.mark.parametrize(
    ("language", "count"), [("en", 26), ("ru", 33), ("be", 32), ("kk", 42), ("ky", 36), ("hy", 39), ("tg", 35)]
)
def test_an_alphabet_has_each_letter_once(language, count):
    assert len(ALPHABETS[language]) == len(set(ALPHABETS[language])) == count


IN_ORDER = {
    "en": "Alishev élan Kogut Krotov Rogalev",
    "ru": "Алишев Когут Кротов Рогалев Яковлев",
    "be": "Еўропа Ёлка Іванова Йодкавічы Мінск Учора Ўсход Фінляндыя",
    "kk": "Алматы Әлия Бек Гүл Ғалым Дос Кен Қала Лала Нан Ңа Он Өзен Пан Ул Ұл Үй Фа Ха Һа Цех Ы Іле Э",
    "ky": "Нан Ңа Ош Өзгөн Пан Уч Үч Фа",
    "hy": "Արամ Երևան Էդուարդ Ցոլակ Ուլիխանյան Փաշինյան Քոչարյան Օհան Ֆելիքս",
    "tg": "Гул Ғафур Дил Имом Ӣд Йод Кор Қосим Лола Умед Ӯзбек Фарҳод Хуҷанд Ҳисор Чор Ҷамшед Шариф",
}


@pytest.mark.parametrize("language", IN_ORDER)
def test_names_stand_in_the_order_of_the_alphabet(language):
    assert in_order(language, *IN_ORDER[language].split())


def in_order(language, *names):
    backwards = names[::-1]
    return sorted(backwards, key=lambda name: sort_key(name, language)) == list(names)


def test_case_decides_only_between_equal_names():
    assert in_order("ru", "Кротов", "кротов", "Кротова", "крохин")


def test_russian_lists_do_not_part_names_by_the_dots_of_yo():
    assert in_order("ru", "Елизаров", "Ёлкин", "Елок", "Жуков")
    assert in_order("ru", "Королев", "Королёв", "Королева")


def test_foreign_letters_follow_the_alphabet_in_their_own_order():
    assert in_order("ru", "Алишев", "Яковлев", "Kogut", "Krotov", "Әлиев", "Քոչարյան")
    assert in_order("en", "Krotov", "Zaitsev", "Алишев", "Кротов", "Արամ", "Ցոլակ")
    assert in_order("hy", "Արամ", "Ֆելիքս", "Kogut", "Кротов")


def test_a_mark_foreign_to_the_alphabet_decides_only_between_equal_names():
    assert in_order("en", "Eder", "Édith", "Elan")


def test_names_are_compared_word_by_word():
    assert in_order("ru", "Ким", "Ким-Петров", "Ким Юрий", "Кимов")


def test_digits_come_before_letters_and_punctuation_does_not_count():
    assert in_order("en", "2025", "Commission", "“Council”", "Delegation")


def test_armenian_u_and_ev_are_letters_of_their_own():
    assert in_order("hy", "Կոֆե", "Կուկ")
    assert in_order("hy", "Ար", "Արեք", "Արեօ", "Արզ", "Արև")
    assert sort_key("Արեւ", "hy")[0] == sort_key("Արև", "hy")[0]


@given(st.text(), st.text(), st.sampled_from(list(ALPHABETS)))
def test_any_two_texts_can_be_compared(one, other, language):
    assert (sort_key(one, language) < sort_key(other, language)) == (
        sort_key(one, language) != sort_key(other, language) and not sort_key(other, language) < sort_key(one, language)
    )


def test_letters_come_in_both_cases():
    assert letters("en") == frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert set("ӣӢқҚӯӮҳҲҷҶғҒ") <= letters("tg")
    assert set("әӘіІңҢғҒүҮұҰқҚөӨһҺ") <= letters("kk")
    assert set("ևֆՖՒ") <= letters("hy")


def test_a_language_the_site_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        sort_key("Рогалев", "uz")
    with pytest.raises(KeyError):
        letters("uz")
