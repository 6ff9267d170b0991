"""Histories from content files: the only way into the past. What an act would have refused is refused here too."""

from itertools import pairwise

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from publishing import clock
from publishing.models import Erasure
from publishing.rows import ReleaseError, at, content, create, new, refuse_naive
from translations import ledger

OPTIONAL = {
    "since": None, "until": None, "withdrawn": False, "hidden": False,
    "reason": "", "note": "", "word": "", "alt": "", "follows": "",
}


def load(item, rows, by=None):
    """Write the history of one item: see `load_many`. True if anything was written."""
    return bool(load_many([(item, rows)], by))


@transaction.atomic
def load_many(histories, by=None):
    """
    Write the releases of many items as content files tell them. Returns the items for which rows were written.

    `histories`: pairs (saved item, rows); a thousand at a time is a good number (one transaction, a dozen queries).
    A row is a dict: `language`; `since`, `until` (aware instants; `until` missing or None: open end; `since` missing or
    None: the instant of loading); `withdrawn`, `hidden`, `reason`, `note`, `word`, `alt` (missing: empty); `follows`
    (digest of the original text it was made from; the original's own may be missing); every text of
    `release_model.TEXTS`; every fact of `FACTS` under its column's name (`date`, `picture_id`, `focal_x`, `focal_y`,
    `source_id`) and of `LINKS` as a list of ids (facts that are missing: those of the item as it stands).

    The rows pass the checks that the acts would have made. An item that has releases already is left alone if they say
    the same; otherwise, and for every broken promise, ReleaseError with the `item` it speaks of; nothing is written.
    """
    histories = [(item, list(rows)) for item, rows in histories if rows]
    if not histories:
        return []
    model = type(histories[0][0])
    keys = [item.pk for item, _rows in histories]
    list(model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    now = clock.now()
    erased = set(Erasure.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
                 .values_list("object_id", flat=True))
    found = {}
    for row in histories[0][0].release_model.objects.filter(item__in=keys).with_links():
        found.setdefault(row.item_id, []).append(row)
    written, fresh = [], []
    for item, told in histories:
        try:
            rows = _rows(item, told, now, by)
            if item.pk in found:
                _refuse_other(rows, found[item.pk], told)
                continue
            if item.pk in erased and not all(row.hidden for row in rows):
                raise ReleaseError(_("What was erased stays erased; make a new record."))
            check(item, rows, now)
        except ReleaseError as error:
            error.item = item
            raise
        written.append(item)
        fresh += rows
    create(fresh)
    return written


def _rows(item, told, now, by):
    """Unsaved rows from what a file tells, tidied as saving would."""
    model, rows = item.release_model, []
    facts, texts = {*model.FACTS, *model.LINKS}, {*model.TEXTS}
    standing = item.facts() if any(facts - fields.keys() for fields in told) else {}
    for fields in told:
        if unknown := fields.keys() - OPTIONAL.keys() - facts - texts - {"language"}:
            raise ReleaseError(_("A release has no field “%(name)s”.") % {"name": sorted(unknown)[0]})
        if missing := ({"language"} | texts) - fields.keys():
            raise ReleaseError(_("The field “%(name)s” of a release is missing.") % {"name": sorted(missing)[0]})
        if fields["language"] not in settings.MODELTRANSLATION_LANGUAGES:
            raise ReleaseError(_("There is no language “%(language)s”.") % {"language": fields["language"]})
        row = OPTIONAL | {name: value for name, value in fields.items() if name not in facts}
        refuse_naive(row["since"], row["until"])
        for name in texts | {"reason", "note", "word", "alt"}:
            row[name] = model._meta.get_field(name).tidy(row[name])
        since, language = row.pop("since") or now, row.pop("language")
        if language == item.original_language and not row["follows"] and any(row[name] for name in model.TEXTS):
            row["follows"] = ledger.version({name: row[name] for name in model.TEXTS})
        known = standing | {name: fields[name] for name in facts if name in fields}
        known |= {name: tuple(sorted(known[name])) for name in model.LINKS}
        rows.append(new(item, language, since, now, by, known, **row))
    return rows


def _refuse_other(rows, found, told):
    """Refuse rows that differ from those an item has; a beginning that no file names may be any."""

    def comparable(row, any_beginning):
        return {**content(row), "since": None if any_beginning else row.since, "until": row.until}

    if len(rows) == len(found):
        rows = sorted(zip(rows, told, strict=True), key=lambda pair: (pair[0].language, pair[0].since))
        found = sorted(found, key=lambda row: (row.language, row.since))
        if all(
            comparable(row, not fields.get("since")) == comparable(other, not fields.get("since"))
            for (row, fields), other in zip(rows, found, strict=True)
        ):
            return
    raise ReleaseError(_("This item has releases already, and they differ from those given."))


def check(item, rows, now):
    """Refuse rows that no series of acts could have left; ReleaseError says which promise is broken."""
    languages = {}
    for row in sorted(rows, key=lambda row: row.since):
        languages.setdefault(row.language, []).append(row)
        if row.until and row.until <= row.since:
            raise ReleaseError(_("A release ends after it begins."))
    originals = languages.get(item.original_language, [])
    if not originals:
        raise ReleaseError(_("The original must be public first."))
    for series in languages.values():
        if any(not row.until or row.until > after.since for row, after in pairwise(series)):
            raise ReleaseError(_("Two releases in one language hold at the same time."))
    if originals[-1].until or any(row.until != after.since for row, after in pairwise(originals)):
        raise ReleaseError(_("The original has a gap: what was ever public is withdrawn, and never just ends."))
    shown = [row for row in rows if not row.hidden]
    if any(row.hidden and row.since >= min(other.since for other in shown) for row in rows if shown):
        raise ReleaseError(_("What is hidden comes before all that is shown."))
    for series in languages.values():
        for row in series:
            _check_row(item, row, series, originals)
    ahead = sorted({instant for row in rows for instant in [row.since, row.until] if instant and instant > now})
    if len(ahead) > 2 or (len(ahead) == 2 and any(row.since == ahead[1] and not row.withdrawn for row in rows)):
        raise ReleaseError(_("There is one plan: a release, and perhaps the withdrawal that ends it."))


def _check_row(item, row, series, originals):
    beside = [original for original in originals if _overlap(row, original)]
    if row.since < originals[0].since or (not row.withdrawn and any(original.withdrawn for original in beside)):
        raise ReleaseError(_("A translation is public only while its original is."))
    if row.reason and not row.withdrawn:
        raise ReleaseError(_("Only a withdrawal has a reason."))
    if row.hidden:
        return  # its text may be erased
    for field in item.required_texts:
        if not getattr(row, field):
            raise ReleaseError(
                _("%(field)s is missing in %(language)s.")
                % {"field": item._meta.get_field(field).verbose_name, "language": row.language}
            )
    if row.withdrawn and not row.reason and not (beside[0].withdrawn and beside[0].reason):
        raise ReleaseError(_("A withdrawal needs a reason."))
    if not row.withdrawn and any(original.facts() != row.facts() for original in beside):
        raise ReleaseError(_("All languages agree on date, picture and links at every instant."))
    if row.original and row.follows != ledger.version(row.texts()):
        raise ReleaseError(_("The digest of an original is that of its own text."))
    new_text = all(other.texts() != row.texts() for other in series if other.since < row.since)
    if new_text and row.follows != at(originals, row.since).follows and not row.word:
        raise ReleaseError(
            _("A translation that follows another text than the original beside it needs the editor's word.")
        )


def _overlap(row, other):
    return (not row.until or row.until > other.since) and (not other.until or other.until > row.since)
