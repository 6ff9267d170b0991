from django import template
from django.utils.html import format_html

from delegations import sentences as sentence_room
from delegations.models import Assembly

register = template.Library()

LONGEST_BENCH = 60


@register.simple_tag
def the_assembly():
    """The assembly's row in the page's language: one query."""
    return Assembly.objects.in_language().first() or Assembly()


@register.filter
def sentence(subject, name):
    """`{{ standing|sentence:"consists" }}`: a sentence of `delegations.sentences`, as parts."""
    return getattr(sentence_room, name)(subject)


@register.simple_tag
def unknown_seats(chamber, day):
    return sentence_room.unknown_seats(chamber, day)


@register.filter
def large(text, number):
    """A counted phrase (“7 deputies”) with its number set large."""
    before, found, after = text.partition(str(number))
    return format_html('{}<span class="num accent">{}</span>{}', before, found, after)


@register.inclusion_tag("delegations/includes/bench.html")
def bench(number, first):
    """A row of circles, one a seat: filled for the first chamber, open for the others."""
    shown = number if number <= LONGEST_BENCH else 0
    return {"places": [5 + 12 * place for place in range(shown)], "width": 12 * shown - 2, "first": first}
