"""Dates, lists and quotation marks as each language writes them, from tables of our own.

Pages use these. Django's date filter, which the admin uses, takes month names from catalogues and patterns from
`languages/formats`. Numbers are always ASCII digits. KeyError for a language the site does not have.
"""


def _table(names):
    return {language: tuple(months.split()) for language, months in names.items()}


# Standing alone: a heading, a calendar. Capitalised by `month_name` only.
MONTHS = _table(
    {
        "en": "January February March April May June July August September October November December",
        "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "be": "студзень люты сакавік красавік май чэрвень ліпень жнівень верасень кастрычнік лістапад снежань",
        "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        "ky": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "hy": "հունվար փետրվար մարտ ապրիլ մայիս հունիս հուլիս օգոստոս սեպտեմբեր հոկտեմբեր նոյեմբեր դեկտեմբեր",
        "tg": "январ феврал март апрел май июн июл август сентябр октябр ноябр декабр",
    }
)
# The form a month takes beside a day and a year: genitive (ru be hy), possessive (ky), izafet (tg).
MONTHS_IN_DATE = _table(
    {
        "en": "January February March April May June July August September October November December",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
        "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
        "ky": "январы февралы марты апрели майы июну июлу августу сентябры октябры ноябры декабры",
        "hy": "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի "
        "հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",
        "tg": "январи феврали марти апрели майи июни июли августи сентябри октябри ноябри декабри",
    }
)
DAY_PATTERNS = {
    "en": "{day} {month} {year}",
    "ru": "{day} {month} {year} г.",
    "be": "{day} {month} {year} г.",
    "kk": "{year} жылғы {day} {month}",
    "ky": "{year}-жылдын {day}-{month}",
    "hy": "{day} {month}, {year} թ.",
    "tg": "{day} {month} соли {year}",
}
# The month alone where the language counts it ("October 2025"), in its date form where the year owns it (ky, tg).
MONTH_PATTERNS = {
    "en": "{alone} {year}",
    "ru": "{alone} {year} г.",
    "be": "{alone} {year} г.",
    "kk": "{year} жылғы {alone}",
    "ky": "{year}-жылдын {month}",
    "hy": "{year} թ. {alone}",
    "tg": "{month} соли {year}",
}
QUOTES = {
    "en": ("“", "”"),
    "ru": ("«", "»"),
    "be": ("«", "»"),
    "kk": ("«", "»"),
    "ky": ("«", "»"),
    "hy": ("«", "»"),
    "tg": ("«", "»"),
}
AND = {"en": "and", "ru": "и", "be": "і", "kk": "және", "ky": "жана", "hy": "և", "tg": "ва"}


def written_day(day, language):
    """A date written out in full: "7 October 2025". `day` is a date, or a datetime already in the site's time zone."""
    return DAY_PATTERNS[language].format(day=day.day, month=MONTHS_IN_DATE[language][day.month - 1], year=day.year)


def written_moment(at, language):
    """An instant of the active time zone, written out: “7 October 2025, 10:00”. `at` is a local datetime."""
    return f"{written_day(at.date(), language)}, {at:%H:%M}"


def written_month(year, month, language):
    """A month of a year, inside a sentence: "October 2025", "октябрь 2025 г.". `month` is 1 to 12."""
    alone, in_date = MONTHS[language][_place(month)], MONTHS_IN_DATE[language][_place(month)]
    return MONTH_PATTERNS[language].format(alone=alone, month=in_date, year=year)


def month_name(month, language):
    """A month as a heading: nominative, with a capital. `month` is 1 to 12."""
    return MONTHS[language][_place(month)].capitalize()


def _place(month):
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is not a month")
    return month - 1


def join_list(parts, language):
    """Texts joined as a list: "a", "a and b", "a, b and c"; '' for no part."""
    *first, last = parts or [""]
    return f"{', '.join(first)} {AND[language]} {last}" if first else last
