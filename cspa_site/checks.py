"""Mistakes of an installation that no single setting shows, reported by `manage.py check`."""

from pathlib import Path
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError


class Checks(AppConfig):
    """Installed so that the checks are known before they run; importing them from the addresses would be too late."""

    name = "cspa_site"


@register(Tags.security)
def debug_is_private(app_configs, **kwargs):
    if settings.DEBUG and urlsplit(settings.SITE_URL).hostname not in {"127.0.0.1", "localhost", "::1", "testserver"}:
        return [
            Error(
                f"DEBUG is on and SITE_URL is a public address: {settings.SITE_URL}.",
                hint="DEBUG shows visitors the settings and the source. Unset it, or set SITE_URL to this machine.",
                id="cspa_site.E001",
            )
        ]
    return []


@register(Tags.translation)
def public_languages_have_catalogues(app_configs, **kwargs):
    missing = [
        code
        for code in settings.PUBLIC_LANGUAGES
        if not any(Path(place, code, "LC_MESSAGES", "django.mo").exists() for place in settings.LOCALE_PATHS)
    ]
    if missing:
        return [
            Warning(
                f"PUBLIC_LANGUAGES names languages in which the interface has no catalogue: {', '.join(missing)}.",
                hint="Run manage.py compile_catalogues.",
                id="cspa_site.W001",
            )
        ]
    return []


@register(Tags.database)
def assembly_keeps_our_time(app_configs, databases=None, **kwargs):
    from delegations.models import Assembly

    try:
        zone = Assembly.objects.values_list("time_zone", flat=True).first() if databases else None
    except DatabaseError:  # not migrated yet, or away: others report that
        return []
    if zone and zone != settings.TIME_ZONE:
        return [
            Warning(
                f"TIME_ZONE is {settings.TIME_ZONE}, but the assembly's time zone in the register is {zone}.",
                hint="Days begin and times are shown by TIME_ZONE. Make the two equal.",
                id="cspa_site.W002",
            )
        ]
    return []
