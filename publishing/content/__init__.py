"""
The assembly's content as a folder of readable files: what `load_content` reads and `dump_content` writes.

An app with content says in its `content.py` how its records stand in files: `SECTIONS`. docs/content.md describes the
format.
"""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.db import reset_queries
from django.utils.module_loading import module_has_submodule


def sections():
    """The sections of all apps, in the order of imports: what is named comes before what names it."""
    from publishing.content import pictures

    found = [*pictures.SECTIONS]
    for app in apps.get_app_configs():
        if app.name != "publishing" and module_has_submodule(app.module, "content"):
            found += import_module(f"{app.name}.content").SECTIONS
    return found


def reporter(stream):
    """What a long job calls with a file and a number: one line of a terminal, written over; without them, wiped."""

    def report(path="", number=""):
        if stream.isatty():
            stream.write(f"\r\033[K{path} {number}".rstrip(), style_func=str, ending="")
            stream.flush()

    return report


def forget_queries():
    """With DEBUG, Django keeps every statement: a batch of news is some megabytes."""
    if settings.DEBUG:
        reset_queries()
