"""Text in another language than the page's carries `lang`; addresses of the same page in other languages."""

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from languages import ENDONYMS
from languages import dates
from languages.text import Written, written

register = template.Library()


@register.filter
def said(parts):
    """A Written, or a list of them, as HTML: each piece in another language than the page's in a `span lang`."""
    pieces = [parts] if isinstance(parts, Written) else parts or []
    page = get_language()
    return format_html_join(
        "",
        "{}",
        (
            (piece.text if piece.language in {page, ""} else format_html('<span lang="{}">{}</span>', piece.language, piece.text),)
            for piece in pieces
        ),
    )


@register.filter(name="written")
def written_filter(obj, field):
    """`{{ person|written:"name" }}`: a Written, by the fallbacks of the register."""
    return written(obj, field)


@register.filter
def foreign(parts):
    """Whether any part of a text is in another language than the page's."""
    pieces = [parts] if isinstance(parts, Written) else parts or []
    return any(piece.language not in {get_language(), ""} for piece in pieces)


@register.filter
def day(value):
    """A day written out in the page's language."""
    return dates.written_day(value, get_language())


@register.filter
def endonym(code):
    """A language's own name for itself."""
    return ENDONYMS.get(code, code)


@register.simple_tag(takes_context=True)
def languages_of_page(context):
    """[{code, name, address, current}]: this page in every public language, `?on=` kept."""
    request, current = context["request"], get_language()
    path, on = request.path_info, context.get("on", "")
    rest = path.split("/", 2)[2] if path.split("/", 2)[1] in settings.PUBLIC_LANGUAGES and path.count("/") > 1 else ""
    return [
        {"code": code, "name": ENDONYMS[code], "address": f"/{code}/{rest}{on}", "current": code == current}
        for code in settings.PUBLIC_LANGUAGES
    ]


@register.simple_tag
def absolute(address):
    """An address of this site in full; the host is the installation's, never the request's."""
    return settings.SITE_URL + address
