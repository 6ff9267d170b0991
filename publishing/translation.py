from modeltranslation.translator import TranslationOptions, register

from publishing.history import keep_history
from publishing.pictures import Picture


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ["alt"]


keep_history(Picture)
