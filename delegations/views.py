from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.generic import DetailView, TemplateView

from delegations.days import OnDayMixin
from delegations.models import Delegation, Membership, Person, Plenipotentiary, Seats
from delegations.standing import register_prefetches, standing, total
from publishing.erase import erasure_of
from publishing.models import Redirect


class DelegationList(OnDayMixin, TemplateView):
    template_name = "delegations/delegation_list.html"

    def get_context_data(self, **kwargs):
        rows = standing(self.at_day)
        return super().get_context_data(delegations=rows, total=total(rows), **kwargs)


class DelegationDetail(OnDayMixin, TemplateView):
    template_name = "delegations/delegation_detail.html"

    def get(self, request, slug):
        rows = standing(self.at_day)  # all of them: the page says the share of the whole
        found = next((row for row in rows if row.delegation.slug == slug), None)
        if not found:
            return moved_or_missing(Delegation, slug, self)
        return self.render_to_response(self.get_context_data(standing=found, total=total(rows)))

    def get_context_data(self, standing, **kwargs):
        earlier = register_prefetches(Seats.objects.filter(chamber__delegation=standing.delegation).over())
        posts = register_prefetches(Plenipotentiary.objects.filter(delegation=standing.delegation).over())
        return super().get_context_data(
            standing=standing, delegation=standing.delegation, earlier_seats=earlier, earlier_posts=posts, **kwargs
        )


class PersonDetail(OnDayMixin, DetailView):
    template_name = "delegations/person_detail.html"

    def get_queryset(self):
        return Person.objects.in_language().select_related("portrait").prefetch_related("other_names")

    def get(self, request, slug):
        person = self.get_queryset().filter(slug=slug).first()
        if not person:
            return moved_or_missing(Person, slug, self)
        if erasure := erasure_of(person):
            return render(request, "410.html", {"erasure": erasure}, status=410)
        self.object = person
        return self.render_to_response(self.get_context_data(person=person))

    def get_context_data(self, **kwargs):
        posts = register_prefetches(Plenipotentiary.objects.filter(person=self.object))
        seats = register_prefetches(Membership.objects.filter(person=self.object))
        return super().get_context_data(
            posts=posts.on(self.at_day), posts_unknown=posts.unknown_on(self.at_day), posts_over=posts.over(),
            memberships=seats.on(self.at_day), memberships_unknown=seats.unknown_on(self.at_day),
            memberships_over=seats.over(), **kwargs,
        )


def moved_or_missing(model, slug, view):
    """301 to the present address of a record that had this slug before; otherwise 404."""
    if record := Redirect.find(model, slug):
        on = f"?on={view.day.isoformat()}" if getattr(view, "day", None) else ""
        return HttpResponsePermanentRedirect(record.get_absolute_url() + on)
    raise Http404
