from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import TemplateView, View

from delegations.views import moved_or_missing
from news.models import NewsItem, NewsRelease
from news.pages import ListForm, page
from news.reading import Reading
from publishing.erase import erasure_of


class NewsList(TemplateView):
    """All news, of a year or of a month: newest first, older and newer by key."""

    template_name = "news/newsrelease_list.html"

    def get_context_data(self, year=None, month=None, **kwargs):
        form = ListForm(self.request.GET)
        if not form.is_valid():
            raise Http404
        at, rows = timezone.now(), NewsRelease.objects
        rows = rows.public(at).listed()
        if year:
            rows = rows.of_period(year, month)
        originals, newer, older = page(rows, **form.cleaned_data)
        if not originals and (year or any(form.cleaned_data.values())):
            raise Http404
        return super().get_context_data(
            releases=rows.translated(originals, get_language(), at), newer=newer, older=older,
            year=year, month=month, **kwargs,
        )


class NewsDetail(View):
    """One news item: its text, that it was withdrawn, or where it went."""

    def get(self, request, slug):
        reading = Reading.find(slug, get_language())
        if reading is None:
            return moved_or_missing(NewsItem, slug, self)
        if reading.hidden:
            erasure = erasure_of(NewsItem(pk=reading.item_id))
            return render(request, "410.html", {"erasure": erasure}, status=410)
        template = "news/newsrelease_withdrawn.html" if reading.withdrawn else "news/newsrelease_detail.html"
        return render(request, template, {"reading": reading, "release": reading.release})
