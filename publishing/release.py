"""
The only writers of releases. Each locks the item, does all languages or none, and speaks of one instant.

An editor's act (release, withdraw, cancel) replaces what was planned; a reviewer's `join` never touches the plan.
Refusals are ReleaseError, a ValueError with a sentence for the editor.
"""

from contextlib import contextmanager
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from languages.text import column
from publishing import clock
from publishing.models import Redirect, clean_slug
from publishing.pictures import Picture
from translations import ledger
from translations.ledger import State

TICK = timedelta(microseconds=1)


class ReleaseError(ValueError):
    """An act that would break a promise to the reader; nothing was changed."""


class Doubtful(ReleaseError):
    """Texts that are stale or unverified need the editor's word. `.states`: {language: State}."""

    def __init__(self, states):
        self.states = states
        super().__init__(_("Some texts are stale or unverified; say why they are right."))


def release(item, languages, at=None, until=None, reason=None, notes=None, word="", by=None):
    """
    Make the working copy in `languages` public from `at` (default: now), and withdraw the item at `until`.

    `reason` (of that withdrawal) and `notes` (of a major change) are texts by language; `word` says why a stale or
    unverified text is right, and is kept in its row.
    """
    reason, notes = reason or {}, notes or {}
    with _unplanned(item) as (item, public, now):
        begin = at or now
        if begin < now or (until and until <= begin):
            raise ReleaseError(_("A release begins now or later and ends after it begins."))
        if not languages:
            raise ReleaseError(_("Choose at least one language."))
        if item.original_language not in {*languages, *public}:
            raise ReleaseError(_("The original must be public first."))
        if until and not reason.get(item.original_language):
            raise ReleaseError(_("A planned withdrawal needs a reason in the original language."))
        doubts = _doubts(item, languages, public)
        if doubts and not word:
            raise Doubtful(doubts)
        facts = item.facts()
        for language in languages:
            _begin(
                item, language, begin, now, item.texts(language), facts, follows=item.made_from(language),
                note=notes.get(language, ""), word=word if language in doubts else "", by=by,
            )
        for language, row in public.items():
            if language not in languages and row.facts() != facts:
                _begin(item, language, begin, now, row.texts(), facts, follows=row.follows, word=row.word, by=by)
        if until:
            _withdraw_open(item, None, until, now, reason, by)


def join(item, language, by=None):
    """Release one translation wherever the original it was made from is public or planned; touch nothing else."""
    with _locked(item) as (item, now):
        if language == item.original_language:
            raise ReleaseError(_("The original is released, not joined."))
        _refuse_missing(item, language)
        follows, texts = item.made_from(language), item.texts(language)
        ahead = item.releases.filter(Q(until=None) | Q(until__gt=now)).order_by("since")
        originals = list(ahead.filter(original=True))
        if not follows or not any(row.follows == follows and not row.withdrawn for row in originals):
            raise ReleaseError(_("The text follows no original that is public or planned."))
        before = list(ahead.filter(language=language))
        begin = max(now, before[0].since) if before else now  # planned alone: not before its instant
        _delete(ahead.filter(language=language, since__gt=now))
        ahead.filter(language=language, since__lte=now).update(until=now)
        begun = False
        for row in originals:
            since = max(row.since, begin)
            if row.until and row.until <= since:
                continue
            old = _at(before, since)
            if row.follows == follows and not row.withdrawn:
                fields = {**texts, "follows": follows, "withdrawn": False}
            elif old:
                fields = {
                    **old.texts(), "follows": old.follows, "withdrawn": row.withdrawn or old.withdrawn,
                    "reason": old.reason, "note": old.note, "word": old.word,
                }
            elif begun and row.withdrawn:
                fields = {**texts, "follows": follows, "withdrawn": True}
            else:
                continue
            begun = True
            _create(item, language, since, now, row.facts(), until=row.until, by=by, **fields)


def withdraw(item, reason, languages=None, in_error=False, at=None, by=None):
    """
    Withdraw the item, or some translations alone (readers then get the original). `reason`: texts by language.

    In error: it should never have been public; acts at once, and no page of any day shows it. What is withdrawn
    already may be withdrawn again, for another reason or now in error.
    """
    with _unplanned(item) as (item, public, now):
        begin = at or now
        if begin < now:
            raise ReleaseError(_("A withdrawal begins now or later."))
        if in_error and at:
            raise ReleaseError(_("What was published in error is withdrawn at once."))
        whole = languages is None or item.original_language in languages or in_error
        if not reason.get(item.original_language):
            raise ReleaseError(_("A withdrawal needs a reason in the original language."))
        open_rows = item.releases.filter(until=None)
        if not whole:
            open_rows = open_rows.filter(language__in=languages)
        if not open_rows.exists():
            raise ReleaseError(_("It was never public, so it cannot be withdrawn."))
        _withdraw_open(item, None if whole else languages, begin, now, reason, by, again=True)
        if in_error:
            item.releases.update(hidden=True)


def cancel(item, by=None):
    """Take back what is planned; what is public stays."""
    with _unplanned(item):
        pass


def readdress(record, slug, by=None):
    """Give a record another slug and leave a redirect from the old one. Raises ValidationError if it is taken."""
    with _locked(record) as (record, _now):
        if slug == record.slug:
            return record
        old, record.slug = record.slug, slug
        record._meta.get_field("slug").run_validators(slug)
        record.validate_unique(exclude=[f.name for f in record._meta.fields if f.name != "slug"])
        clean_slug(record)
        content_type = ContentType.objects.get_for_model(record)
        Redirect.objects.filter(content_type=content_type, object_id=record.pk, slug=slug).delete()
        Redirect.objects.create(content_type=content_type, object_id=record.pk, slug=old)
        record.save()
        return record


