"""Getting in: links by mail, new passwords, second steps, devices; and what keeps others out."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from longshore import settings
from longshore.storage.models import Marketplace, Membership, OneTimeLink, SignInLink
from longshore.web.shared.invitations import invite_owner, invite_staff, invite_vendor
from support.mailbox import Mailbox, open_mailbox
from support.screen_rows import PASSWORD, person
from support.screens import World, make_world

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def mailbox(world: World, tmp_path, monkeypatch) -> Iterator[Mailbox]:
    with open_mailbox(tmp_path) as box:
        monkeypatch.setenv("LONGSHORE_CA_BUNDLE", str(box.ca))
        settings.load.cache_clear()
        world.marketplace.mail_url, world.marketplace.mail_from = box.url, "hub@example.org"
        world.marketplace.save()
        yield box
    settings.load.cache_clear()


@pytest.fixture(autouse=True)
def _no_attempts_yet(db) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def text(answer) -> str:
    return answer.content.decode()


def signed(client: Client) -> bool:
    return "_auth_user_id" in client.session


def ask_link(client: Client, email: str) -> str:
    return text(client.post("/account/link/", {"email": email}))


def sign_in(email: str, password: str = PASSWORD, **more: str) -> tuple[Client, int]:
    client = Client()
    answer = client.post("/account/login/", {"login": email, "password": password}, **more)
    return client, answer.status_code


# Links by mail


def test_a_vendor_signs_in_by_a_link_once(world: World, mailbox: Mailbox):
    email = world.vendor_user.email
    assert "Look into your mail" in ask_link(Client(), email.upper())
    path = mailbox.path_in_last(email)
    token = path.split("/")[-2]
    assert not SignInLink.objects.filter(digest=token).exists(), "only its digest is kept"
    client = Client()
    assert "One more click" in text(client.get(path))
    assert not signed(client), "programs that look at letters open every link"
    answer = client.post(path, follow=True)
    assert answer.redirect_chain[-1][0] == "/my/"
    assert signed(client)
    for method in ("get", "post"):
        second = Client()
        assert getattr(second, method)(path).status_code == 410
        assert not signed(second)


def test_a_link_ends_after_a_quarter_of_an_hour(world: World, mailbox: Mailbox):
    email = world.vendor_user.email
    ask_link(Client(), email)
    path = mailbox.path_in_last(email)
    assert SignInLink.objects.get().expires_at <= timezone.now() + timedelta(minutes=15)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client = Client()
    assert client.post(path).status_code == 410
    assert not signed(client)


def test_only_the_newest_link_opens(world: World, mailbox: Mailbox):
    email = world.vendor_user.email
    ask_link(Client(), email)
    old = mailbox.path_in_last(email)
    ask_link(Client(), email)
    assert Client().post(old).status_code == 410
    assert Client().post(mailbox.path_in_last(email)).status_code == 302


def test_a_link_opens_its_own_account_only(world: World, mailbox: Mailbox, signed_in):
    ask_link(Client(), world.vendor_user.email)
    path = mailbox.path_in_last(world.vendor_user.email)
    client = signed_in(world.owner)
    client.post(path)
    assert client.session["_auth_user_id"] == str(world.vendor_user.pk)
    assert client.get("/settings/").status_code == 404, "nothing of the other person is left"


@pytest.mark.parametrize("token", ["x", "../login", "a" * 300, "%00", "é"])
def test_invented_links_open_nothing(world: World, token: str):
    client = Client()
    assert client.post(f"/account/link/{token}/").status_code in {404, 410}
    assert not signed(client)


def test_a_link_of_somebody_who_was_shut_out_opens_nothing(world: World, mailbox: Mailbox):
    ask_link(Client(), world.vendor_user.email)
    world.vendor_user.is_active = False
    world.vendor_user.save()
    assert Client().post(mailbox.path_in_last(world.vendor_user.email)).status_code == 410
    ask_link(Client(), world.vendor_user.email)
    assert len(mailbox.to(world.vendor_user.email)) == 2
    assert "no account" in mailbox.letters[-1].get_content()


def test_an_unknown_address_is_answered_alike(world: World, mailbox: Mailbox):
    known = ask_link(Client(), world.vendor_user.email)
    unknown = ask_link(Client(), "nobody@example.org")
    plain = [
        re.sub(r'"[^"]{60,}"|\S+@\S+', "", page) for page in (known, unknown)
    ]  # tokens of the page, and the address itself
    assert plain[0] == plain[1]
    assert "no account" in mailbox.to("nobody@example.org")[0].get_content()


def test_letters_are_not_sent_without_end(world: World, mailbox: Mailbox):
    for _ in range(5):
        assert "Look into your mail" in ask_link(Client(), world.vendor_user.email)
    assert len(mailbox.to(world.vendor_user.email)) == 3


def test_a_link_does_not_go_round_the_second_step(world: World, mailbox: Mailbox):
    TOTP.activate(world.owner, SECRET)
    ask_link(Client(), world.owner.email)
    client = Client()
    answer = client.post(mailbox.path_in_last(world.owner.email))
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert not signed(client)
    client.post("/account/2fa/authenticate/", {"code": now_code()})
    assert signed(client)


def test_a_hub_without_mail_promises_no_letter(world: World):
    page = text(Client().get("/account/login/"))
    assert "sends no mail" in page
    assert "/account/link/" not in page


# Passwords


def test_a_new_password_by_mail_once(world: World, mailbox: Mailbox):
    email, old = world.owner.email, sign_in(world.owner.email)[0]
    assert signed(old)
    Client().post("/account/password/reset/", {"email": email})
    path, client = mailbox.path_in_last(email), Client()
    there = client.get(path)["Location"]
    assert "Choose a new password" in text(client.get(there))
    short = client.post(there, {"password1": "short", "password2": "short"})
    assert "at least 10 characters" in text(short)
    new = {"password1": "another fake password", "password2": "another fake password"}
    assert "is saved" in text(client.post(there, new, follow=True))
    assert sign_in(email)[1] == 200, "the old password opens nothing"
    assert signed(sign_in(email, "another fake password")[0])
    assert old.get("/").status_code == 302, "whoever was signed in with the old one is not"
    late = Client()
    assert "does not work" in text(late.get(path, follow=True))
    assert mailbox.to(email)[-1]["Subject"] == "Your password was changed"


def test_a_reset_link_is_no_use_for_another_account(world: World, mailbox: Mailbox):
    Client().post("/account/password/reset/", {"email": world.vendor_user.email})
    path = mailbox.path_in_last(world.vendor_user.email)
    mine, key = path.rstrip("/").rpartition("/")[2].split("-", 1)
    Client().post("/account/password/reset/", {"email": world.owner.email})
    theirs = mailbox.path_in_last(world.owner.email).rstrip("/").rpartition("/")[2].split("-")[0]
    assert mine != theirs
    forged = Client().get(f"/account/password/reset/key/{theirs}-{key}/", follow=True)
    assert "does not work" in text(forged)


def test_a_reset_link_ends_after_an_hour(world: World, mailbox: Mailbox, settings):
    Client().post("/account/password/reset/", {"email": world.owner.email})
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "does not work" in text(Client().get(mailbox.path_in_last(world.owner.email)))


def test_a_reset_never_tells_whether_an_address_is_known(world: World, mailbox: Mailbox):
    where = "/account/password/reset/"
    for email in (world.owner.email, "nobody@example.org"):
        answer = Client().post(where, {"email": email}, follow=True)
        assert "If the address belongs to an account" in text(answer)
    assert "no account" in mailbox.to("nobody@example.org")[0].get_content()


def test_passwords_are_not_guessed(world: World):
    for _ in range(5):
        client, status = sign_in(world.owner.email, "wrong password")
        assert status == 200
    client, status = sign_in(world.owner.email)
    assert not signed(client), "even the right one has to wait"
    assert "Wait five minutes" in text(client.post("/account/login/", {"login": world.owner.email,
        "password": PASSWORD}))  # fmt: skip
    assert signed(sign_in(world.vendor_user.email)[0]), "others are not kept out"


def test_many_accounts_are_not_tried_from_one_place(world: World):
    for number in range(10):
        sign_in(f"{number}@example.org", "wrong password")
    assert not signed(sign_in(world.owner.email)[0])
    other = sign_in(world.owner.email, REMOTE_ADDR="192.0.2.9")[0]
    assert signed(other)


def test_behind_a_proxy_attempts_count_for_who_calls(world: World, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        sign_in(f"{number}@example.org", "wrong", HTTP_X_FORWARDED_FOR="198.51.100.1, 192.0.2.9")
    told = sign_in(world.owner.email, HTTP_X_FORWARDED_FOR="203.0.113.4, 192.0.2.9")[0]
    assert not signed(told), "what a caller writes into the header is not believed"
    assert signed(sign_in(world.owner.email, HTTP_X_FORWARDED_FOR="203.0.113.4")[0])


def test_a_wrong_password_and_an_unknown_address_look_alike(world: World):
    answers = [
        text(Client().post("/account/login/", {"login": email, "password": "wrong password"}))
        for email in (world.owner.email, "none@example.org")
    ]
    told = [re.findall(r'role="alert".*?</div>', page, re.DOTALL) for page in answers]
    assert told[0]
    assert told[0] == told[1]


def test_nobody_signs_up_or_changes_their_address(world: World, owner: Client):
    page = text(Client().get("/account/signup/"))
    assert "Accounts come by invitation" in page
    new = {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/account/signup/", new)
    assert not type(world.owner).objects.filter(email="new@example.org").exists()
    assert owner.get("/account/email/").status_code == 404
    assert owner.post("/account/email/", {"email": "x@example.org"}).status_code == 404


# Invitations


def accept(client: Client, link: str, password: str = PASSWORD):
    path = "/" + link.split("/", 3)[3]
    return path, client.post(path, {"password": password, "again": password})


def test_an_invitation_works_once_for_one_vendor(world: World):
    link = invite_vendor(world.marketplace.pk, world.second.pk, "new@example.org", "http://x")
    client = Client()
    path, answer = accept(client, link)
    assert answer.status_code == 302
    member = Membership.objects.get(user__email="new@example.org")
    assert (member.role, member.vendor_id) == ("vendor", world.second.pk)
    page = text(client.get("/my/"))
    assert "Linden" not in page
    again, _ = Client(), accept(Client(), link)
    assert again.get(path).status_code == 410
    assert "Choose your password" not in text(again.get(path))


def test_an_invitation_ends_after_three_days(world: World):
    link = invite_staff(world.marketplace.pk, "new@example.org", "operator", "http://x")
    OneTimeLink.objects.update(expires_at=timezone.now())
    _path, answer = accept(Client(), link)
    assert answer.status_code == 410
    assert not Membership.objects.filter(user__email="new@example.org").exists()


def test_an_invitation_never_sets_the_password_of_an_account_that_exists(world: World, signed_in):
    other = make_world("west", "West Wares")
    link = invite_staff(other.marketplace.pk, world.owner.email, "operator", "http://x")
    path, answer = accept(Client(), link, "taken over by somebody")
    assert answer.status_code == 200
    assert "Sign in with it" in text(answer)
    thief = signed_in(world.operator)
    thief.post(path)
    assert not Membership.objects.filter(
        user__in=[world.owner, world.operator], marketplace=other.marketplace
    ).exists()
    assert signed(sign_in(world.owner.email)[0])
    signed_in(world.owner).post(path)
    assert Membership.objects.filter(user=world.owner, marketplace=other.marketplace).exists()


def test_an_owner_who_lost_the_password_gets_in_from_the_terminal(world: World):
    before = sign_in(world.owner.email)[0]
    link = invite_owner(world.owner.email, marketplace=world.marketplace.name, base_url="http://x")
    _path, answer = accept(Client(), link)
    assert answer.status_code == 302
    assert before.get("/").status_code == 302, "whoever had the old one is signed out"
    assert Membership.objects.filter(user=world.owner).count() == 1


# The second step


def now_code(shift: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + shift))


def test_a_second_step_is_set_up_and_asked_for(
    world: World, mailbox: Mailbox, django_capture_on_commit_callbacks
):
    EmailAddress.objects.create(
        user=world.owner, email=world.owner.email, verified=True, primary=True
    )
    client, _status = sign_in(world.owner.email)
    where = client.get("/account/2fa/totp/activate/")["Location"]
    assert "This is not your password" in text(client.post(where, {"password": "wrong password"}))
    page = text(client.post(where, {"password": PASSWORD}, follow=True))
    secret = re.search(r'id="secret"[^>]*value="([^"]+)"', page)
    assert secret
    wrong = client.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "aria-invalid" in text(wrong)
    code = format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code})
    assert "Your second step is on" in text(client.get("/account/2fa/"))
    assert mailbox.to(world.owner.email)[-1]["Subject"] == "Your second step was set up"
    second, _status = sign_in(world.owner.email)
    assert not signed(second)
    assert second.get("/").status_code == 302, "half signed in is not signed in"
    assert second.get("/account/2fa/").status_code == 302


def half_in(world: World) -> Client:
    TOTP.activate(world.owner, SECRET)
    return sign_in(world.owner.email)[0]


def test_a_code_opens_once(world: World):
    client = half_in(world)
    code = now_code()
    client.post("/account/2fa/authenticate/", {"code": code})
    assert signed(client)
    second = sign_in(world.owner.email)[0]
    second.post("/account/2fa/authenticate/", {"code": code})
    assert not signed(second), "whoever looked over the shoulder is late"


def test_codes_are_not_guessed(world: World):
    client = half_in(world)
    for number in range(5):
        client.post("/account/2fa/authenticate/", {"code": f"{number:06}"})
    client.post("/account/2fa/authenticate/", {"code": now_code()})
    assert not signed(client)


def test_a_printed_code_opens_once(world: World):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    client = half_in(world)
    codes = RecoveryCodes.activate(world.owner).get_unused_codes()
    client.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert signed(client)
    second = sign_in(world.owner.email)[0]
    second.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert not signed(second)


def test_turning_it_off_asks_who_it_is(world: World, signed_in):
    """A browser left open is not enough."""
    TOTP.activate(world.owner, SECRET)
    client = signed_in(world.owner)
    answer = client.post("/account/2fa/totp/deactivate/")
    assert "reauthenticate" in answer["Location"]
    assert "Is it you?" in text(client.get(answer["Location"]))
    assert world.owner.authenticator_set.exists()


def test_a_team_that_needs_a_second_step(world: World, owner: Client, signed_in):
    told = owner.post("/settings/team/second-step/", {"on": "1"}, follow=True)
    assert "for yourself first" in text(told)
    TOTP.activate(world.owner, SECRET)
    owner.post("/settings/team/second-step/", {"on": "1"})
    assert Marketplace.objects.get(pk=world.marketplace.pk).second_step
    assert owner.get("/orders/").status_code == 200
    for user in (world.operator, world.reader):
        client = signed_in(user)
        for method in ("get", "post"):
            answer = getattr(client, method)("/orders/")
            assert answer.status_code == 403
            assert "Set up your second step first" in text(answer)
        assert client.get("/account/2fa/").status_code == 200
    assert signed_in(world.vendor_user).get("/my/").status_code == 200, "vendors are not the team"
    other = make_world("west", "West Wares")
    assert signed_in(other.operator).get("/orders/").status_code == 200
    owner.post("/settings/team/second-step/")
    assert signed_in(world.operator).get("/orders/").status_code == 200


# Devices

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_devices_are_named_and_signed_out(world: World):
    here, _ = sign_in(world.owner.email, HTTP_USER_AGENT=FIREFOX)
    there, _ = sign_in(world.owner.email, HTTP_USER_AGENT="curl/8")
    page = text(here.get("/account/sessions/", HTTP_USER_AGENT=FIREFOX))
    assert "signed in on 2 devices" in page
    assert ">Firefox on Windows<" in page
    path = re.findall(r"/account/sessions/\d+/end/", page)
    assert len(path) == 1, "the one at hand is left by signing out"
    here.post(path[0])
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_everywhere_else_is_signed_out_at_once(world: World):
    clients = [sign_in(world.owner.email)[0] for _ in range(3)]
    clients[0].post("/account/sessions/")
    assert [one.get("/").status_code for one in clients] == [200, 302, 302]


def test_anothers_device_does_not_exist(world: World):
    from allauth.usersessions.models import UserSession

    mine, _ = sign_in(world.reader.email)
    theirs, _ = sign_in(world.owner.email)
    row = UserSession.objects.get(user=world.owner)
    assert mine.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert theirs.get("/").status_code == 200
    assert mine.get(f"/account/sessions/{row.pk}/end/").status_code == 405


def test_a_new_password_leaves_only_the_device_at_hand(world: World):
    here, _ = sign_in(world.owner.email)
    there, _ = sign_in(world.owner.email)
    new = "another fake password"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/change/", sent).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_seeing_a_device_is_noted_now_and_then(world: World):
    from allauth.usersessions.models import UserSession

    client, _ = sign_in(world.owner.email)
    client.get("/")
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
    client.get("/")
    assert UserSession.objects.get().last_seen_at < timezone.now() - timedelta(hours=1)
    session = client.session
    session["longshore_seen"] = 0
    session.save()
    client.get("/")
    assert UserSession.objects.get().last_seen_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.parametrize("path", ["", "authenticate/", "totp/activate/", "webauthn/add/"])
def test_pages_of_the_second_step_are_for_who_is_signed_in(world: World, path: str):
    assert Client().get(f"/account/2fa/{path}").status_code == 302


def test_sign_in_pages_are_never_framed_or_kept(world: World):
    for path in ("/account/login/", "/account/link/", "/account/password/reset/"):
        answer = Client().get(path)
        assert answer["X-Frame-Options"] == "DENY"
        assert "no-store" in answer["Cache-Control"]
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_somebody_new_of_no_marketplace_is_told_so_after_a_link(world: World, mailbox: Mailbox):
    lost = person("lost@example.org", world.marketplace, "reader")
    Membership.objects.filter(user=lost).delete()
    ask_link(Client(), lost.email)
    client = Client()
    assert client.post(mailbox.path_in_last(lost.email), follow=True).status_code == 403
