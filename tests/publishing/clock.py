"""A clock that a test sets: the one thing that is substituted."""

from datetime import UTC, datetime, timedelta

TICK = timedelta(microseconds=1)


class Clock:
    def __init__(self, instant=datetime(2025, 10, 7, 9, tzinfo=UTC)):
        self.instant = instant

    def __call__(self):
        return self.instant

    def advance(self, **duration):
        self.instant += timedelta(**duration)
        return self.instant

    def later(self, **duration):
        return self.instant + timedelta(**duration)
