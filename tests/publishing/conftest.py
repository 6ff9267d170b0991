import pytest

from publishing import clock
from tests.publishing.clock import Clock


@pytest.fixture
def at(monkeypatch):
    """The clock of the acts, set by the test."""
    substitute = Clock()
    monkeypatch.setattr(clock, "now", substitute)
    return substitute
