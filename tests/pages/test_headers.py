"""What goes over the wire beside the page."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/en/",
    "/ru/delegations/",
    "/en/delegations/belarus/?on=2025-10-07",
    "/en/news/",
    "/en/news/item/",
    "/en/about/",
    "/en/nothing/",
]


@pytest.fixture(autouse=True)
def site(db):
    make.assembly()
    make.news(slug="item", released=True, delegations=[make.delegation(slug="belarus")])


@pytest.mark.parametrize("address", PUBLIC)
def test_no_public_page_sets_a_cookie_or_varies_with_the_reader(client, address):
    for headers in [{}, {"cookie": "session=forged; csrf=forged; language=ru", "accept-language": "hy,ru;q=0.5"}]:
        response = client.get(address, headers=headers)
        assert response.cookies == {}
        assert "Vary" not in response.headers


@pytest.mark.parametrize("address", PUBLIC[1:])
def test_a_page_is_the_same_for_every_reader(client, address):
    plain = client.get(address)
    for headers in [{"accept-language": "hy"}, {"cookie": "session=forged; django_language=hy"}, {"user-agent": "x"}]:
        assert client.get(address, headers=headers).content == plain.content


@pytest.mark.parametrize("address", PUBLIC[1:])
def test_unknown_parameters_change_nothing_but_are_not_kept(client, address):
    joint = "&" if "?" in address else "?"
    asked = client.get(f"{address}{joint}utm_source=x&delegation__slug=belarus&page=abc&=&a[]=1")
    assert asked.content == client.get(address).content


def test_signed_in_staff_see_the_same_public_pages(client):
    plain = client.get("/en/")
    client.force_login(make.superuser())
    response = client.get("/en/")
    assert (response.content, "Vary" in response.headers) == (plain.content, False)


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_carry_a_policy_that_allows_no_script_and_no_foreign_host(client, address):
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("method", ["TRACE", "FOO", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT"])
def test_public_pages_are_read_only(client, address, method):
    response = client.generic(method, address, data="x=1", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("address", PUBLIC)
def test_head_answers_as_get_without_a_body(client, address):
    seen, asked = client.get(address), client.head(address)
    assert (asked.status_code, asked.content) == (seen.status_code, b"")


def test_a_page_that_did_not_change_is_not_sent_again(client):
    tag = client.get("/en/news/").headers["ETag"]
    for value in [tag, f'"other", {tag}', "*"]:
        assert client.get("/en/news/", headers={"if-none-match": value}).status_code == 304
    assert client.get("/en/news/", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "header", ["if-match", "if-modified-since", "if-unmodified-since", "range", "if-range", "expect"]
)
@pytest.mark.parametrize(
    "value", ["*", '"x"', "bytes=0-1", "bytes=-", "Thu, 01 Jan 1970 00:00:00 GMT", "\x7f", "9" * 500]
)
def test_other_conditions_are_harmless(client, header, value):
    assert client.get("/en/about/", headers={header: value}).status_code in {200, 412}


@pytest.mark.parametrize("host", ["evil.example", "under_score.example", "a b", "[::1", "testserver@evil", "x" * 300])
def test_other_hosts_are_refused_in_the_design_of_the_site(client, host):
    response = client.get("/ru/", headers={"host": host})
    assert response.status_code == 400
    assert "site-foot" in response.content.decode()


def test_a_forwarded_host_is_ignored(client):
    assert client.get("/en/", headers={"x-forwarded-host": "evil.example"}).content == client.get("/en/").content


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("ru-RU,ru;q=0.9", "ru"),
        ("de,fr", "en"),
        ("", "en"),
        ("hy;q=0.1,kk;q=0.8", "kk"),
        ("*", "en"),
        ("x" * 5000, "en"),
        ("ru;q=abc", "en"),
    ],
)
def test_the_bare_address_leads_to_the_language_of_the_reader(client, asked, language):
    response = client.get("/", headers={"accept-language": asked})
    assert (response.status_code, response.headers["Location"]) == (302, f"/{language}/")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/en/delegations", "/ru/delegations/belarus", "/hy/news/item", "/en/news/2025/10", "/en"]
)
def test_a_missing_slash_is_added_on_the_same_host(client, address):
    response = client.get(address, headers={"x-forwarded-host": "evil.example"})
    assert (response.status_code, response.headers["Location"]) == (301, f"{address}/")
