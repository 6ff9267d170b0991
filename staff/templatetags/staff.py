from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from staff.switch import form_words as words_of_forms
from staff.words import difference

register = template.Library()

TAGS = {"same": "{}", "out": "<del>{}</del>", "in": "<ins>{}</ins>"}


@register.simple_tag
def word_difference(old, new):
    """What was taken out of a text and put into it, word by word."""
    return format_html_join("", "{}", ((format_html(TAGS[kind], text),) for kind, text in difference(old, new)))


@register.simple_tag
def shape(name):
    """A drawing of `admin/includes/shapes.html`; the word beside it says the same."""
    return format_html(
        '<svg class="shape shape--{0}" aria-hidden="true" viewBox="0 0 14 14"><use href="#shape-{0}"></use></svg>', name
    )


@register.simple_tag
def state(name, word):
    """A state as people read it: its shape, then its word."""
    return format_html('<span class="state state--{}">{} {}</span>', name, shape(name), word)


@register.simple_tag
def site_zone():
    """The time zone of every time in the administration, with its distance now: “Europe/Moscow (UTC+3)”."""
    minutes = int(timezone.localtime(timezone=settings.SITE_ZONE).utcoffset().total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{settings.TIME_ZONE} (UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''})"


@register.simple_tag
def today():
    return timezone.localdate()


@register.simple_tag
def form_words():
    return words_of_forms()
