"""Passkeys and codes, with a browser that has a finger to show."""

import pytest

from support.looks import look_at
from support.screen_rows import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(world, new_page, site: str):
    """A page of a browser with a passkey store, at the sign-in page. Passkeys need a name, not a
    number, as their host.
    """
    from allauth.account.models import EmailAddress

    email = world.owner.email
    EmailAddress.objects.create(user=world.owner, email=email, verified=True, primary=True)
    found = new_page()
    line = found.context.new_cdp_session(found)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    found.goto(site.replace("127.0.0.1", "localhost") + "/account/login/")
    return found


def prove(page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_signs_in_without_a_password(world, page):
    page.get_by_label("E-mail").fill(world.owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", level=1).wait_for()
    page.goto(page.url.partition("/account/")[0].rstrip("/") + "/account/2fa/")
    wrong = look_at(page, "second step")
    page.get_by_role("link", name="Add a passkey").click()
    wrong += look_at(page, "is it you")
    prove(page)
    page.get_by_label("Passwordless").check()
    wrong += look_at(page, "add a passkey")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("The passkey was added").wait_for()
    page.goto(page.url.partition("/account/")[0] + "/account/2fa/webauthn/")
    page.get_by_role("heading", name="1 passkey").wait_for()
    wrong += look_at(page, "passkeys")
    page.goto(page.url.partition("/account/")[0] + "/account/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    page.goto(page.url.partition("/account/")[0].rstrip("/") + "/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="things need you").wait_for()
    assert not wrong, "\n".join(wrong)
