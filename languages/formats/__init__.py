"""Date and number formats for Django where it has none for a language of the site, or others than the site writes.

Django reads one module per language and falls back to its own for what is missing here. The long forms are those of
`languages.dates`; month names come from catalogues, so `locale/` must hold the forms that Django's own catalogues lack.
"""

# Day before month with dots, as all languages here but English write it. ISO is added by Django.
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d.%m.%y"]
DATETIME_INPUT_FORMATS = ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S.%f", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M"]
