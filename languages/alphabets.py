"""The alphabets, and names in their order. Python has no collations by language, and neither has SQLite."""

import unicodedata
from functools import cache

# Official order. Armenian ու has the place of ւ and և stands after ք, as the alphabet is taught in Armenia.
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ky": "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя",
    "hy": "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքևօֆ",
    "tg": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
}
# Letters foreign to an alphabet follow it in this order: Latin, Cyrillic, Armenian, any other by code point.
FOREIGN = ALPHABETS["en"] + "аәбвгґғдеёєжзиӣіїйкқлмнңоөпрстуўӯұүфхҳһцчҷшщъыьэюя" + ALPHABETS["hy"]
WORD_BREAKS = frozenset("-‐‑–—֊/")
SPACE, DIGIT, LETTER, FOREIGN_LETTER, OTHER_LETTER = range(5)


def letters(language):
    """The letters of a language in both cases. KeyError for a language the site does not have."""
    alphabet = ALPHABETS[language]
    return frozenset(alphabet) | frozenset(letter.upper() for letter in alphabet if len(letter.upper()) == 1)


def sort_key(text, language):
    """A key by which names stand in the order of the language's alphabet, word by word.

    Case and marks foreign to the alphabet (é, stress) decide only between names that are otherwise equal, and so does
    ё in Russian, where lists put Ёлкин between Елизаров and Елок; in the other languages ё is a letter after е. Digits
    come before letters, punctuation does not count. Shape: (((group, place), ...), lower case text, text).
    KeyError for a language the site does not have.
    """
    plain = unicodedata.normalize("NFC", text).lower()
    spelled = plain.replace("ու", "ւ").replace("եւ", "և") if language == "hy" else plain
    return tuple(_places(spelled, language)), plain, text


def _places(spelled, language):
    order = _order(language)
    for char in spelled:
        if char in order:
            yield order[char]
            continue
        if char.isspace() or char in WORD_BREAKS:
            yield SPACE, 0
        for part in unicodedata.normalize("NFKD", char):
            if part in order:
                yield order[part]
            elif part.isdecimal():
                yield DIGIT, unicodedata.decimal(part)
            elif part.isalpha():
                yield OTHER_LETTER, ord(part)


@cache
def _order(language):
    order = {letter: (FOREIGN_LETTER, place) for place, letter in enumerate(FOREIGN)}
    order |= {letter: (LETTER, place) for place, letter in enumerate(ALPHABETS[language])}
    if language == "ru":
        order["ё"] = order["е"]
    return order
