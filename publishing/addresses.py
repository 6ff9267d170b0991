"""Parts of addresses, so that what cannot be is 404 before any view runs."""


class SlugConverter:
    """Small letters, digits, hyphens, and at least one letter: digits alone are years."""

    regex = "[a-z0-9-]{0,99}[a-z][a-z0-9-]{0,99}"

    def to_python(self, value):
        if len(value) > 100:
            raise ValueError
        return value

    def to_url(self, value):
        return value


class YearConverter:
    regex = "[1-9][0-9]{3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{value:04}"


class MonthConverter:
    regex = "0[1-9]|1[0-2]"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{value:02}"
