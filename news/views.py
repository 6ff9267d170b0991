from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.generic import TemplateView, View

from delegations.models import Delegation, Person, Source
from delegations.views import moved_or_missing
from news.models import NewsItem, NewsRelease
from news.pages import ListForm, page, periods
from news.reading import Reading
from publishing.erase import erasure_of
from publishing.models import Redirect


class NewsList(TemplateView):
    """All news, of a year or of a month: newest first, older and newer by key."""

    template_name = "news/newsrelease_list.html"

    def get_context_data(self, year=None, month=None, **kwargs):
        form = ListForm(self.request.GET)
        if not form.is_valid():
            raise Http404
        at, public = timezone.now(), NewsRelease.objects.public()
        rows = (public.of_period(year, month) if year else public).listed()
        originals, newer, older = page(rows, **form.cleaned_data)
        if not originals and (year or form.query()):
            raise Http404
        releases = rows.translated(originals, get_language(), at)
        prefetch_related_objects(releases, Prefetch("delegations", Delegation.objects.in_language()))
        return super().get_context_data(
            releases=releases, newer=newer, older=older, year=year, month=month, periods=periods(public, year),
            query=form.query(), **kwargs,
        )


class NewsDetail(View):
    """One news item: its text, that it was withdrawn, or where it went."""

    def get(self, request, slug):
        reading = Reading.find(slug, get_language())
        if reading is None:
            if (item := Redirect.find(NewsItem, slug)) and Reading.find(item.slug, get_language()):
                return moved_or_missing(NewsItem, slug)
            raise Http404
        if reading.original.hidden:
            erasure = erasure_of(NewsItem(pk=reading.original.item_id))
            day = erasure.erased_at if erasure else reading.original.since
            return render(request, "410.html", {"day": day, "erased": bool(erasure)}, status=410)
        if reading.original.withdrawn:
            return render(request, "news/newsrelease_withdrawn.html", {"reading": reading, "written_in": []})
        prefetch_related_objects(
            [reading.release],
            Prefetch("delegations", Delegation.objects.in_language()),
            Prefetch("people", Person.objects.in_language()),
            Prefetch("source", Source.objects.in_language()),
        )
        return render(
            request, "news/newsrelease_detail.html",
            {"reading": reading, "release": reading.release, "written_in": reading.languages},
        )
