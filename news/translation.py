from modeltranslation.translator import TranslationOptions, register

from news.models import NewsItem
from publishing.history import keep_history


@register(NewsItem)
class NewsItemTranslation(TranslationOptions):
    fields = ["title", "lead", "body", "place"]


keep_history(NewsItem, m2m_fields=[NewsItem.delegations.field, NewsItem.people.field])
