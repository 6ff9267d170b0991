"""One normal form of a name or text, for search and for telling that two spellings are one name.

A text is written in Latin letters (`transliterate`, language unknown), loses case, marks and punctuation, and then the
spellings that differ between romanisations become one:

| Written                                    | Folded  | So that these meet                                  |
|--------------------------------------------|---------|-----------------------------------------------------|
| и й і ы ӣ, i y ı; j in -ej, -ij, -ija      | i       | Sergei Sergey Sergej; Rachkovsky Rachkovskii        |
| е э ё є, e ye ie, yo io before a consonant | e       | Rogalev Rogaliov Rogalyov; Yelena Elena; Petr Pyotr |
|   but -ion after s sh t g n p stays        | ion     | session, region                                     |
| o before v after ch sh zh                  | e       | Gorbachov Gorbachev                                 |
| а ә, о ө, у ў ү ұ ӯ, ң, any mark           | a o u n | Мәжіліс Мажилис; Кеңеш Kenesh; Lukašenka Лукашенка  |
| ж ҷ җ ջ, zh j ž dzh dj                     | zh      | Japarov Жапаров Джапаров; Тоҷикистон Tojikiston     |
| ч ճ չ, ch tch č ç                          | ch      | Khachatryan Khatchatrian                            |
| ш щ, sh sch shch š ş                       | sh      | Shcherbakov Scherbakov Щербаков; Шчасны Щасный      |
| х һ ҳ, h kh; silent after g t              | h       | Rahmon Rakhmon; Ghafur Gafur; Martha Marta          |
| michail, michael                           | mih-    | Michail Mikhail Михаил                              |
| ф ֆ, f ph                                  | f       | Philip Filip                                        |
| ц, ts tz, c before e i y                   | ts      | Kuznetsov Kuznetzov; Marcin Марцин                  |
| к қ, k q c ck                              | k       | Viktor Victor; Qazaq Kazak                          |
| x                                          | ks      | Maxim Максим                                        |
| w                                          | v       | Washington Вашингтон                                |
| letters written twice                      | once    | Kassym Kasym                                        |
| ъ ь and apostrophes                        | none    | Tat'yana Tatiana                                    |

Not unified, because it would join different names: a and o, г read as h (Homel, Gomel), х dropped (Hakob, Акоп), j for
y at the start (Jurij), c for ts before other vowels (Kuznecov), ch for х elsewhere. Such a spelling is entered as
another name of the person. Letters of other scripts stay, without their marks. Digits become ASCII digits.
"""

import re
import unicodedata
from functools import lru_cache

from .transliterate import APOSTROPHES, LATIN, transliterate

# Sounds written with two letters are one letter while a word is folded, and two again in the result.
DIGRAPHS = {"š": "sh", "ž": "zh", "č": "ch"}
MARKED = {"š": "sh", "ş": "sh", "ś": "sh", "ž": "zh", "ź": "zh", "č": "ch", "ç": "ch", "ć": "ch"}
# ё and е are one letter in many printed names. җ is the Tatar and Dungan sound of ҷ.
BEFORE_LATIN = {"ё": "е", "җ": "ж"} | MARKED | LATIN

J_READ_AS_I = re.compile(r"(?<=[ei])j\b|(?<=i)j(?=a\b)")
SOFT_C = re.compile(r"c(?=[eiy])")
HARD_C = re.compile(r"c(?!h)")
ONE_LETTER = str.maketrans({"y": "i", "j": "ž", "w": "v", "q": "k", "x": "ks"})

CONSONANTS = frozenset("bcdfghjklmnpqrstvwxzšžč")
PAIRS = {
    "ie": "e", "sh": "š", "zh": "ž", "ch": "č", "kh": "h", "gh": "g", "th": "t", "ph": "f", "tz": "ts",
    "tč": "č", "dž": "ž", "tž": "tš", "sč": "š", "sš": "š", "šč": "š", "zž": "ž",
}  # fmt: skip


def fold(text):
    """The normal form: words of [a-z0-9] and letters of other scripts, joined by single spaces; '' for nothing.

    Equal for spellings of one name, idempotent, linear in the length of the text; takes any string.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_KEPT)
    words = transliterate(text).translate(_KEPT).split()
    # Long "words" are not remembered: a visitor could fill the memory with them.
    return " ".join(_fold_word(word) if len(word) <= 40 else _fold_word.__wrapped__(word) for word in words)


class _Kept(dict):
    """A table for `str.translate` that asks `_kept` instead of holding all of Unicode."""

    def __missing__(self, code):
        return _kept(chr(code))


_KEPT = _Kept()


@lru_cache(maxsize=4096)
def _kept(char):
    """What becomes of a character before spellings are compared: '' inside a word, ' ' where it parts words."""
    if char in BEFORE_LATIN:
        return BEFORE_LATIN[char]
    if char in APOSTROPHES or char in "՛՜՞":
        return ""
    if transliterate(char) != char:
        return char  # й and ў would come apart into a letter and a mark, and must reach the tables whole
    return "".join(_kept_part(part) for part in unicodedata.normalize("NFKD", char))


def _kept_part(char):
    category = unicodedata.category(char)
    if category[0] == "M" or category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return char if char.isalnum() else " "


@lru_cache(maxsize=65536)
def _fold_word(word):
    word = J_READ_AS_I.sub("i", word)
    word = HARD_C.sub("k", SOFT_C.sub("ts", word)).translate(ONE_LETTER)
    letters = []
    for letter in word:
        _reread(letters, letter)
        _push(letters, letter)
    return "".join(DIGRAPHS.get(letter, letter) for letter in letters)


def _reread(letters, following):
    """What the letter that follows says about the last ones: Rogaliov, not session; Gorbachov; Michail."""
    ending_ion = following == "n" and letters[-3:-2] and letters[-3] in "stgnpš"
    if following in CONSONANTS and letters[-2:] == ["i", "o"] and not ending_ion:
        del letters[-2:]
        _push(letters, "e")
    if following == "v" and letters[-1:] == ["o"] and letters[-2:-1] and letters[-2] in DIGRAPHS:
        letters[-1] = "e"
    if following in "ie" and letters[-4:] == ["m", "i", "č", "a"]:
        letters[-2] = "h"


def _push(letters, letter):
    """Add a letter, so that no pair of `PAIRS` and no letter of ours twice stands side by side."""
    pending = [letter]
    while pending:
        letter = pending.pop()
        last = letters[-1] if letters else ""
        if last == letter and (letter in CONSONANTS or letter in "aeiou"):
            continue
        if last + letter in PAIRS:
            letters.pop()
            pending.extend(reversed(PAIRS[last + letter]))
        else:
            letters.append(letter)
