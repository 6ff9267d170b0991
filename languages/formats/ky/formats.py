"""The order in which Kyrgyz writes a date, and a comma before fractions; the rest is Django's."""

DATE_FORMAT = "Y-жылдын j-E"
DATETIME_FORMAT = "Y-жылдын j-E, G:i"
YEAR_MONTH_FORMAT = "Y-жылдын E"
MONTH_DAY_FORMAT = "j-E"
DECIMAL_SEPARATOR = ","
