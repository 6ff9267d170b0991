"""Headers that every answer carries, the methods of public pages, what readers see while the database is away."""

from django.http import HttpResponseNotAllowed

from pages.views import AWAY, database_away

# Public pages load their own style, pictures and fonts, send forms to this site, and nothing else.
PUBLIC_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Django's own administration works under this without a violation: measured.
STAFF_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
READING = ["GET", "HEAD"]


def is_staff_address(request):
    return request.path_info.startswith("/admin/")


class SecurityHeaders:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        policy = STAFF_CSP if is_staff_address(request) else PUBLIC_CSP
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class PublicPages:
    """
    Public pages are read, by nobody in particular.

    Any other method gets 405 before the check for forged forms could answer 403. Cookies are not looked at: a forged
    one would make Django's session and forms set their own and vary the page with it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_staff_address(request):
            if request.method not in READING:
                return HttpResponseNotAllowed(READING)
            request.COOKIES = {}
        return self.get_response(request)


class DatabaseAway:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        return database_away(request) if isinstance(error, AWAY) else None
