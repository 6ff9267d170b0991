"""What a reader gets of one item: the row in their language, else the original's, and what is said beside it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from languages.text import Written
from news.models import NewsRelease


@dataclass
class Reading:
    """One item at an instant: the row that makes it public, and the one in the reader's language if there is any."""

    original: NewsRelease
    mine: NewsRelease | None
    languages: list[str]  # public ones in which it can be read

    @classmethod
    def find(cls, slug, language, at=None):
        """The Reading of an item that is or was public, or None: no such address, or nothing begun yet. One query."""
        begun = NewsRelease.objects.filter(item__slug=slug).begun(at or timezone.now())
        rows = {row.language: row for row in begun.listed().select_related("picture")}
        original = next((row for row in rows.values() if row.original), None)
        readable = [code for code in settings.PUBLIC_LANGUAGES if code in rows and not rows[code].withdrawn]
        return original and cls(original, rows.get(language), readable)

    @property
    def release(self):
        """The row shown."""
        return self.mine if self.mine and not self.mine.withdrawn else self.original

    @property
    def reason(self):
        """Why it was withdrawn, in the reader's language, else the original's."""
        row = self.mine if self.mine and self.mine.reason else self.original
        return Written(row.reason, row.language)
