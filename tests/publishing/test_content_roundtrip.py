"""What is dumped and loaded into an empty database is what was there before, whatever was there."""

from random import Random

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import override_settings

from tests.publishing.content import differences, empty, everything, files
from tests.publishing.registers import Register


def written():
    """{table: its rows as they are}, histories and ids included."""
    models = [model for model in apps.get_models() if model._meta.app_label in {"delegations", "news", "publishing", "translations"}]
    models += [field.remote_field.through for model in models for field in model._meta.many_to_many]
    return {model._meta.db_table: list(model._base_manager.order_by("pk").values_list()) for model in models}


def goes_round(seed, clock, tmp_path):
    Register(Random(seed), clock)
    clock.advance(seconds=1)  # acts without time between them ran ahead of it by microseconds
    before = everything()
    first, second, media = tmp_path / f"first-{seed}", tmp_path / f"second-{seed}", tmp_path / f"media-{seed}"
    call_command("dump_content", str(first), verbosity=0)
    empty()
    with override_settings(MEDIA_ROOT=str(media)):
        call_command("load_content", str(first))
        assert differences(before, everything()) == []
        call_command("dump_content", str(second))
        assert files(second) == files(first)
        assert {path.name: path.read_bytes() for path in media.rglob("*.*")} == {
            name.removeprefix("pictures/"): content
            for name, content in files(first).items()
            if name.startswith("pictures/")
        }
        rows = written()
        call_command("load_content", str(first))
        assert written() == rows


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_a_random_register_dumped_and_loaded_is_the_same_and_dumps_the_same_files(seed, at, tmp_path, capsys):
    goes_round(seed, at, tmp_path)
    assert capsys.readouterr().out.endswith("Nothing changed.\n")


@pytest.mark.audit
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(20))
def test_so_are_300_more(part, at, tmp_path):
    for seed in range(1000 + part * 15, 1015 + part * 15):
        goes_round(seed, at, tmp_path)
        empty()
