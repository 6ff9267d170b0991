"""The administration's dress: what every page says of itself, its colours computed, its screens in a real browser."""

import re
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import TestCase

from languages import CODES
from staff.switch import counted, readable
from tests import make
from tests.browser import axe

CSS = (settings.BASE_DIR / "static" / "css" / "staff.css").read_text()
TEXT, EDGE = 4.5, 3.0  # WCAG 2.2: 1.4.3, 1.4.11


def tokens(block):
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))


def blocks():
    """{name: tokens}: light, dark by the system, dark by choice."""
    light = re.search(r'html\[data-theme="light"\], :root \{(.*?)\n\}', CSS, re.DOTALL)[1]
    system = re.search(r"prefers-color-scheme: dark\) \{ :root \{(.*?)\n\} \}", CSS, re.DOTALL)[1]
    chosen = re.search(r'html\[data-theme="dark"\] \{(.*?)\n\}', CSS, re.DOTALL)[1]
    return {"light": tokens(light), "system": tokens(system), "chosen": tokens(chosen)}


def luminance(colour):
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *[(ink, paper, TEXT) for ink in ["body-fg", "body-quiet-color", "body-medium-color", "link-fg", "link-selected-fg", "error-fg",
                                     "s-notice-fg"] for paper in ["body-bg", "darkened-bg", "selected-row"]],
    *[("body-fg", paper, TEXT) for paper in ["selected-bg", "message-success-bg", "message-warning-bg", "message-error-bg", "s-notice"]],
    ("link-selected-fg", "selected-bg", TEXT), ("s-notice-fg", "s-notice", TEXT), ("primary", "body-bg", TEXT),
    ("primary-fg", "primary", TEXT), ("breadcrumbs-fg", "breadcrumbs-bg", TEXT), ("breadcrumbs-link-fg", "breadcrumbs-bg", TEXT),
    ("header-color", "header-bg", TEXT), ("header-link-color", "header-bg", TEXT), ("s-band-soft", "header-bg", TEXT),
    ("button-fg", "button-bg", TEXT), ("button-fg", "button-hover-bg", TEXT), ("button-fg", "delete-button-bg", TEXT),
    ("button-fg", "delete-button-hover-bg", TEXT), ("s-ins-fg", "s-ins", TEXT), ("s-del-fg", "s-del", TEXT),
    *[("border-color", paper, EDGE) for paper in ["body-bg", "darkened-bg", "selected-row"]],
    *[("s-focus", paper, EDGE) for paper in ["body-bg", "darkened-bg", "selected-row", "selected-bg"]], ("s-rule", "body-bg", EDGE),
]  # fmt: skip


class Colours(TestCase):
    def test_dark_is_the_same_by_the_system_and_by_choice(self):
        found = blocks()
        self.assertEqual(found["system"], found["chosen"])
        self.assertEqual({*found["light"]} - {*found["system"]}, {"--s-serif"})

    def test_every_pair_of_ink_and_paper_can_be_read(self):
        faint = [
            (name, ink, paper, round(ratio, 2))
            for name, found in blocks().items()
            for ink, paper, least in PAIRS
            if (ratio := contrast(found[f"--{ink}"], found[f"--{paper}"])) < least
        ]
        self.assertEqual(faint, [])

    def test_hides_the_other_languages_of_each(self):
        for code in CODES:
            self.assertIn(f'html [data-mt-show="{code}"] [data-mt-lang]:not([data-mt-lang="{code}"])', CSS)


class Words(TestCase):
    def test_a_script_finds_the_plural_of_every_number(self):
        def say(number):
            few = number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}
            return "поле" if number % 10 == 1 and number % 100 != 11 else "поля" if few else "полей"

        words = counted(say)
        found = [words["forms"][int(words["of"][n if n < 200 else 100 + n % 100])] for n in range(1200)]
        self.assertEqual(found, [say(n) for n in range(1200)])

    def test_rich_text_is_compared_without_its_tags(self):
        self.assertEqual(readable("<p>A &amp; <em>b</em><br>c</p><ul><li>d</li></ul>"), "A & b\nc\n\nd")
        self.assertEqual(readable("1 < 2\r\n3"), "1 < 2\n3")


