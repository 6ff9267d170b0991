"""
Random histories of one item, told twice: to the database by the acts, and to a plain model.

The model knows nothing of rows. For every language it keeps from which instant on which text is shown, and an act is a
change of that. Whole situations are single steps, because single acts drawn at random rarely meet.
"""

from contextlib import nullcontext
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from news.models import NewsRelease
from publishing import release as acts
from publishing.erase import erase
from publishing.load import OPTIONAL
from tests import make
from tests.publishing.clock import TICK
from translations import ledger


class Shown(NamedTuple):
    """What a language says from some instant on."""

    text: str
    follows: str  # the original's text it was made from
    facts: tuple  # date, picture, people
    withdrawn: bool = False
    hidden: bool = False
    reason: str = ""
    word: str = ""


class Refused(Exception):
    pass


class Plain:
    """The model: {language: {instant: Shown or None}}."""

    def __init__(self, original, languages):
        self.original = original
        self.shown = {language: {} for language in languages}
        self.texts = dict.fromkeys(languages, "")  # the working copy
        self.made_from = dict.fromkeys(languages, "")
        self.suggested = set()
        self.facts = None
        self.erased = False

    def at(self, language, instant):
        known = [since for since in self.shown[language] if since <= instant]
        return self.shown[language][max(known)] if known else None

    def instants(self):
        return {instant for changes in self.shown.values() for instant in changes}

    def versions(self):
        """Texts of the original that are known: of the working copy and of all that was or is to be public."""
        return {row.text for row in self.shown[self.original].values() if row} | {self.texts[self.original]}

    def public(self, instant):
        """{language: Shown} that a reader can get."""
        original = self.at(self.original, instant)
        if not original or original.withdrawn or original.hidden:
            return {}
        rows = {language: self.at(language, instant) for language in self.shown}
        return {language: row for language, row in rows.items() if row and not row.withdrawn}

    def cancel(self, now):
        if self.erased:
            raise Refused
        for changes in self.shown.values():
            for instant in [instant for instant in changes if instant > now]:
                del changes[instant]

    def check_text(self, language):
        if not self.texts[language] or language in self.suggested:
            raise Refused

    def release(self, now, languages, at=None, until=None, reason="", word=""):
        self.cancel(now)
        begin, public = at or now, self.public(now)
        if begin < now or (until and until <= begin) or not languages or (until and not reason):
            raise Refused
        if self.original not in {*languages, *public}:
            raise Refused
        beside = self.texts[self.original] if self.original in languages else public[self.original].text
        new = {}
        for language in languages:
            self.check_text(language)
            made_from = self.texts[self.original] if language == self.original else self.made_from[language]
            doubtful = made_from != beside
            if doubtful and not word:
                raise Refused
            follows = made_from if made_from in self.versions() else ""
            new[language] = Shown(self.texts[language], follows, self.facts, word=word if doubtful else "")
        for language, row in public.items():
            if language not in new:
                new[language] = row._replace(facts=self.facts)
        for language, row in new.items():
            self.shown[language][begin] = row
            if until:
                why = reason if language == self.original else ""
                self.shown[language][until] = row._replace(withdrawn=True, reason=why)

    def withdraw(self, now, reason, languages=None, in_error=False, at=None):
        self.cancel(now)
        begin = at or now
        whole = languages is None or self.original in languages
        standing = {language: row for language in self.shown if (row := self.at(language, now))}
        if begin < now or not reason or (in_error and (at or not whole)) or self.original not in standing:
            raise Refused
        if not whole and any(self.hidden_before(standing, language) for language in languages):
            raise Refused
        for language, row in standing.items():
            if not self.hidden_before(standing, language) and (whole or language in languages):
                why = reason if language == self.original or not whole else ""
                self.shown[language][begin] = row._replace(withdrawn=True, reason=why)
        if in_error:
            for changes in self.shown.values():
                for instant, row in changes.items():
                    changes[instant] = row and row._replace(hidden=True)

    def hidden_before(self, standing, language):
        """Whether a language says nothing, or only what was withdrawn in error before the original was released anew."""
        return language not in standing or standing[language].hidden > standing[self.original].hidden

    def join(self, now, language):
        if self.erased or language == self.original:
            raise Refused
        self.check_text(language)
        changes = self.shown[language]
        public_now = self.at(language, now) and not self.at(language, now).withdrawn
        planned = [instant for instant, row in changes.items() if instant > now and row and not row.withdrawn]
        first = now if public_now else min(planned, default=now)
        told, taken, before = {}, False, None
        for instant in sorted({now} | {instant for instant in self.instants() if instant > now}):
            original, row = self.at(self.original, instant), self.at(language, instant)
            ends = row and row.withdrawn and any(now < since <= instant for since in changes)
            if (
                original and not original.withdrawn and not ends and instant >= first
                and self.made_from[language] == original.text
            ):
                taken, row = True, Shown(self.texts[language], original.text, original.facts)
                before = row
            elif before and (ends or original.withdrawn):
                row = before._replace(withdrawn=True, reason=row.reason if row else "")
            else:
                before = None
            told[instant] = row
        if not taken:
            raise Refused
        for instant in [instant for instant in changes if instant > now]:
            del changes[instant]
        changes.update(told)

    def erase(self, now):
        self.erased = False
        self.cancel(now)
        for changes in self.shown.values():
            for instant, row in changes.items():
                changes[instant] = row and Shown("", "", (row.facts[0], None, ()), row.withdrawn, hidden=True)
        self.erased = True


