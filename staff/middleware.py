"""The administration speaks the user's own language, whatever the address of public pages says."""

from django.conf import settings
from django.utils import translation


class StaffLanguage:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith("/admin/"):  # public pages never touch the session
            return self.get_response(request)
        language = getattr(request.user, "interface_language", "") or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers["Content-Language"] = language
        return response
