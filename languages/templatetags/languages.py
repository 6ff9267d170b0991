"""Text in another language than the page's carries `lang` and is announced; the page's addresses in other languages."""

import re
from datetime import datetime
from urllib.parse import quote

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from languages import ENDONYMS, dates
from languages.text import Written, written

register = template.Library()

OTHER = re.compile(r'<span class="other" lang="([a-z]+)">')
NUMBER = re.compile(r"(?<=\d) (?=[^\W\d])")
SAID_ALREADY = 'id="untranslated"'


@register.filter
def said(parts):
    """A Written, or a list of them, as HTML: each piece in another language than the page's in a `span lang`."""
    pieces = [parts] if isinstance(parts, Written) else parts or []
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html('<span class="other" lang="{}">{}</span>', piece.language, unbroken(piece.text))
                if _is_other(piece)
                else unbroken(piece.text),
            )
            for piece in pieces
        ),
    )


def unbroken(text):
    """No number ends a line before the word that it counts."""
    return NUMBER.sub("\u00a0", text)


@register.filter(name="written")
def written_filter(record, field):
    """`{{ person|written:"name" }}`: a Written, by the fallbacks of the register; empty without a record."""
    return written(record, field) if record else Written("", "")


@register.filter
def text_of(release, field):
    """`{{ release|text_of:"title" }}`: a text of a release as a Written."""
    return Written(getattr(release, field), release.language)


@register.filter
def is_other(code):
    """Whether a language is another one than the page's; '' (unknown, or none) is not."""
    return code not in {get_language(), ""}


@register.filter(expects_localtime=True)
def moment(at):
    """An instant written out by the site's clock, in the page's language: “7 October 2025, 10:00”."""
    return dates.written_moment(at, get_language())


@register.filter
def quoted(text):
    """A text in the page's language's own quotation marks."""
    begin, end = dates.QUOTES[get_language()]
    return f"{begin}{text}{end}"


@register.tag
def says_languages(parser, token):
    """
    `{% says_languages %}…{% endsays_languages %}`: what is inside, after a sentence about other languages in it.

    It looks at the finished HTML, so that nothing shown through `said` can be forgotten.
    """
    nodelist = parser.parse(["endsays_languages"])
    parser.delete_first_token()
    return SaysLanguages(nodelist)


class SaysLanguages(template.Node):
    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        html = self.nodelist.render(context)
        codes = {*OTHER.findall(html)}
        if not codes or SAID_ALREADY in html:
            return html
        languages = [code for code in settings.MODELTRANSLATION_LANGUAGES if code in codes]
        return render_to_string("includes/partly_translated.html", {"languages": languages}) + html


@register.filter
def day(value):
    """A day written out in the page's language; of an instant, the day in the site's time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return dates.written_day(value, get_language())


@register.filter
def month_name(month):
    """`{{ 10|month_name }}`: “October”, as a heading."""
    return dates.month_name(month, get_language())


@register.simple_tag
def written_month(year, month):
    """“October 2025”, inside a sentence."""
    return dates.written_month(year, month, get_language())


@register.filter
def endonym(code):
    """A language's own name for itself."""
    return ENDONYMS.get(code, code)


@register.filter
def in_that_language(code):
    """“in Russian”, of a text or site in another language than the page; whole, since most languages inflect it."""
    return {
        "en": _("in English"),
        "ru": _("in Russian"),
        "be": _("in Belarusian"),
        "kk": _("in Kazakh"),
        "ky": _("in Kyrgyz"),
        "hy": _("in Armenian"),
        "tg": _("in Tajik"),
    }[code]


@register.simple_tag(takes_context=True)
def languages_of_page(context):
    """
    This page in every public language: [{code, name, address, current, written}].

    The view may give `query` (what the address keeps: "?on=…"), `written_in` (languages in which the page is really
    written; all without it), and `lost` where no page stands at this address: then the home pages are named.
    """
    path, current = context["request"].path_info, get_language()
    first, _slash, rest = path.removeprefix("/").partition("/")
    kept = first in settings.PUBLIC_LANGUAGES and not context.get("lost")
    rest = quote(rest) + context.get("query", "") if kept else ""
    return [
        {
            "code": code,
            "name": ENDONYMS[code],
            "address": f"/{code}/{rest}",
            "current": code == current,
            "written": code in context.get("written_in", settings.PUBLIC_LANGUAGES),
        }
        for code in settings.PUBLIC_LANGUAGES
    ]


@register.filter
def default_of(languages):
    """For readers of any other language, out of `languages_of_page`: the site's default language, else the first."""
    ones = sorted((row for row in languages if row["written"]), key=lambda row: row["code"] != settings.LANGUAGE_CODE)
    return ones[0]["address"] if ones else ""


@register.filter
def address_in(languages, code):
    """The address in one language, out of `languages_of_page`; "" where that is not public."""
    return next((row["address"] for row in languages if row["code"] == code), "")


@register.filter
def absolute(address):
    """An address of this site in full; the host is the installation's, never the request's."""
    return settings.SITE_URL + address


def _is_other(piece):
    return is_other(piece.language)
