"""The address alone tells the language of a public page."""

from django.conf import settings
from django.utils import translation


class AddressLanguage:
    """Activates the language that begins the path, else the site's default. Reads no header and no cookie, so adds no Vary."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        first = request.path_info.split("/", 2)[1] if request.path_info.startswith("/") else ""
        request.LANGUAGE_CODE = first if first in settings.PUBLIC_LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