def load(item, rows, by=None):
    """Write the history of one item: see `load_many`. True if anything was written."""
    return bool(load_many([(item, rows)], by))


def load_many(histories, by=None):
    """
    Write the releases of many items as content files tell them: the only way into the past. Returns the items written.

    `histories`: pairs (saved item, rows); a thousand at a time is a good number (one transaction, a handful of queries).
    A row is a dict: `language`; `since`, `until` (aware instants; `until` missing or None: open end; `since` missing or
    None: the instant of loading); `withdrawn`, `hidden`, `reason`, `note`, `word`, `alt` (missing: empty); `follows`
    (digest of the original text it was made from; the original's own may be missing); every text of
    `release_model.TEXTS`; every fact of `FACTS` under its column's name (`date`, `picture_id`, `focal_x`, `focal_y`,
    `source_id`) and of `LINKS` as a list of ids (missing: those of the item as it stands).

    The rows pass the checks that the acts would have made. An item that has releases already is left alone if they say
    the same; otherwise, and for every broken promise, ReleaseError with the `item` it speaks of, and nothing is written.
    """
    raise NotImplementedError


def doubts(item, languages):
    """{language: State} of the texts that would need the editor's word; raises ReleaseError for what is refused."""
    with _locked(item) as (item, now):
        public = {row.language: row for row in item.releases.current(now).filter(withdrawn=False)}
        return _doubts(item, languages, public)


def _doubts(item, languages, public):
    original = item.original_language
    followed = item.made_from(original) if original in languages else public[original].follows if original in public else ""
    units, found = None, {}
    for language in languages:
        _refuse_missing(item, language)
        if language == original:
            continue
        made_from = item.made_from(language)
        if not made_from:
            states = ledger.language_states(item, units)
            found[language] = State.STALE if states[language] == State.STALE else State.UNVERIFIED
        elif made_from != followed:
            found[language] = State.STALE
    return found


def _refuse_missing(item, language):
    texts = item.texts(language)
    for field in item.required_texts:
        if not texts[field]:
            raise ReleaseError(
                _("%(field)s is missing in %(language)s.")
                % {"field": item._meta.get_field(field).verbose_name, "language": language}
            )
    states = ledger.states(item)
    if any(state == State.SUGGESTED for (_field, code), state in states.items() if code == language):
        raise ReleaseError(_("A suggestion in %(language)s waits for its reviewer.") % {"language": language})


def _withdraw_open(item, languages, at, now, reason, by, again=False):
    rows = item.releases.filter(until=None)
    if languages is not None:
        rows = rows.filter(language__in=languages)
    if not again:
        rows = rows.filter(withdrawn=False)
    for row in list(rows):
        _begin(
            item, row.language, at, now, row.texts(), row.facts(), withdrawn=True, follows=row.follows,
            reason=reason.get(row.language, ""), alt=row.alt, by=by,
        )


@contextmanager
def _unplanned(item):
    """The locked item without its planned rows, its public rows by language, and the instant of the act."""
    with _locked(item) as (item, now):
        _delete(item.releases.filter(since__gt=now))
        item.releases.filter(until__gt=now).update(until=None)
        yield item, {row.language: row for row in item.releases.filter(until=None, withdrawn=False)}, now


@contextmanager
def _locked(record):
    """The record's row, locked until the act is done, and the instant of the act: later than all that was done before."""
    with transaction.atomic():
        record = type(record)._base_manager.select_for_update().get(pk=record.pk)
        now = clock.now()
        if hasattr(record, "releases"):
            made = record.releases.aggregate(last=Max("created_at"))["last"]
            begun = record.releases.filter(since__lte=max(now, made or now)).aggregate(last=Max("since"))["last"]
            now = max(filter(None, [now, made and made + TICK, begun and begun + TICK]))
        yield record, now


def _begin(item, language, at, now, texts, facts, **fields):
    """End the language's open row at an instant and begin another."""
    item.releases.filter(language=language, until=None).update(until=at)
    _create(item, language, at, now, facts, **texts, **fields)


def _create(item, language, since, now, facts, by=None, alt=None, **fields):
    model, links = item.release_model, dict(facts)
    links = {name: links.pop(name) for name in model.LINKS}
    columns = {name: facts[name] for name in model.FACTS}
    row = model(
        item=item, language=language, original=language == item.original_language, since=since, created_at=now,
        released_by=by, alt=_alt(item, language, columns) if alt is None else alt, **columns, **fields,
    )
    row.save()
    for name, ids in links.items():
        getattr(row, name).set(ids)
    return row


def _alt(item, language, columns):
    """The description of the row's picture in the row's language, '' without one."""
    if not columns.get("picture_id"):
        return ""
    return Picture.objects.filter(pk=columns["picture_id"]).values_list(column("alt", language), flat=True)[0] or ""


def _at(rows, instant):
    """The row that holds at an instant, or None."""
    return next((row for row in rows if row.since <= instant and (row.until is None or row.until > instant)), None)


def _delete(rows):
    """Planned rows never were public: they alone go."""
    for row in rows:
        for name in row.LINKS:
            getattr(row, name).clear()
    rows.delete()
