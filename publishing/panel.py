"""What staff see of an item, language by language: how its text is, what readers see, and what is planned."""

from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages import ENDONYMS
from publishing.release import refusal
from translations import ledger
from translations.ledger import State


class Public(models.TextChoices):
    """What readers see of a language."""

    NONE = "none", _("Not public")
    PUBLIC = "public", _("Public")
    CHANGED = "changed", _("Changed since release")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass
class LanguageRow:
    """One language of an item. `row` is the release that stands; `planned` what lies ahead, in order of time."""

    code: str
    text: State
    row: object = None
    planned: list = field(default_factory=list)
    differs: list = field(default_factory=list)  # names of fields in which the working copy differs from the release
    refused: str = ""  # why it cannot be released now
    doubt: bool = False  # stale or unverified: it needs the editor's word
    joinable: bool = False

    @property
    def name(self):
        return ENDONYMS[self.code]

    @property
    def public(self):
        if self.row is None:
            return Public.NONE
        if self.row.withdrawn:
            return Public.WITHDRAWN
        return Public.CHANGED if self.differs else Public.PUBLIC


@dataclass
class Panel:
    """All languages of an item, and its one plan: `begins` and `ends` are instants or None."""

    item: object
    rows: list
    begins: object = None
    ends: object = None
    planned: list = field(default_factory=list)  # codes of the languages that the plan begins

    @property
    def planned_names(self):
        return [ENDONYMS[code] for code in self.planned]

    @property
    def original(self):
        return next(row for row in self.rows if row.code == self.item.original_language)

    @property
    def is_public(self):
        return self.original.public in {Public.PUBLIC, Public.CHANGED}

    @property
    def ever_public(self):
        return any(row.row is not None for row in self.rows)


def panel(item, units=None):
    """The Panel of a saved item; 5 queries whatever the languages, one less with its units at hand."""
    now = timezone.now()
    if units is None:
        units = ledger.by_key(item)
    states = ledger.language_states(item, units)
    ahead = item.releases.filter(Q(until=None) | Q(until__gt=now)).order_by("since").with_links()
    facts = item.facts()
    rows = [_row(item, code, states[code], ahead, facts, units, now) for code in ENDONYMS]
    coming = [row for row in ahead if row.since > now]
    begins = min((row.since for row in coming if not row.withdrawn), default=None)
    ends = min((row.since for row in coming if row.withdrawn), default=None)
    return Panel(
        item, rows, begins, ends, list(dict.fromkeys(row.language for row in coming if row.since == begins))
    )


def differing(item, row, facts=None):
    """Names of what the working copy says otherwise than a release row: fields, and facts without language."""
    verbose = {name: item._meta.get_field(name.removesuffix("_id")).verbose_name for name in _compared(row)}
    texts, said = item.texts(row.language), row.texts()
    facts, stood = item.facts() if facts is None else facts, row.facts()
    found = [name for name in texts if texts[name] != said[name]]
    found += [name for name in facts if facts[name] != stood[name]]
    return list(dict.fromkeys(str(verbose.get(name, verbose.get("picture_id", name))) for name in found))


def _compared(row):
    return [name for name in [*row.TEXTS, *row.FACTS, *row.LINKS] if not name.startswith("focal_")]


def _row(item, code, state, ahead, facts, units, now):
    mine = [row for row in ahead if row.language == code]
    row = next((row for row in mine if row.since <= now), None)
    found = LanguageRow(code, state, row, [row for row in mine if row.since > now])
    if row is not None and not row.withdrawn:
        found.differs = differing(item, row, facts)
    found.refused = refusal(item, code, units)
    found.doubt = state in {State.STALE, State.UNVERIFIED}
    if not found.refused and code != item.original_language:
        originals = [row for row in ahead if row.original and not row.withdrawn]
        found.joinable = any(ledger.made_from(item, code, [row.texts()], units) for row in originals)
    return found

