from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from delegations.models import Source
from delegations.standing import standing, total
from news.models import NewsRelease


@require_safe
def root(request):
    """To the reader's language: the only place where a header decides."""
    asked = [code.split("-")[0] for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    language = next((code for code in asked if code in settings.PUBLIC_LANGUAGES), settings.LANGUAGE_CODE)
    response = HttpResponseRedirect(f"/{language}/")
    response.headers["Cache-Control"] = "no-store"
    return response


class Home(TemplateView):
    template_name = "pages/home.html"

    def get_context_data(self, **kwargs):
        at, rows = timezone.now(), NewsRelease.objects
        originals = list(rows.public(at).listed()[:6])
        delegations = standing(timezone.localdate())
        return super().get_context_data(
            releases=rows.translated(originals, get_language(), at), delegations=delegations, total=total(delegations), **kwargs
        )


class About(TemplateView):
    """What this is, contact, terms of the data, accessibility, privacy."""

    template_name = "pages/about.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(sources=Source.objects.in_language(), **kwargs)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)
