"""
“New number”, “new holder”, “still so”: the acts by which facts of the register go on.

Each locks what it compares (`facts.lock`) and does all or nothing. Refusals are ValidationErrors with a sentence.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from delegations.models import Reason
from delegations.models.facts import lock
from languages.dates import written_day
from languages.text import reader_language


class Disputed(ValidationError):
    """The two sources contradict each other; the act is done if it is asked for with `anyway`."""


def change(old, since=None, *, source, anyway=False, **value):
    """
    End an open fact and begin the next about the same: a new number, a new holder. Returns the new fact.

    `since`: first day of the new one, so that the old one ends the day before; None: the day is unknown, and the old
    one is over. `value`: what is new (number, person, role, reason, …). `anyway`: end the old fact although its own
    source still said so.
    """
    with transaction.atomic():
        new = type(old)(**{name: getattr(old, name) for name in old.KEPT} | value, source=source, since=since)
        lock([old, new])
        old = type(old).objects.select_related("source").get(pk=old.pk)
        if old.reason == Reason.NOT_ENTERED:
            raise ValidationError(_("“Not yet entered” does not end: enter the fact beside it."))
        if not old.is_open:
            raise ValidationError(_("“%(old)s” is over already."), params={"old": old})
        if since:
            first, old.until = old.first_known_day, since - timedelta(days=1)
            if first and old.until < first and not anyway:
                raise _dispute(old, first, new.source)
        else:
            old.ended = True
            _refuse_overlap(old, new)
        old.full_clean()
        old.save()
        new.full_clean()
        new.save()
        return new


def confirm(facts, source, day=None):
    """
    Note that a source still says so on a day (default: the source's own). Returns the facts that this moved forward.

    The source of a fact, the earliest that says so, stays; a day that is not later than what is known moves nothing.
    """
    day = day or source.said
    if not day:
        raise ValidationError(_("The source has no day; enter the one on which it said so."))
    with transaction.atomic():
        lock(facts)
        moved = []
        for model in dict.fromkeys(map(type, facts)):
            found = model.objects.select_related("source").filter(pk__in=[f.pk for f in facts if type(f) is model])
            rows = [fact for fact in found if _moves(fact, day)]
            for fact in rows:
                before = fact.first_known_day, fact.last_known_day
                fact.confirmed_on, fact.confirmed_by = day, source
                if before != (fact.first_known_day, fact.last_known_day):
                    fact.clean()
            bulk_update_with_history(rows, model, ["confirmed_on", "confirmed_by"])
            moved += rows
        return moved


def _moves(fact, day):
    if fact.reason == Reason.NOT_ENTERED:
        raise ValidationError(_("“%(fact)s”: there is nothing to confirm."), params={"fact": fact})
    if fact.until and fact.until < day:
        raise ValidationError(
            _("“%(fact)s” ended on %(until)s; a later day cannot confirm it."),
            params={"fact": fact, "until": _day(fact.until)},
        )
    return fact.last_said is None or fact.last_said < day


def _dispute(old, first, source):
    """That the old fact would end before the first day on which it is known to have held."""
    return Disputed(
        _(
            "“%(old)s” held on %(first)s according to “%(old_source)s”; "
            "according to “%(source)s” it ended on %(until)s."
        ),
        params={
            "old": old,
            "first": _day(first),
            "old_source": old.source,
            "source": source,
            "until": _day(old.until),
        },
    )


def _refuse_overlap(old, new):
    """Without the day of the change, the new fact begins with its source: that has to be later than the old one's."""
    first, last = new.first_known_day, old.last_known_day
    if first and last and first <= last:
        raise ValidationError(
            _(
                "“%(old)s” held on %(last)s according to “%(old_source)s”, "
                "and “%(source)s” is not later; enter the first day."
            ),
            params={"old": old, "last": _day(last), "old_source": old.confirmed_by or old.source, "source": new.source},
        )


def _day(day):
    return written_day(day, reader_language())
