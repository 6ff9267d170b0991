"""
Whatever is asked for, the site never answers with an error of its own.

Requests are put together from what was tried against other sites: paths, parameters, methods, headers. The seed is
fixed, so that the same commit gives the same answer twice.
"""

import random
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db

WORDS = [
    "", "0", "-1", "1" * 24, "9" * 400, "2025", "0001", "9999", "10000", "٢٠٢٥", "2026-02-30", "2025-10-07", "1900-01-01", "0000-00-00",
    "9999-12-31", "0001-01-01", "2025-10-07_1", "2025-10-07_999999999999999999", "9999-12-31_0", "0001-01-01_1", "2025-10-07_" + "9" * 30,
    "abc", "NaN", "None", "null", "true", "[]", "{}", "%", "%00", "%ff", "%c0%ae", "%2e%2e", "%2F", "..", "../..", ".", "~", "*",
    "\0", "\x01\x7f", "\r\nSet-Cookie: x=1", "\u202e", "\u2066", "\ufeff", "\ud83d\ude00", "😀", "e\u0301", "ﬁ", "İ", "ß", "Ҷ",
    "'", '"', "';--", "1' OR '1'='1", "\\", "\\\\evil.example", "//evil.example", "https://evil.example", "javascript:alert(1)",
    "<script>alert(1)</script>", '"><svg onload=x>', "{{ 7*7 }}", "{% debug %}", "${7*7}", "%(x)s", "%s%n", "a" * 600, "a-" * 3000, "/" * 50,
    "news", "item", "withdrawn", "belarus", "kogut", "delegations", "people", "about", "admin", "static", "media", "en", "ru", "xx", "EN", "en-us",
    "favicon.ico", "robots.txt", ".env", ".git/config", "wp-login.php", "index.html",
]  # fmt: skip
ADDRESSES = [
    "/", "/{0}/", "/{0}/delegations/", "/{0}/delegations/{1}/", "/{0}/people/{1}/", "/{0}/news/", "/{0}/news/{1}/", "/{0}/news/{1}/{2}/",
    "/{0}/news/2025/10/", "/{0}/news/item/", "/{0}/delegations/belarus/", "/{0}/people/kogut/", "/{0}/about/", "/{0}/{1}/{2}/", "/{1}/{2}", "/{1}",
    "/{0}/news/{1}", "//{1}", "/static/{1}", "/media/{1}", "/{0}//{1}//", "{1}",
]  # fmt: skip
PARAMETERS = [
    "on",
    "before",
    "after",
    "page",
    "q",
    "id",
    "delegation__slug",
    "a__b",
    "author__password__startswith",
    "_to_field",
    "next",
    "utm",
    "",
    "on[]",
    "é",
]
METHODS = (
    ["GET"] * 30 + ["HEAD"] * 5 + ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "CONNECT", "PROPFIND"]
)
HEADERS = [
    "host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "accept-language", "cookie", "range", "if-none-match", "if-match",
    "if-modified-since", "if-unmodified-since", "content-type", "content-length", "transfer-encoding", "referer", "origin", "user-agent",
    "accept", "accept-encoding", "authorization", "x-http-method-override", "x-original-url", "expect", "x-requested-with",
]  # fmt: skip
VALUES = [
    "evil.example", "under_score", "testserver:99999", "testserver", "ru,en;q=0.5", "x;q=9,*;q=-1", "session=abc; csrf=abc", "session=" + "a" * 4000,
    "bytes=0-0", "bytes=5-1,2-", "*", '"x"', 'W/"x", "y"', "Thu, 01 Jan 1970 00:00:00 GMT", "multipart/form-data; boundary=", "text/html; charset=\x7f",
    "application/json", "chunked", "0", "-1", "9" * 30, "abc", "Basic %%%", "gzip;q=abc", "100-continue", "/admin/", "x" * 3000,
]  # fmt: skip


@pytest.fixture(autouse=True)
def site(db):
    make.assembly()
    belarus = make.delegation(slug="belarus")
    make.seats(chamber=make.chamber(delegation=belarus))
    kogut = make.person(slug="kogut")
    make.plenipotentiary(delegation=belarus, person=kogut)
    make.news(slug="item", released=True, delegations=[belarus], people=[kogut])
    make.news(slug="withdrawn", released=True, withdrawn=True)


def requests(total, seed):
    draw = random.Random(seed)
    languages = [*settings.PUBLIC_LANGUAGES, *settings.PUBLIC_LANGUAGES, "xx", "EN", "a" * 600]
    for _ in range(total):
        words = [draw.choice(languages), draw.choice(WORDS), draw.choice(WORDS)]
        path = draw.choice(ADDRESSES).format(*words)
        names = draw.sample(PARAMETERS, draw.choice([0, 0, 1, 1, 2, 3]))
        query = "&".join(
            f"{name}={word if draw.random() < 0.3 else _quoted(word)}"
            for name in names
            for word in [draw.choice(WORDS)]
        )
        headers = {name: draw.choice(VALUES) for name in draw.sample(HEADERS, draw.choice([0, 0, 0, 1, 2]))}
        yield draw.choice(METHODS), path, query, headers


def never_an_error(total, seed):
    reader = Client(raise_request_exception=False)
    for method, path, query, headers in requests(total, seed):
        body = b"x=1" if method not in {"GET", "HEAD", "TRACE"} else b""
        environ = {"PATH_INFO": _latin(path), "QUERY_STRING": _latin(query)}
        response = reader.generic(
            method, "/", body, headers={k: v for k, v in headers.items() if k != "content-type"}, **environ
        )
        asked = (method, path, query, headers)
        assert response.status_code in {200, 301, 302, 304, 400, 403, 404, 405, 412}, asked
        location = response.headers.get("Location", "/x")
        assert location.startswith("/") and not location.startswith(("//", "/\\")), asked
        if not path.startswith("/admin"):
            assert (response.cookies, response.headers.get("Vary")) == ({}, None), asked
        if response.status_code == 200 and not response.streaming:
            assert b"alert(1)</script>" not in response.content, asked
            assert b"evil.example" not in response.content, asked


def test_a_sample_of_odd_requests_never_meets_an_error():
    never_an_error(300, seed=9)


@pytest.mark.audit
@pytest.mark.parametrize("seed", range(5))
def test_odd_requests_never_meet_an_error(seed):
    never_an_error(1000, seed)


def _quoted(word):
    return quote(word.encode("utf-8", "surrogatepass"))


def _latin(text):
    """As WSGI hands it over: bytes told as Latin-1."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
