"""Releases against a plain model, through random histories."""

from random import Random
from secrets import token_hex

import pytest

from publishing.models import Picture
from tests import make
from tests.publishing.histories import History

STEPS = 12


def live_through(seeds, clock):
    people = [make.person() for _number in range(3)]
    pictures = [described() for _number in range(2)]
    for picture in pictures:
        make.news(picture=picture)  # so that erasing an item does not take it from the others
    for seed in seeds:
        history = History(Random(seed), clock, people, pictures)
        try:
            for _step in range(STEPS):
                history.step()
                if history.plain.erased:
                    break
            history.check_loading()
        except Exception as error:
            told = "\n".join(map(repr, history.told))
            raise AssertionError(f"History {seed}:\n{told}\n{error!r}") from error


def described():
    picture = Picture.objects.create(file=f"pictures/{token_hex(16)}.jpg", width=3, height=2)
    for language in History.LANGUAGES:
        setattr(picture, f"alt_{language}", f"{language} {picture.pk}")
    picture.save()
    return picture


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(10))
def test_acts_and_a_plain_model_agree_through_250_random_histories(part, at):
    live_through(range(part * 25, part * 25 + 25), at)


@pytest.mark.audit
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(20))
def test_acts_and_a_plain_model_agree_through_2000_more(part, at):
    live_through(range(1000 + part * 100, 1000 + part * 100 + 100), at)
