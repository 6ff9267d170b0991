"""Django's own formats, but for the day in a month, which Django writes in the nominative ("7 Октябрь")."""

MONTH_DAY_FORMAT = "j E"