class History:
    """One item and its model. `step()` does something random; both must agree after it."""

    LANGUAGES = ("en", "ru", "kk")

    def __init__(self, random, clock, people, pictures):
        self.random, self.clock, self.people, self.pictures = random, clock, people, pictures
        self.original = random.choice(["en", "en", "en", "ru"])
        self.translations = [language for language in self.LANGUAGES if language != self.original]
        self.plain = Plain(self.original, self.LANGUAGES)
        nothing = {"title_en": "", "body_en": ""}
        self.item = make.news(original_language=self.original, **nothing | self._fields(self.original, "v0"))
        ledger.record(self.item)
        self.plain.texts[self.original] = "v0"
        self.originals = {"v0"}  # all that it ever was
        self.plain.facts = (self.item.date, None, ())
        self.told = []  # for the report of a failure
        self.number = 0
        self.told_rows = {}  # as they stood after the last act
        self.kept = {}  # those that had begun, as they were then
        self.item.skip_history_when_saving = True  # for speed

    # What may happen

    def step(self):
        weights = {
            self.edit_and_release: 5, self.edit_and_plan: 5, self.translate_and_join: 9, self.translate_and_release: 4,
            self.plan_alone_then_join: 4, self.plan_with_an_end: 4, self.facts_and_release_one: 5, self.edit_only: 3,
            self.translate_only: 3, self.write_behind_our_back: 2, self.suggest: 1, self.suggest_and_join: 1,
            self.any_release: 4,
            self.join_any: 4, self.withdraw_one: 4, self.plan_withdrawal_of_one: 3, self.withdraw_item: 2,
            self.plan_withdrawal: 2, self.withdraw_in_error: 1, self.in_error_and_anew: 1, self.withdraw_again: 1,
            self.cancel: 2, self.expire: 9, self.in_the_past: 1, self.two_at_once: 2, self.erase: 0.4,
        }
        self.random.choices(list(weights), list(weights.values()))[0]()

    def edit_only(self):
        self.write(self.original, self.random.choice(["v0", "v1", "v2", self.fresh("v")]))

    def translate_only(self, language=None):
        language = self.told_language = language or self.random.choice(self.translations)
        self.write(language, self.fresh(language))
        ledger.approve(self.item, language)
        self.plain.made_from[language] = self.plain.texts[self.original]
        self.plain.suggested.discard(language)

    def write_behind_our_back(self):
        language = self.random.choice(self.translations)
        self.write(language, self.random.choice(["", self.fresh(language)]))
        self.plain.made_from[language] = ""

    def suggest(self):
        language = self.random.choice(self.translations)
        text = "" if language in self.plain.suggested else "Better."
        ledger.suggest(self.item, "title", language, text)
        self.plain.suggested ^= {language}
        self.told.append(("suggested", language, text))

    def suggest_and_join(self):
        self.translate_only()
        ledger.suggest(self.item, "title", self.told_language, "Better.")
        self.plain.suggested.add(self.told_language)
        self.join_any(self.told_language)
        ledger.suggest(self.item, "title", self.told_language, "")
        self.plain.suggested.discard(self.told_language)

    def facts(self):
        kind = self.random.choice(["date", "picture", "people"])
        if kind == "date":
            self.item.date = date(2025, 10, self.random.randint(1, 28))
        elif kind == "picture":
            self.item.picture = self.random.choice([None, *self.pictures])
        else:
            self.item.people.set(self.random.sample(self.people, self.random.randint(0, 2)))
        self.item.save()
        people = tuple(sorted(self.item.people.values_list("pk", flat=True)))
        self.plain.facts = (self.item.date, self.item.picture_id, people)

    def edit_and_release(self):
        self.edit_only()
        self.release(self.some(with_original=True))

    def edit_and_plan(self):
        self.edit_only()
        if self.random.random() < 0.5:
            self.translate_only()
        self.release(self.some(with_original=True), at=self.ahead())

    def translate_and_join(self):
        self.translate_only()
        self.join_any(self.told_language)

    def translate_and_release(self):
        self.translate_only()
        self.release([self.told_language])

    def plan_alone_then_join(self):
        self.translate_only()
        language = self.told_language
        self.release([language], at=self.ahead())
        if self.random.random() < 0.8:
            self.translate_only(language)
        self.join_any(language)

    def plan_with_an_end(self):
        if self.random.random() < 0.5:
            self.edit_only()
        at = self.random.choice([None, self.ahead()])
        until = (at or self.clock()) + timedelta(hours=self.random.randint(1, 20))
        self.release(self.some(with_original=True), at=at, until=until, reason="Over.")

    def facts_and_release_one(self):
        self.facts()
        self.release([self.random.choice(self.LANGUAGES)], at=self.random.choice([None, None, self.ahead()]))

    def any_release(self):
        self.release(self.some(), at=self.random.choice([None, self.ahead()]))

    def join_any(self, language=None):
        self.act("join", language or self.random.choice(self.LANGUAGES))

    def withdraw_item(self):
        self.withdraw()

    def withdraw_one(self):
        self.withdraw(languages=[self.random.choice([*self.translations, *self.LANGUAGES])])

    def plan_withdrawal_of_one(self):
        language = self.random.choice(self.translations)
        self.withdraw(languages=[language], at=self.ahead())
        if self.random.random() < 0.6:
            self.translate_only(language)
            self.join_any(language)

    def plan_withdrawal(self):
        self.withdraw(at=self.ahead())

    def withdraw_in_error(self):
        self.withdraw(in_error=True, **self.random.choice([{}, {}, {"at": self.ahead()}, {"languages": ["kk"]}]))

    def in_error_and_anew(self):
        self.withdraw(in_error=True)
        self.edit_and_release()
        self.random.choice([self.withdraw_item, self.withdraw_one, self.translate_and_join])()

    def withdraw_again(self):
        self.withdraw()
        self.withdraw(**self.random.choice([{}, {"in_error": True}]))

    def cancel(self):
        self.act("cancel")

    def expire(self):
        """The clock passes the plan, or stops at its very instant."""
        ahead = sorted(instant for instant in self.plain.instants() if instant > self.clock())
        if ahead:
            self.clock.instant = self.random.choice(ahead) + self.random.choice([TICK * 0, TICK, timedelta(minutes=7)])

    def in_the_past(self):
        past = self.clock() - timedelta(seconds=1)
        self.random.choice([self.release, lambda _languages, at: self.withdraw(at=at)])(self.some(True), at=past)

    def two_at_once(self):
        """No time passes between them, nor since a plan fell due."""
        ahead = [instant for instant in self.plain.instants() if instant > self.clock()]
        self.clock.instant = min(ahead, default=self.clock())
        self.edit_only()
        self.release([self.original], no_time=True)
        self.random.choice([self.withdraw_item, self.cancel, self.translate_and_join, self.edit_and_release])()

    def erase(self):
        self.told.append(("erase",))
        now = self.instant(self.told_rows)
        erase(self.item, "A court's order.")
        self.item.refresh_from_db()
        self.plain.erase(now)
        self.kept = {}
        self.check(now)
        self.withdraw()
        self.cancel()
        self.join_any(self.translations[0])
        self.release([self.original])

    # How it is told to both

    def release(self, languages, at=None, until=None, reason="", word="I vouch.", no_time=False):
        if self.random.random() < 0.3:
            word = ""
        told = {self.original: reason} if reason else None
        if not no_time:
            self.clock.advance(seconds=1)
        options = {"at": at, "until": until, "reason": reason, "word": word}
        self.act("release", languages, **options, no_time=no_time, _real={"reason": told})

    def withdraw(self, languages=None, **options):
        told = dict.fromkeys(languages or [self.original], "Wrong.")
        self.act("withdraw", "Wrong.", languages=languages, _real_first=told, **options)

    def act(self, name, *given, no_time=False, _real=None, _real_first=None, **options):
        if self.random.random() < 0.7 and not no_time:
            self.clock.advance(seconds=self.random.randint(1, 90))
        self.told.append((self.clock(), name, *given, options))
        before = self.told_rows
        now = self.instant(before)
        real = [_real_first, *given[1:]] if _real_first else given
        real_options = options | (_real or {})
        expected = self.copied()
        try:
            getattr(expected, name)(now, *given, **options)
        except Refused:
            try:
                getattr(acts, name)(self.item, *real, **real_options)
            except acts.ReleaseError:
                assert self.rows() == before, "A refused act changed something."
                return
            raise AssertionError("An act was not refused.") from None
        failing = Failing(self.random.randint(0, 8)) if self.random.random() < 0.2 else nullcontext()
        try:
            with failing:
                getattr(acts, name)(self.item, *real, **real_options)
        except Failing:
            assert self.rows() == before, "An act that failed half way left something."
            getattr(acts, name)(self.item, *real, **real_options)
        self.plain = expected
        self.check(now)
        if name == "join":
            self.check_join(now, given[0], before, self.told_rows)
        if name == "cancel":
            self.check_cancel(now, before, self.told_rows)

    def copied(self):
        copy = Plain(self.original, self.LANGUAGES)
        copy.__dict__ |= self.plain.__dict__ | {"shown": {key: dict(value) for key, value in self.plain.shown.items()}}
        return copy

    def instant(self, rows):
        """The instant that an act would have now: not that of another, nor of a row that begins."""
        now = max([self.clock(), *(row["created_at"] + TICK for row in rows.values())])
        while now in {row["since"] for row in rows.values()}:
            now += TICK
        return now

    def some(self, with_original=False):
        filled = [language for language in self.LANGUAGES if self.plain.texts[language]]
        chosen = [language for language in filled if self.random.random() < 0.5]
        if with_original and self.original not in chosen:
            chosen.append(self.original)
        return chosen

    def ahead(self):
        return self.clock() + timedelta(minutes=self.random.randint(10, 600))

    def fresh(self, kind):
        self.number += 1
        return f"{kind}-{self.number}"

    def write(self, language, text):
        for field, value in self._fields(language, text).items():
            setattr(self.item, field, value)
        self.item.save()
        self.plain.texts[language] = text
        if language == self.original:
            self.originals.add(text)
            ledger.record(self.item)
        self.told.append((language, text))

    @staticmethod
    def _fields(language, text):
        return {f"title_{language}": text, f"body_{language}": f"<p>{text}</p>" if text else ""}

    # What must hold after every step

    def rows(self):
        """{key: row} with links, as it stands in the database."""
        rows = NewsRelease.objects.filter(item=self.item).order_by("language", "since").with_links()
        return {row.pk: {**row.__dict__, "_state": None} for row in rows}

    def check(self, now):
        rows = self.told_rows = self.rows()
        self.check_periods(rows)
        self.check_begun(rows, now)
        instants = {now, *self.plain.instants()}
        instants |= {row[name] for row in rows.values() for name in ["since", "until"]} - {None}
        instants = sorted({instant + step for instant in instants for step in [-TICK, TICK * 0, TICK]})
        for instant in instants:
            self.check_instant(rows, instant)
        self.check_public(self.random.choice(instants))

    def check_periods(self, rows):
        for language in self.LANGUAGES:
            series = [row for row in rows.values() if row["language"] == language]
            for row, after in pairwise(series):
                assert row["until"] and row["since"] < row["until"] <= after["since"]
                assert language != self.original or row["until"] == after["since"]
            if series and language == self.original:
                assert series[-1]["until"] is None
        assert {row["language"] for row in rows.values() if row["original"]} <= {self.original}
        assert all(row["original"] for row in rows.values() if row["language"] == self.original)

    def check_begun(self, rows, now):
        for key, old in self.kept.items():
            new = rows[key]
            assert {**new, "until": 0, "hidden": 0} == {**old, "until": 0, "hidden": 0}, "Something begun has changed."
            assert new["hidden"] >= old["hidden"]
            assert new["until"] == old["until"] or (new["until"] or now) >= now < (old["until"] or now + TICK)
        self.kept = {key: row for key, row in rows.items() if row["since"] <= now}

    def check_instant(self, rows, instant):
        found = {
            row["language"]: row for row in rows.values()
            if row["since"] <= instant and (row["until"] is None or instant < row["until"])
        }
        for language in self.LANGUAGES:
            expected, row = self.plain.at(language, instant), found.get(language)
            assert (expected is None) == (row is None), (language, instant)
            if row:
                assert self.told_by(row) == expected, (language, instant)
                assert row["follows"] == (digest_of(expected.follows) if expected.follows else "")
                assert row["body"] == (f"<p>{expected.text}</p>" if expected.text else "")
                assert row["alt"] == (f"{language} {row['picture_id']}" if row["picture_id"] else "")
        shown = [row for row in found.values() if not row["withdrawn"]]
        assert len({self.told_by(row).facts for row in shown}) <= 1, "Languages disagree."
        assert not shown or any(row["original"] for row in shown), "A translation without its original."

    def check_public(self, instant):
        """Through the front door."""
        expected = self.plain.public(instant)
        originals = list(NewsRelease.objects.public(instant).filter(item=self.item))
        assert [row.title for row in originals] == ([expected[self.original].text] if expected else [])
        for language in self.translations:
            rows = NewsRelease.objects.translated(originals, language, instant)
            texts = [expected.get(language, expected[self.original]).text] if expected else []
            assert [row.title for row in rows] == texts

    def check_join(self, now, language, before, rows):
        others = [{key: row for key, row in told.items() if row["language"] != language} for told in (rows, before)]
        assert others[0] == others[1], "A join touched another language."
        planned = {row[name] for row in before.values() for name in ["since", "until"]} - {None}
        begun = {row[name] for row in rows.values() for name in ["since", "until"]} - {None}
        assert begun - planned <= {now}, "A join has an instant of its own."
        beginnings = [{row["since"] for row in told.values() if row["language"] == language} for told in (before, rows)]
        assert beginnings[0] <= beginnings[1], "A join took a beginning from the plan."
        known = {row["title"] for row in before.values() if row["language"] == language}
        for row in rows.values():
            if row["language"] == language and row["title"] not in known and not row["withdrawn"]:
                for original in rows.values():
                    beside = (not row["until"] or original["since"] < row["until"]) and (
                        not original["until"] or row["since"] < original["until"]
                    )
                    if original["original"] and beside:
                        assert original["follows"] == row["follows"], "Beside another original than its own."

    def check_cancel(self, now, before, rows):
        begun = {key: row for key, row in before.items() if row["since"] <= now}
        ended = {key for key, row in begun.items() if row["until"] and row["until"] <= now}
        assert rows == {key: row if key in ended else row | {"until": None} for key, row in begun.items()}

    def check_loading(self):
        """What acts have left, loading accepts and tells again; a second time it changes nothing."""
        names = ["language", *OPTIONAL, *NewsRelease.TEXTS, *NewsRelease.FACTS]
        told = [{name: row[name] for name in names} | row["links"] for row in self.told_rows.values()]
        copy = make.news(original_language=self.original)
        self.clock.advance(seconds=1)
        assert acts.load(copy, told) == bool(told)
        assert acts.load(copy, told) is False
        rows = NewsRelease.objects.filter(item=copy).order_by("language", "since").with_links()
        assert [{name: getattr(row, name) for name in names} | row.links for row in rows] == told

    def told_by(self, row):
        facts = (row["date"], row["picture_id"], row["links"]["people"])
        text, follows = row["title"], self.followed(row["follows"])
        return Shown(text, follows, facts, row["withdrawn"], row["hidden"], row["reason"], row["word"])

    def followed(self, digest):
        """The text that a digest is of."""
        return next((text for text in self.originals if digest and digest_of(text) == digest), "")


@cache
def digest_of(text):
    return ledger.version({"title": text, "lead": "", "body": f"<p>{text}</p>", "place": ""})


class Failing(Exception):
    """The database fails at one of the statements that write."""

    def __init__(self, after):
        self.left = after
        super().__init__()

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if self.left < 0:
                raise self
        return execute(sql, params, many, context)

    def __enter__(self):
        self.installed = connection.execute_wrapper(self)
        self.installed.__enter__()

    def __exit__(self, *error):
        self.installed.__exit__(*error)
