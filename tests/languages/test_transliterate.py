import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.alphabets import ALPHABETS, letters
from languages.transliterate import slugify, transliterate

LETTERS = {
    "en": "a a b b c c d d e e f f g g h h i i j j k k l l m m n n o o p p q q r r s s t t u u v v w w x x y y z z",
    "ru": "а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch "
    "ш sh щ shch ъ - ы y ь - э e ю yu я ya",
    "be": "а a б b в v г h д d е e ё yo ж zh з z і i й y к k л l м m н n о o п p р r с s т t у u ў u ф f х kh ц ts "
    "ч ch ш sh ы y ь - э e ю yu я ya",
    "kk": "а a ә a б b в v г g ғ g д d е e ё yo ж zh з z и i й y к k қ q л l м m н n ң n о o ө o п p р r с s т t у u "
    "ұ u ү u ф f х kh һ h ц ts ч ch ш sh щ shch ъ - ы y і i ь - э e ю yu я ya",
    "ky": "а a б b в v г g д d е e ё yo ж j з z и i й y к k л l м m н n ң n о o ө o п p р r с s т t у u ү u ф f х kh "
    "ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya",
    "hy": "ա a բ b գ g դ d ե e զ z է e ը y թ t ժ zh ի i լ l խ kh ծ ts կ k հ h ձ dz ղ gh ճ ch մ m յ y ն n շ sh ո o չ ch "
    "պ p ջ j ռ r ս s վ v տ t ր r ց ts ւ v փ p ք k և ev օ o ֆ f",
    "tg": "а a б b в v г g ғ gh д d е e ё yo ж zh з z и i ӣ i й y к k қ q л l м m н n о o п p р r с s т t у u ӯ u ф f "
    "х kh ҳ h ч ch ҷ j ш sh ъ - э e ю yu я ya",
}


def pairs(language):
    parts = ["" if part == "-" else part for part in LETTERS[language].split()]
    return list(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("language", LETTERS)
def test_every_letter_of_the_alphabet_has_its_latin_inside_a_word(language):
    assert "".join(letter for letter, _ in pairs(language)) == ALPHABETS[language]
    # After a consonant that joins no letter to a group.
    assert [transliterate(f"բ{letter}", language)[1:] for letter, _ in pairs(language)] == [
        latin for _, latin in pairs(language)
    ]


@pytest.mark.parametrize("language", LETTERS)
def test_no_letter_of_the_language_is_left_outside_ascii(language):
    for letter in letters(language):
        assert transliterate(letter, language).isascii()
        assert transliterate(letter).isascii()


@pytest.mark.parametrize(
    ("language", "text", "latin"),
    [
        ("ru", "Виктор Рогалёв", "Viktor Rogalyov"),
        ("ru", "Елена Николаевна Соловьева", "Yelena Nikolayevna Solovyeva"),
        ("ru", "Дмитрий Рачковский, Белый", "Dmitry Rachkovsky, Bely"),
        ("ru", "объезд", "obyezd"),
        ("ru", "Щукин и ЩИТ", "Shchukin i SHCHIT"),
        ("be", "Сяргей Рачкоў, Гомель, аб'ект", "Syarhey Rachkou, Homel, ab'yekt"),
        ("be", "Еўропа", "Yeuropa"),
        ("kk", "Мәжіліс", "Mazhilis"),
        ("kk", "Қазақстан Республикасының Парламенті", "Qazaqstan Respublikasynyn Parlamenti"),
        ("kk", "Ерлан Тоқаев", "Yerlan Toqayev"),
        ("ky", "Жогорку Кеңеш", "Jogorku Kenesh"),
        ("ky", "Шабданбек Алишев", "Shabdanbek Alishev"),
        ("hy", "Սերգեյ Փաշինյան", "Sergey Pashinyan"),
        ("hy", "Երևան, ԵՐԵՎԱՆ", "Yerevan, YEREVAN"),
        ("hy", "Ուլիխանյան", "Ulikhanyan"),
        ("hy", "Ոսկան, ով, Օհան", "Voskan, ov, Ohan"),
        ("hy", "Ինչո՞ւ։", "Inchu."),
        ("hy", "եւ և նաև", "yev yev naev"),
        ("tg", "Тоҷикистон", "Tojikiston"),
        ("tg", "Эмомалӣ Раҳмон, Ғафуров", "Emomali Rahmon, Ghafurov"),
        (None, "Қазақстан, Тоҷикистон, Мажилис, Երևան", "Qazaqstan, Tojikiston, Mazhilis, Yerevan"),
    ],
)
def test_names_are_written_as_readers_of_english_know_them(language, text, latin):
    assert transliterate(text, language) == latin


def test_letters_written_with_a_separate_mark_are_the_same_letters():
    assert transliterate(unicodedata.normalize("NFD", "Рогалёв Сергей"), "ru") == "Rogalyov Sergey"


def test_latin_text_stays_as_it_is():
    assert transliterate("Café “Łódź”, 2025", "en") == "Café “Łódź”, 2025"


def test_a_language_the_site_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        transliterate("Рогалев", "uz")


@pytest.mark.parametrize(
    ("text", "language", "slug"),
    [
        ("Тоҷикистон", "tg", "tojikiston"),
        ("Հայաստան", "hy", "hayastan"),
        ("Постоянная комиссия, 7 октября 2025 г.", "ru", "postoyannaya-komissiya-7-oktyabrya-2025-g"),
        ("Аб’ект і аб'ект", "be", "abyekt-i-abyekt"),
        ("O’Neil & Straße, Łódź", "en", "oneil-strasse-lodz"),
        ("--- A  b ---", None, "a-b"),
    ],
)
def test_a_slug_is_lower_case_ascii_words_joined_by_hyphens(text, language, slug):
    assert slugify(text, language) == slug


@pytest.mark.parametrize(("text", "slug"), [("2025", "n-2025"), ("2025-10-07", "n-2025-10-07"), ("5!", "n-5")])
def test_digits_alone_get_a_letter_before_them(text, slug):
    assert slugify(text) == slug


@pytest.mark.parametrize("nothing", ["", "—", "🙂", "\0", "\ud800", "北京"])
def test_nothing_usable_makes_no_slug(nothing):
    assert slugify(nothing) == ""


def test_a_long_slug_ends_with_a_whole_word():
    assert slugify("meeting of the commission", max_length=14) == "meeting-of-the"
    assert slugify("meeting of the commission", max_length=13) == "meeting-of"


def test_a_first_word_longer_than_allowed_is_cut():
    assert slugify("interparliamentary assembly", max_length=5) == "inter"


def test_a_slug_cut_to_its_number_gets_a_letter_too():
    assert slugify("2025 interparliamentary", max_length=10) == "n-2025"


@given(st.text() | st.text("aй 2-ո"), st.sampled_from([*LETTERS, None]), st.integers(3, 90))
def test_every_slug_has_the_form_the_length_and_a_letter(text, language, max_length):
    slug = slugify(text, language, max_length)
    assert slug == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= max_length
    assert not slug or re.search("[a-z]", slug)
    assert slugify(slug, language, max_length) == slug
