"""
The acts that write releases. Each locks the item, does all languages or none, and speaks of one instant.

An editor's act (release, withdraw, cancel) replaces what was planned; a reviewer's `join` never touches the plan.
Refusals are ReleaseError, a ValueError with a sentence for the editor. Nothing else writes releases but `load`, which
brings content from files, and `publishing.erase`.
"""

from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from languages.text import tidy
from publishing import clock
from publishing.load import load, load_many
from publishing.models import Redirect, clean_slug
from publishing.rows import ReleaseError, again, alts, at, begin, content, create, locked, new, refuse_naive, rows_of
from translations import ledger
from translations.ledger import State

__all__ = [
    "Doubtful", "ReleaseError", "cancel", "doubts", "join", "load", "load_many", "readdress", "refusal", "release",
    "withdraw",
]


class Doubtful(ReleaseError):
    """Texts that are stale or unverified need the editor's word. `.states`: {language: State}."""

    def __init__(self, states):
        self.states = states
        super().__init__(_("Some texts are stale or unverified; say why they are right."))


def release(item, languages, at=None, until=None, reason=None, notes=None, word="", by=None):
    """
    Make the working copy in `languages` public from `at` (default: now), and withdraw the item at `until`.

    `reason` (of that withdrawal) and `notes` (of a major change) are texts by language; `word` says why a stale or
    unverified text is right, and is kept in its row. Raises Doubtful where it is needed and missing.
    """
    languages, reason, notes, word = list(dict.fromkeys(languages)), _tidy(reason), _tidy(notes), tidy(word)
    refuse_naive(at, until)
    with _unplanned(item) as (item, standing, now):
        since = at or now
        public = {language: row for language, row in standing.items() if not row.withdrawn}
        if since < now or (until and until <= since):
            raise ReleaseError(_("A release begins now or later and ends after it begins."))
        if not languages:
            raise ReleaseError(_("Choose at least one language."))
        if item.original_language not in {*languages, *public}:
            raise ReleaseError(_("The original must be public first."))
        if until and not reason.get(item.original_language):
            raise ReleaseError(_("A planned withdrawal needs a reason in the original language."))
        follows, doubtful = _judged(item, languages, public)
        if doubtful and not word:
            raise Doubtful(doubtful)
        facts = item.facts()
        described = alts(facts)
        rows = [
            new(
                item, language, since, now, by, facts, **item.texts(language), alt=described.get(language, ""),
                follows=follows[language], note=notes.get(language, ""), word=word if language in doubtful else "",
            )
            for language in languages
        ]
        for language, row in public.items():
            if language not in languages and row.facts() != facts:
                alt = row.alt if row.picture_id == facts["picture_id"] else described.get(language, "")
                rows.append(again(row, since, now, by, facts, alt=alt, note=notes.get(language, "")))
        begin(item, since, rows)
        if until:
            shown = public | {row.language: row for row in rows}
            begin(item, until, [_withdrawn(row, until, now, by, reason) for row in shown.values()])


def join(item, language, by=None):
    """
    Release one translation wherever the original it was made from is public or planned; touch nothing else.

    Elsewhere the language stays as it was, and an end that the editor planned stays. A language that the editor
    planned and that is not public yet begins as planned.
    """
    with locked(item) as (item, now):
        if language == item.original_language:
            raise ReleaseError(_("The original is released, not joined."))
        units = ledger.by_key(item)
        _refuse_missing(item, language, units)
        ahead = list(item.releases.filter(Q(until=None) | Q(until__gt=now)).order_by("since").with_links())
        originals = [row for row in ahead if row.original]
        before = [row for row in ahead if row.language == language]
        standing = at(before, now)
        first = now
        if standing is None or standing.withdrawn:
            first = min((row.since for row in before if row.since > now and not row.withdrawn), default=now)

        timeline, joined = [], None  # [(since, the row that holds from then on, or None)]; the row of the new text
        for since in sorted({now, *(row.since for row in ahead if row.since > now)}):
            original, row = at(originals, since), at(before, since)
            ending = row is not None and row.withdrawn and row.since > now
            follows = ""
            if original and not original.withdrawn and not ending and since >= first:
                follows = ledger.made_from(item, language, [original.texts()], units)
            if follows:
                facts = original.facts()
                row = joined = new(
                    item, language, since, now, by, facts, **item.texts(language), alt=alts(facts).get(language, ""),
                    follows=follows, note=row.note if row and row.since > now else "",
                )
            elif joined and timeline[-1][1] is joined and (ending or (original and original.withdrawn)):
                row = again(joined, since, now, by, withdrawn=True, reason=row.reason if row else "")
            timeline.append((since, row))
        if joined is None:
            raise ReleaseError(_("The text follows no original that is public or planned."))
        _replace(item, language, now, before, standing, timeline)


