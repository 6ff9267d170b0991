from django import template

from delegations import sentences as sentence_room
from delegations.models import Assembly
from languages.text import written

register = template.Library()


@register.simple_tag
def assembly_name():
    """The assembly's name as a Written: one query."""
    assembly = Assembly.objects.in_language().first()
    return written(assembly, "name") if assembly else ""


@register.filter
def sentence(subject, name):
    """`{{ standing|sentence:"consists" }}`: a sentence of `delegations.sentences`, as parts."""
    return getattr(sentence_room, name)(subject)


@register.simple_tag
def unknown_seats(chamber, day):
    return sentence_room.unknown_seats(chamber, day)
