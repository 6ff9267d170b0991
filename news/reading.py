"""What a reader gets of one item: the row in their language, else the original's, and what is said beside it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from delegations.models import Source
from languages.text import Written
from news.models import NewsRelease


@dataclass
class Reading:
    """One item at an instant. `release` is the row shown; `original` the one that makes the item public."""

    item_id: int
    original: NewsRelease
    release: NewsRelease
    mine: NewsRelease | None  # the row in the reader's language, withdrawn or not
    asked: str
    languages: list[str] = field(default_factory=list)  # public ones in which it can be read

    @property
    def hidden(self):
        return self.original.hidden

    @property
    def withdrawn(self):
        return self.original.withdrawn

    @property
    def fallen_back(self):
        """Whether the text shown is not in the language asked for."""
        return self.release is self.original and self.asked != self.original.language

    @property
    def reason(self):
        """Why it was withdrawn, in the reader's language, else the original's."""
        return next(
            (Written(row.reason, row.language) for row in [self.mine, self.original] if row and row.reason), Written("", "")
        )

    @property
    def first_public(self):
        """The instant at which the item first became public."""
        return NewsRelease.objects.filter(item_id=self.item_id, original=True, withdrawn=False).aggregate(
            first=Min("since")
        )["first"]

    @property
    def delegations(self):
        return self.release.delegations.in_language()

    @property
    def people(self):
        return self.release.people.in_language()

    @property
    def source(self):
        return self.release.source_id and Source.objects.in_language().filter(pk=self.release.source_id).first()

    @classmethod
    def find(cls, slug, language, at=None):
        """The Reading of an item that is or was public, or None: no such address, or nothing begun yet."""
        at = at or timezone.now()
        rows = {
            row.language: row
            for row in NewsRelease.objects.filter(item__slug=slug).begun(at).listed().select_related("picture")
        }
        original = next((row for row in rows.values() if row.original), None)
        if not original:
            return None
        shown = {code: row for code, row in rows.items() if not row.withdrawn}
        mine = rows.get(language)
        return cls(
            item_id=original.item_id, original=original, release=shown.get(language, original), asked=language, mine=mine,
            languages=[code for code in settings.PUBLIC_LANGUAGES if code in shown],
        )

