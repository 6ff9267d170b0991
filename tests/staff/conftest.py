import pytest
from django.test import Client

REPORT = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""


@pytest.fixture
def reports(context):
    """What the browser complains of: refused by the security policy, errors, warnings. The test fails if any is left."""
    found = []
    context.add_init_script(REPORT)
    context.on("console", lambda message: found.append(message.text) if message.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: found.append(str(error.error)))
    yield found
    assert found == []


@pytest.fixture
def sign_in(context, live_server, reports):
    """Lets the browser's profile be a user's, without the form."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
        return user

    return sign_in
