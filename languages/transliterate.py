"""Readable Latin for all languages of the site, letter by letter, and addresses made from it.

Romanisations: the tables of BGN/PCGN for each language, written without diacritics as English-language papers do
(Khrushchyov, Mazhilis, Jogorku Kenesh, Yerevan), with these decisions:

- Cyrillic е is "ye" at the start of a word, after a vowel and after a hard or soft sign: Yelena, Tokayev, Solovyev.
- Hard and soft signs are left out.
- Russian and Belarusian -ий and -ый at the end of a word are "y": Dmitry, Rachkovsky.
- ң is "n" and Kyrgyz ж is "j", as the parliament writes itself (Jogorku Kenesh).
- Belarusian г is "h" and ў is "u". Kazakh and Tajik қ is "q"; ғ is "g" in Kazakh and "gh" in Tajik.
- Armenian ե and ո are "ye" and "vo" at the start of a word (but ով is "ov"), ու is "u", և is "ev".
"""

import re
import unicodedata

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ў": "u", "ә": "a", "ғ": "gh", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h",
    "ӣ": "i", "ӯ": "u", "ҳ": "h", "ҷ": "j", "ґ": "g", "є": "ye", "ї": "yi",
}  # fmt: skip
ARMENIAN = {
    "ա": "a", "բ": "b", "գ": "g", "դ": "d", "ե": "e", "զ": "z", "է": "e", "ը": "y", "թ": "t", "ժ": "zh", "ի": "i",
    "լ": "l", "խ": "kh", "ծ": "ts", "կ": "k", "հ": "h", "ձ": "dz", "ղ": "gh", "ճ": "ch", "մ": "m", "յ": "y", "ն": "n",
    "շ": "sh", "ո": "o", "չ": "ch", "պ": "p", "ջ": "j", "ռ": "r", "ս": "s", "վ": "v", "տ": "t", "ր": "r", "ց": "ts",
    "ւ": "v", "փ": "p", "ք": "k", "օ": "o", "ֆ": "f",
    # The marks of emphasis, exclamation and question stand inside a word and have no Latin counterpart there.
    "՛": "", "՜": "", "՞": "", "՚": "'", "՝": ",", "։": ".", "֊": "-",
}  # fmt: skip
GENERAL = CYRILLIC | ARMENIAN
OWN = {
    "en": {},
    "ru": {},
    "be": {"г": "h"},
    "kk": {"ғ": "g"},
    "ky": {"ж": "j"},
    "hy": {},
    "tg": {},
}
# Latin letters that do not come apart into an ASCII letter and a mark.
LATIN = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ə": "a", "ŋ": "n",
    "ħ": "h",
}  # fmt: skip

APOSTROPHES = "'`´ʹʺʻʼʽˈ‘’‛′″՚ꞌ＇"

WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f՛՜՞]*)+")
YE = re.compile(r"(?:^|(?<=[аеёиоуыэюяіїєәөұүӣӯўъь]))е", re.IGNORECASE)
FINAL_Y = re.compile(r"[иы]й$", re.IGNORECASE)
ARMENIAN_GROUPS = re.compile(r"ո[՛՜՞]?ւ|^եւ|եւ|^և|և|^ե|^ո(?!վ)", re.IGNORECASE)
ARMENIAN_LATIN = {"ու": "u", "եւ": "ev", "և": "ev", "ե": "ye", "ո": "vo"}


def _with_capitals(table):
    return str.maketrans({letter.upper(): latin.capitalize() for letter, latin in table.items()} | table)


TABLES = {language: _with_capitals(GENERAL | own) for language, own in OWN.items()}
TABLES[None] = _with_capitals(GENERAL)
LATIN_TABLE = str.maketrans(LATIN)


def transliterate(text, language=None):
    """The text in Latin letters; what is neither Cyrillic nor Armenian stays as it is.

    `language` is the language of the text, None where it is not known. KeyError for a language the site does not have.
    """
    table = TABLES[language]

    def latin(match):
        word = match[0]
        spelled = ARMENIAN_GROUPS.sub(_armenian_group, word)
        spelled = YE.sub(lambda e: "Ye" if e[0] == "Е" else "ye", spelled)
        if language in ("ru", "be"):
            spelled = FINAL_Y.sub("y", spelled)
        spelled = spelled.translate(table)
        return spelled.upper() if len(word) > 1 and word.isupper() else spelled

    return WORD.sub(latin, unicodedata.normalize("NFC", text)).translate(table)


def _armenian_group(match):
    group = match[0].lower()
    letters = group[0] + group[-1] if len(group) > 1 else group
    spelled = ARMENIAN_LATIN[letters]
    if match.start() == 0 and spelled == "ev":
        spelled = "yev"
    return spelled.capitalize() if match[0][0].isupper() else spelled


def slugify(text, language=None, max_length=80):
    """Lower case ASCII words joined by hyphens, at most `max_length` characters; '' where nothing usable is left.

    Cut between words where that is possible. Never without a letter: an address that is only a number looks like a year
    or an id, so it gets "n-" before it ("2025" becomes "n-2025").
    """
    latin = transliterate(unicodedata.normalize("NFKC", text), language).lower().translate(LATIN_TABLE)
    bare = (c for c in unicodedata.normalize("NFKD", latin) if c not in APOSTROPHES and not unicodedata.combining(c))
    slug = _cut("-".join(re.findall(r"[a-z0-9]+", "".join(bare))), max_length)
    if slug and not re.search(r"[a-z]", slug):
        slug = _cut(f"n-{slug}", max_length)
    return slug


def _cut(slug, max_length):
    if len(slug) <= max_length:
        return slug
    whole_words, hyphen, _ = slug[: max_length + 1].rpartition("-")
    return whole_words if hyphen else slug[:max_length]
