from django import template
from django.utils.translation import override

register = template.Library()


@register.simple_tag
def public_address(language, item):
    """The address of an item's public page in a language."""
    with override(language):
        return item.get_absolute_url()
