"""How news stand in content files."""

from news.models import NewsItem
from publishing.content.folder import Section
from publishing.content.shapes import Shape

KEYS = [
    "slug", "original_language", "date", "title", "lead", "body", "place", "picture", "delegations", "people", "source",
]

SECTIONS = [Section(Shape(NewsItem, KEYS, bulk=True), "news/", by_year="date")]
