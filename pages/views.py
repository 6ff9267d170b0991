import sys

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from delegations.models import Source
from delegations.standing import standing
from delegations.views import figures
from news.models import NewsRelease

AWAY = OperationalError, InterfaceError  # what is raised while the database is away, too slow or locked


@require_safe
def root(request):
    """To the reader's language: the only place where a header decides."""
    wishes = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    asked = [code.split("-")[0] for code, _weight in wishes]
    language = next((code for code in asked if code in settings.PUBLIC_LANGUAGES), settings.LANGUAGE_CODE)
    return HttpResponseRedirect(f"/{language}/", headers={"Cache-Control": "no-store"})


class Home(TemplateView):
    template_name = "pages/home.html"

    def get_context_data(self, **kwargs):
        at, rows = timezone.now(), NewsRelease.objects
        originals = list(rows.public(at).listed()[:6])
        releases = rows.translated(originals, get_language(), at)
        return super().get_context_data(releases=releases, **figures(standing(timezone.localdate())), **kwargs)


class About(TemplateView):
    """What this is, contact, terms of the data, accessibility, privacy."""

    template_name = "pages/about.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(sources=Source.objects.in_language(), **kwargs)


def bad_request(request, exception=None):
    return _error(request, 400)


def permission_denied(request, exception=None):
    return _error(request, 403)


def not_found(request, exception=None):
    return _error(request, 404)


def server_error(request):
    if isinstance(sys.exc_info()[1], AWAY):
        return database_away(request)
    return render(request, "500.html", {"without_database": True}, status=500)


def database_away(request):
    """A reader gets a sentence and a time to come back, never a stack."""
    response = render(request, "503.html", {"without_database": True}, status=503)
    response.headers["Retry-After"], response.headers["Cache-Control"] = "30", "no-store"
    return response


def _error(request, status):
    """A page that names the assembly, or does without where the database cannot say it."""
    try:
        return render(request, f"{status}.html", {"lost": True}, status=status)
    except DatabaseError:
        return render(request, f"{status}.html", {"lost": True, "without_database": True}, status=status)
