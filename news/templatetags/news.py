from django import template
from django.utils import timezone
from django.utils.translation import get_language

from news.models import NewsRelease

register = template.Library()

RELATED = 5


@register.inclusion_tag("news/includes/related.html")
def related_news(**about):
    """`{% related_news delegations=delegation %}`: the newest public items about a record. Two queries."""
    at, rows = timezone.now(), NewsRelease.objects
    originals = list(rows.public(at).filter(**about).listed()[:RELATED])
    return {"releases": rows.translated(originals, get_language(), at) if originals else []}
