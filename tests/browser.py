"""The browser that the journeys are made with: the one that the system ships."""

import ctypes
import shutil
import sys
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

NAMES = ["chromium", "chromium-browser", "google-chrome"]
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]


def find():
    """The browser's path. What is missing fails the test with a sentence that says what to install."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    missing = [] if path else ["chromium"]
    if sys.platform == "linux":
        try:
            ctypes.CDLL("libatomic.so.1")  # the driver's; without it, it ends without a word
        except OSError:
            missing.append("libatomic1")
    if missing:
        pytest.fail(f"The journeys need a browser: apt-get install {' '.join(missing)}", pytrace=False)
    return path


def launch(playwright, path):
    return playwright.chromium.launch(executable_path=path, args=OPTIONS)


class Requests:
    """Collects the addresses that pages asked for outside the host they were served from."""

    def __init__(self, home):
        self.home, self.foreign = urlsplit(home).netloc, []

    def __call__(self, request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != self.home:
            self.foreign.append(request.url)


def axe(page):
    """What the accessibility rules of axe-core find on the page, a line each: the rule, its sentence, the element."""
    return [
        f"{violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