def withdraw(item, reason, languages=None, in_error=False, at=None, by=None):
    """
    Withdraw the item, or some translations alone (readers then get the original). `reason`: texts by language.

    In error: it should never have been public; acts at once, and no page of any day shows it. What is withdrawn
    already may be withdrawn again, for another reason or now in error.
    """
    reason = _tidy(reason)
    refuse_naive(at)
    with _unplanned(item) as (item, standing, now):
        since, original = at or now, item.original_language
        whole = languages is None or original in languages
        if since < now:
            raise ReleaseError(_("A withdrawal begins now or later."))
        if in_error and (at or not whole):
            raise ReleaseError(_("What was published in error is withdrawn at once and in all languages."))
        if original not in standing:
            raise ReleaseError(_("It was never public, so it cannot be withdrawn."))
        # A text from before a withdrawal in error is no part of what was released since.
        standing = {code: row for code, row in standing.items() if row.hidden == standing[original].hidden}
        if not whole and not languages:
            raise ReleaseError(_("Choose at least one language."))
        for language in [] if whole else languages:
            if language not in standing:
                raise ReleaseError(
                    _("In %(language)s nothing is public, so it cannot be withdrawn.") % {"language": language}
                )
        if not all(reason.get(language) for language in ([original] if whole else languages)):
            raise ReleaseError(
                _("A withdrawal needs a reason in the original language.") if whole
                else _("A translation that is withdrawn alone needs a reason in its language.")
            )
        rows = [row for row in standing.values() if whole or row.language in languages]
        begin(item, since, [_withdrawn(row, since, now, by, reason) for row in rows])
        if in_error:
            rows_of(item).update(hidden=True)


def cancel(item, by=None):
    """Take back what is planned; what is public stays."""
    with _unplanned(item):
        pass


def readdress(record, slug, by=None):
    """Give a record another slug and leave a redirect from the old one. Raises ValidationError if it is taken."""
    with locked(record) as (record, _now):
        if slug == record.slug:
            return record
        old, record.slug = record.slug, slug
        field = record._meta.get_field("slug")
        if by:
            record._history_user = by
        try:
            field.clean(slug, record)
            with transaction.atomic():
                record.save()
        except (IntegrityError, ValidationError) as error:
            messages = getattr(error, "messages", [field.error_messages["unique"]])
            raise ValidationError({"slug": messages}) from error
        clean_slug(record)  # after saving, which waited for whoever was just giving the address up
        redirects = Redirect.objects.filter(content_type=ContentType.objects.get_for_model(record))
        redirects.filter(slug=slug).delete()
        Redirect(target=record, slug=old).save()
        return record


def doubts(item, languages):
    """{language: State} of the texts that would need the editor's word; raises ReleaseError for what is refused."""
    item = type(item)._base_manager.get(pk=item.pk)
    standing = item.releases.current(clock.now()).filter(withdrawn=False)
    return _judged(item, languages, {row.language: row for row in standing})[1]


def refusal(item, language, units):
    """Why a language cannot be released as it stands, a sentence; '' if it can. `units`: as the ledger's."""
    texts = item.texts(language)
    for field in item.required_texts:
        if not texts[field]:
            return _("%(field)s is missing in %(language)s.") % {
                "field": item._meta.get_field(field).verbose_name, "language": language
            }
    if any(unit.suggestion for (_field, code), unit in units.items() if code == language):
        return _("A suggestion in %(language)s waits for its reviewer.") % {"language": language}
    return ""


@contextmanager
def _unplanned(item):
    """The locked item without its planned rows, the row that stands in each language, and the instant of the act."""
    with locked(item) as (item, now):
        rows_of(item).filter(since__gt=now).delete()
        rows_of(item).filter(until__gt=now).update(until=None)
        yield item, {row.language: row for row in item.releases.filter(until=None).with_links()}, now


def _withdrawn(row, since, now, by, reason):
    return again(row, since, now, by, withdrawn=True, reason=reason.get(row.language, ""))


def _replace(item, language, now, before, standing, timeline):
    """Write what a language shows from now on. What the plan begins, and what differs from before, begins a row."""
    planned, shown, rows = {row.since for row in before}, standing, []
    rows_of(item).filter(language=language, since__gt=now).delete()
    if standing:
        standing.until = None
    for since, row in timeline:
        if shown and row and since not in planned and content(row) | {"note": shown.note} == content(shown):
            continue
        if shown:
            shown.until = since
        if row and row.pk:  # deleted above, or standing and back after another text
            note = "" if row is standing else row.note
            row = again(row, since, now, None, note=note, released_by_id=row.released_by_id)
        shown = row
        rows += [row] if row else []
    if standing:
        rows_of(item).filter(pk=standing.pk).update(until=standing.until)
    create(rows)


def _judged(item, languages, public):
    """({language: digest it follows}, {language: State} that needs the editor's word). Raises for what is refused."""
    units, original = ledger.by_key(item), item.original_language
    texts = item.texts(original)  # of the original that the translations will stand beside
    if original not in languages and original in public:
        texts = public[original].texts()
    follows, doubtful = {}, {}
    for language in languages:
        _refuse_missing(item, language, units)
        follows[language] = ledger.made_from(item, language, [texts], units)
        if not follows[language]:
            states = {state for (_field, code), state in ledger.states(item, units).items() if code == language}
            doubtful[language] = State.UNVERIFIED if State.UNVERIFIED in states else State.STALE
            follows[language] = item.made_from(language)  # an older version, or none
    return follows, doubtful


def _refuse_missing(item, language, units):
    if sentence := refusal(item, language, units):
        raise ReleaseError(sentence)


def _tidy(texts):
    return {language: tidy(text).strip() for language, text in (texts or {}).items()}
