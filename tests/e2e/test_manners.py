"""Pages without a mouse, and without script."""

import pytest

from longshore.storage.models import Listing, Scan, StorefrontOrder, Vendor

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_everything_by_keyboard(world, new_page, sign_in):
    page = new_page()
    sign_in(page, world.owner)
    page.goto("/orders/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "#1050"
    page.keyboard.press("k")
    assert focused(page) == "#1051"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{StorefrontOrder.objects.get(name='#1051').pk}/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("5531")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{world.order.pk}/")


def test_picking_by_keyboard_and_the_list_of_keys(world, new_page, sign_in):
    page = new_page()
    sign_in(page, world.owner)
    page.goto("/products/")
    assert page.get_by_role("button", name="Approve 3 products").is_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.get_by_role("button", name="Approve the picked").is_visible()
    assert not page.get_by_role("button", name="Approve 3 products").is_visible()
    assert page.locator("[data-picked]").inner_text() == "1"
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert dialog.is_visible()
    dialog.get_by_label("Single keys do this on my device").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert page.locator("tr[data-at]").count() == 0, "switched off, and remembered"


def test_every_stop_of_the_tab_key_is_seen(world, new_page, sign_in):
    page = new_page()
    sign_in(page, world.owner)
    for path in ("/", "/products/", f"/vendors/{world.vendor.pk}/settings/", "/settings/"):
        page.goto(path)
        seen = 0
        for _ in range(60):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => {
                  const one = document.activeElement;
                  if (one === document.body) return null;
                  const style = getComputedStyle(one);
                  return { what: one.outerHTML.slice(0, 90), style: style.outlineStyle,
                           width: style.outlineWidth };
                }"""
            )
            if stop is None:
                break
            seen += 1
            assert stop["style"] != "none", stop
            assert stop["width"] != "0px", stop
        assert seen > 8, path


def test_effects_follow_what_is_typed(world, new_page, sign_in):
    page = new_page()
    sign_in(page, world.owner)
    page.goto(f"/vendors/{world.vendor.pk}/settings/")
    page.get_by_label("Stock buffer").fill("3")
    page.get_by_text("With 7 at the vendor, Shopify shows 4.").wait_for()
    page.get_by_label("Publish new products without review").check()
    page.get_by_text("New products go on Shopify by themselves.").wait_for()
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 1


def test_the_main_actions_work_without_script(world, new_page):
    world.owner.set_password("fake-password-for-tests")
    world.owner.save()
    page = new_page(script=False, phone=True)
    page.goto("/products/")
    page.get_by_label("E-mail").fill(world.owner.email)
    page.get_by_label("Password").fill("fake-password-for-tests")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/products/")

    page.get_by_label("Pick Serving bowl, oval").check()
    page.get_by_role("button", name="Approve the picked").click()
    page.get_by_text("1 product approved.").wait_for()
    assert Listing.objects.get(product__name="Serving bowl, oval").state == "approved"
    page.get_by_role("button", name="Approve 2 products").click()
    page.get_by_text("2 products approved.").wait_for()

    page.locator("summary", has=page.locator("use[href$='#menu']")).click()
    page.get_by_role("link", name="Orders").click()
    page.get_by_role("link", name="Not sent").click()
    page.get_by_role("link", name="#1001").click()
    page.get_by_role("button", name="Send it to the vendors").click()
    page.get_by_text("Order #1001 goes to its vendors now.").wait_for()

    page.goto(f"/vendors/{world.vendor.pk}/settings/")
    page.get_by_label("Stock buffer").fill("2")
    page.get_by_role("button", name="Save the settings").click()
    page.get_by_text("With 7 at the vendor, Shopify shows 5.").wait_for()
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 2

    page.goto("/find/?q=370722581014402")
    assert page.get_by_role("heading", name="Order #1042").is_visible()
    page.goto("/")
    page.locator("summary", has=page.locator("use[href$='#menu']")).click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/orders/")
    page.wait_for_url("**/account/login/**")


def test_ages_are_kept_true(world, new_page, sign_in):
    page = new_page()
    page.clock.install()
    sign_in(page, world.owner)
    page.goto(f"/stock/{world.line.pk}/")
    age = page.locator(".equation time").first
    assert age.inner_text().endswith(" s ago")
    page.clock.fast_forward(120_000)
    assert age.inner_text() == "2 min ago"
    page.clock.fast_forward(3_600_000)
    assert ":" in age.inner_text()


def test_a_button_is_not_pressed_twice(world, new_page, sign_in):
    page = new_page()
    sign_in(page, world.owner)
    page.goto("/products/")
    page.evaluate(
        """() => {
          window.sent = 0;
          window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) window.sent += 1;
            event.preventDefault();
          });
        }"""
    )
    button = page.get_by_role("button", name="Approve 3 products")
    button.dblclick()
    assert page.evaluate("window.sent") == 1
    assert button.get_attribute("aria-busy") == "true"


def test_a_page_that_lost_its_server_says_so_and_goes_on(world, new_page, sign_in):
    Scan.objects.filter(store=world.store, kind="full").update(phase="products", finished_at=None)
    page = new_page()
    sign_in(page, world.owner)
    page.goto(f"/vendors/{world.vendor.pk}/")
    lost = page.get_by_text("Not connected.")
    assert not lost.is_visible()
    page.context.set_offline(True)
    lost.wait_for(state="visible")
    page.context.set_offline(False)
    lost.wait_for(state="hidden")


def test_what_destroys_asks_first_and_begins_at_the_safe_button(world, new_page, sign_in):
    page = new_page()
    sign_in(page, world.owner)
    page.goto("/settings/team/")
    remove = page.get_by_role("button", name=f"Remove {world.reader.email}")
    remove.click()
    dialog = page.get_by_role("dialog", name=f"Remove {world.reader.email} from the team?")
    assert dialog.get_by_text("what they did stays in Activity").is_visible()
    assert focused(page) == "Leave it as it is"
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.ariaLabel") == f"Remove {world.reader.email}"
    assert world.reader.membership_set.exists()
    remove.click()
    dialog.get_by_role("button", name=f"Remove {world.reader.email}").click()
    page.wait_for_load_state()
    page.get_by_text(world.reader.email).first.wait_for(state="hidden")
    assert not world.reader.membership_set.exists()


def test_a_question_is_asked_in_a_dialog_that_begins_at_the_safe_button(world, new_page, sign_in):
    world.owner.is_superuser = True
    world.owner.save()
    page = new_page()
    sign_in(page, world.owner)
    page.goto("/gallery/?look=rtl")
    page.locator("[data-opens]").click()
    assert page.get_by_role("dialog", name="Soap dish, slate?").is_visible()
    assert focused(page) == "Keep the line"
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