class Frame(TestCase):
    def test_signing_in_names_the_assembly(self):
        with self.assertNumQueries(1):
            self.assertContains(self.client.get("/admin/login/"), "<span>Parliamentary assembly</span>", html=True)
        make.assembly(name_en="Assembly of the North")
        with self.assertNumQueries(1):
            self.assertContains(self.client.get("/admin/login/"), "<span>Assembly of the North</span>", html=True)

    def test_says_the_language_of_the_interface_and_the_zone_of_its_times(self):
        self.client.force_login(make.superuser(interface_language="ky"))
        for zone, said in [("Europe/Moscow", "Europe/Moscow (UTC+3)"), ("Asia/Kolkata", "Asia/Kolkata (UTC+5:30)")]:
            with self.settings(TIME_ZONE=zone, SITE_ZONE=ZoneInfo(zone)):
                response = self.client.get("/admin/")
            self.assertContains(response, said)
            self.assertContains(response, "Кыргызча")

    def test_offers_the_jobs_that_a_user_may_do(self):
        user = make.user(is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_newsitem"))
        self.client.force_login(user)
        page = self.client.get("/admin/news/newsitem/").content.decode()
        jobs = re.findall(r'<a href="([^"]+)"( aria-current="\w+")?>', page[page.index('class="jobs"') : page.index("</nav>", page.index('class="jobs"'))])
        self.assertEqual(jobs, [("/admin/", ""), ("/admin/news/newsitem/", ' aria-current="page"')])


def screens():
    """{name: address} of the kinds of pages, with something on each."""
    make.assembly()
    delegation = make.delegation(country_en="Tajikistan")
    chamber = make.chamber(delegation=delegation)
    make.plenipotentiary(delegation=delegation, reason="not-named")
    make.website(delegation=delegation, chamber=chamber)
    make.seats(chamber=chamber)
    person = make.person(name_ru="Виктор Когут")
    item = make.news(title_kk="Жаңалық", lead_en="In short.", delegations=[delegation], people=[person])
    released = make.news(released=True)
    news, register = "/admin/news/newsitem", "/admin/delegations"
    return {
        "index": "/admin/",
        "news list": f"{news}/",
        "people": f"{register}/person/",
        "seats": f"{register}/seats/",
        "news form": f"{news}/{item.pk}/change/?lang=kk",
        "released news": f"{news}/{released.pk}/change/",
        "new item": f"{news}/add/",
        "delegation form": f"{register}/delegation/{delegation.pk}/change/?lang=ru",
        "person form": f"{register}/person/{person.pk}/change/?lang=ky",
        "delete": f"{news}/{item.pk}/delete/",
        "history": f"{news}/{item.pk}/history/",
    }


@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_can_be_used_by_everybody_in_light_and_in_dark(visit, sign_in, reports, width):
    addresses, found = screens(), []

    def look(name, address):
        page = visit(address, width)
        assert (name, reports) == (name, [])  # before axe is loaded, which is refused a style
        page.emulate_media(color_scheme="light", reduced_motion="reduce")  # no colour on its way
        found.extend((name, line) for line in axe(page))
        page.emulate_media(color_scheme="dark")  # other colours of the same things
        faint = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        found.extend((name, "dark", node["target"]) for violation in faint for node in violation["nodes"])
        reports.clear()

    look("login", "/admin/login/")
    sign_in(make.superuser())
    for name, address in addresses.items():
        look(name, address)
    assert found == []


def test_nothing_scrolls_sideways_at_any_width_text_size_and_interface_language(visit, sign_in):
    addresses, user, found = screens(), sign_in(make.superuser()), []

    def look(name, address, widths):
        page = visit(address)
        for width, size in widths:
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate(
                "size => { document.documentElement.style.fontSize = size; return document.documentElement.scrollWidth - innerWidth }", size
            )
            found.extend([(name, user.interface_language, width, size)] if over > 0 else [])

    for name, address in addresses.items():
        look(name, address, [(320, ""), (390, ""), (768, ""), (1024, ""), (1280, ""), (1280, "200%"), (390, "150%")])
    for code in CODES[1:]:
        user.interface_language = code
        user.save()
        for name in ["index", "news form", "news list"]:
            look(name, addresses[name], [(320, ""), (1280, ""), (1280, "200%")])
    assert found == []
