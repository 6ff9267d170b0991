"""The izafet of a Tajik date is a letter after the month, so Django's nominative serves; the rest is Django's."""

DATE_FORMAT = "j Eи соли Y"
DATETIME_FORMAT = "j Eи соли Y, G:i"
YEAR_MONTH_FORMAT = "Eи соли Y"
MONTH_DAY_FORMAT = "j E"
