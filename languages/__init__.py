"""Which languages there are. Their number and order are a fixed fact of the code: every translated column depends on it."""

ENDONYMS = {
    "en": "English",
    "ru": "Русский",
    "be": "Беларуская",
    "kk": "Қазақша",
    "ky": "Кыргызча",
    "hy": "Հայերեն",
    "tg": "Тоҷикӣ",
}
CODES = tuple(ENDONYMS)
