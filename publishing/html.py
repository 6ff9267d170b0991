"""Rich text as it may be stored: a small vocabulary, links that lead where they say, and one form for every text."""

import re
import unicodedata
from html import unescape
from urllib.parse import urlsplit

import nh3
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from languages.fields import TidyMixin
from languages.text import BIDI_CONTROLS, CONTROLS

MAX_BYTES = 200_000
MAX_DEPTH = 50

BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "table"}
INLINES = {"a", "strong", "em", "sup", "sub", "span"}
TABLE_PARTS = {"caption", "thead", "tbody", "tr", "th", "td"}
TAGS = BLOCKS | INLINES | TABLE_PARTS | {"li", "br"}

ATTRIBUTES = {tag: {"lang"} for tag in TAGS - {"br"}} | {
    "a": {"lang", "href", "hreflang"},
    "p": {"lang", "class"},
    "blockquote": {"lang", "class"},
    "th": {"lang", "scope", "colspan", "rowspan"},
    "td": {"lang", "colspan", "rowspan"},
}
CLASSES = ("speech", "hang")

# What other programs call the same thing.
SYNONYMS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "b": "strong", "i": "em"}
# Elements that are not kept but begin and end a line, so that two paragraphs never run together.
LINES = set(
    "address article aside center dd details div dl dt fieldset figcaption figure footer form header hgroup main nav "
    "pre section summary tfoot".split()
)
VOID = set("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split())

_ATTRIBUTE_PART = r"""(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))?+)*+"""
_TOKEN = re.compile(
    rf"""
    (?P<ignored>
        <!--(?:-?>|.*?(?:--!?>|\Z))
      | <(?P<raw>script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|template)(?=[\s/>]){_ATTRIBUTE_PART}>
        .*?(?:</(?P=raw)(?=[\s/>])[^>]*+>?|\Z)
      | <(?:[!?]|/(?![a-z]))[^>]*+>
    )
    | <(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<attributes>{_ATTRIBUTE_PART})(?P<closed>>|\Z)
    | (?P<text>[^<]++|<)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE | re.ASCII,
)
_ATTRIBUTE = re.compile(r"""([^\s"'/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,5}", re.IGNORECASE | re.ASCII)
_NOTHING = re.compile(r"(?:\s|\u200b|\ufeff|&nbsp;)*+")
# Non-characters as well: strict XML parsers stop at them.
_UNWANTED = CONTROLS | BIDI_CONTROLS | dict.fromkeys([*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF])


def clean(html):
    """
    The HTML as it may be stored and shown; '' where nobody reads anything. clean(clean(x)) == clean(x).

    ValidationError for more than MAX_BYTES or MAX_DEPTH, before nh3 builds a tree (50,000 nested tags took it 3.6 s).
    """
    html = str(html or "")
    # The parser repairs what the cleaning uncovers: two rounds in general, six at most in a million random texts.
    for _attempt in range(12):
        before, html = html, _clean_once(html)
        if html == before:
            return html
    raise ValidationError(_("The structure of this text cannot be read. Paste it as plain text."), code="unreadable")


def plain(html):
    """The words alone: one line a block, entities decoded, no markup."""
    parts = []
    for token in _TOKEN.finditer(str(html or "")):
        if text := token["text"] or (token["name"] and not token["closed"] and token[0]):
            parts.append(re.sub(r"[ \t\r\n\f]+", " ", unescape(text)))
        elif token["name"]:
            name = token["name"].lower()
            if name in {"td", "th"}:
                parts.append(" ")
            elif name in {"br", "li", "tr", "caption"} | BLOCKS | LINES | SYNONYMS.keys() - {"b", "i"}:
                parts.append("\n")
    lines = (re.sub(" +", " ", line).strip(" \xa0") for line in "".join(parts).split("\n"))
    return "\n".join(filter(None, lines))


def first_paragraph(html):
    """The words of the first paragraph of stored HTML that has any, on one line; without one, of the first line."""
    for paragraph in re.finditer(r"<p(?: [^<>]*)?>(.*?)</p>", html, re.DOTALL):
        if text := plain(paragraph[1]):
            return text.replace("\n", " ")
    return plain(html).partition("\n")[0]


class Clean(str):
    """HTML that a field has cleaned: it passes the next check on its way into the database as it is."""


class HTMLField(TidyMixin, models.TextField):
    """Rich text, cleaned on every way into the database; what exceeds the limits raises, and nothing is stored."""

    def tidy(self, value):
        return value if isinstance(value, Clean) else Clean(clean(value)) if value else ""


def _clean_once(html):
    if len(html.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise ValidationError(
            _("This text is longer than %(limit)s kilobytes. Divide it, or attach it as a document."),
            code="long",
            params={"limit": MAX_BYTES // 1000},
        )
    return nh3.clean(
        _Outline().read(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,  # needed only beside target, which is not kept
    ).strip()


def _attribute(tag, name, value):
    """The value as it may be stored, or None."""
    if name == "href":
        return _address(value)
    if name in {"lang", "hreflang"}:
        return value if _LANGUAGE.fullmatch(value) else None
    if name == "class":
        return " ".join(word for word in CLASSES if word in value.split()) or None
    if name == "scope":
        return value if value in {"row", "col", "rowgroup", "colgroup"} else None
    return value if re.fullmatch(r"[1-9][0-9]?", value, re.ASCII) else None  # colspan, rowspan: more stalls a browser


def _address(value):
    """The address as a browser reads it; None unless it leads to this site, the web, a mailbox or a telephone."""
    value = re.sub(r"[\t\r\n]", "", value.translate(_UNWANTED)).strip().replace(" ", "%20")
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if parts.scheme in {"http", "https"}:
        # A browser takes a backslash for a slash, so that the host it goes to is not the one that a reader sees.
        good = re.match(r"https?://[^/\\?#]", value, re.IGNORECASE) and parts.hostname and "\\" not in parts.netloc
    elif parts.scheme in {"mailto", "tel"}:
        good = parts.path
    else:
        good = re.match(r"/(?![/\\])", value)
    return value if good and len(value) <= 2000 else None


class _Outline:
    """
    Reads any HTML in one pass and writes the allowed elements alone, each closed where it ends.

    It decides nothing about safety, which is nh3's part. It is here so that nh3 meets only a well-formed text of known
    depth, and so that emptied elements and divisions pasted from elsewhere leave no trace.
    """

    CELLS = frozenset({"td", "th", "caption", "table"})  # a paragraph in a cell does not end one outside the table
    LISTS = frozenset({"ul", "ol"}) | CELLS
    # What a start tag ends, and the elements beyond which it does not reach.
    ENDS = {
        **dict.fromkeys(BLOCKS, ({"p", "h2", "h3"}, CELLS)),
        **dict.fromkeys(LINES, ({"p"}, CELLS)),
        "li": ({"li", "p", "h2", "h3"}, LISTS),
        "a": ({"a"}, frozenset()),
        **dict.fromkeys(["td", "th"], ({"td", "th", "caption"}, {"table"})),
        "tr": ({"tr", "td", "th", "caption"}, {"table"}),
        **dict.fromkeys(["thead", "tbody", "caption"], (TABLE_PARTS, {"table"})),
    }

    def __init__(self):
        self.out = []
        self.open = []  # [name, is it written, where in `out` it begins, has it text]

    def read(self, html):
        for token in _TOKEN.finditer(html):
            if token["text"]:
                self.text(token["text"])
            elif not token["name"]:
                continue
            elif not token["closed"]:  # a tag that never ends is something somebody wrote, such as "a <b"
                self.text(token[0])
            else:
                name = token["name"].lower()
                name = SYNONYMS.get(name, name)
                if token["end"]:
                    self.end(name)
                else:
                    self.start(name, token["attributes"])
        self.close(0)
        # Nothing but line breaks and white space may be left outside all elements.
        return "".join(self.out) if any(part != "<br>" and not _NOTHING.fullmatch(part) for part in self.out) else ""

    def text(self, text):
        # Within one run of text: across a tag NFC would melt its ">" and a following U+0338 into one letter.
        text = unicodedata.normalize("NFC", text.translate(_UNWANTED)).lstrip("\u0338")
        if not _NOTHING.fullmatch(text):
            self.begin_line()
            if self.open:
                self.open[-1][3] = True
        self.out.append(text.replace("<", "&lt;"))

    def start(self, name, attributes):
        if name == "li" and self.find({"ul", "ol"}, self.CELLS) is None:
            name = "p"
        if name in TABLE_PARTS and self.find({"table"}) is None:
            self.out.append(" ")
            return
        if name in self.ENDS:
            while (found := self.find(*self.ENDS[name])) is not None:
                self.close(found)
        if name == "br":
            self.out.append("<br>")
            return
        if name in VOID:
            return
        if name in INLINES:
            self.begin_line()
        kept = [
            f' {key.lower()}="{(double or single or bare).replace(chr(34), "&quot;")}"'
            for key, double, single, bare in _ATTRIBUTE.findall(attributes)
            if key.lower() in ATTRIBUTES.get(name, ())
        ]
        kept = "".join(kept)
        written = " href=" in kept if name == "a" else bool(kept) if name == "span" else name in TAGS
        self.push(name, written, kept)

    def end(self, name):
        if name == "li":
            fences = self.LISTS
        elif name in TABLE_PARTS:
            fences = {"table"}
        elif name in BLOCKS - {"table"} | LINES:
            fences = self.CELLS
        elif name == "table":
            fences = ()
        else:
            fences = BLOCKS | TABLE_PARTS | {"li"}  # "</em>" after "<em><p>" ends nothing
        found = self.find({name}, fences)
        if found is not None:
            self.close(found)

    def begin_line(self):
        """Words straight in a division become a paragraph."""
        if self.open and self.open[-1][0] in LINES and self.find({"p", "h2", "h3"}, self.CELLS) is None:
            self.push("p", True, "")

    def push(self, name, written, attributes):
        if len(self.open) >= MAX_DEPTH:
            raise ValidationError(
                _("This text has elements nested more than %(limit)s levels deep. Paste it as plain text."),
                code="deep",
                params={"limit": MAX_DEPTH},
            )
        self.open.append([name, written, len(self.out), False])
        self.out.append(f"<{name}{attributes}>" if written else "")

    def find(self, names, fences=()):
        """Where the innermost open element of these names is; None if there is none before a fence."""
        for position in range(len(self.open) - 1, -1, -1):
            name = self.open[position][0]
            if name in names:
                return position
            if name in fences:
                return None

    def close(self, position):
        """Ends the open elements from `position` on. What nobody filled goes, cells apart; space in a line stays."""
        while len(self.open) > position:
            name, written, begin, filled = self.open.pop()
            if filled and self.open:
                self.open[-1][3] = True
            if filled or name in TABLE_PARTS:
                self.out.append(f"</{name}>" if written else "")
            elif name in INLINES or not written:
                self.out[begin] = ""
            else:
                del self.out[begin:]
