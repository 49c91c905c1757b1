"""The vendor's own pages."""

from django.urls import path

from longshore.web.shared import row_ids  # noqa: F401 - registers <id:...>
from longshore.web.vendor import checks, home, orders, products, shop, trial

app_name = "vendor"
urlpatterns = [
    path("", home.home, name="home"),
    path("orders/", orders.orders, name="orders"),
    path("orders/numbers/", orders.numbers, name="numbers"),
    path("orders/<id:part_id>/", orders.order, name="order"),
    path("orders/<id:part_id>/cannot/", orders.cannot, name="cannot"),
    path("orders/<id:part_id>/message/", orders.message, name="message"),
    path("orders/<id:part_id>/slip/", orders.slip, name="slip"),
    path("products/", products.products, name="products"),
    path("products/offer/", products.offer, name="offer"),
    path("shop/", shop.shop, name="shop"),
    path("shop/settings/", shop.settings, name="settings"),
    path("shop/holiday/", shop.holiday, name="holiday"),
    path("shop/trial/", trial.ask, name="trial"),
    path("shop/trial/steps/", trial.steps, name="trial_steps"),
    path("connect/", checks.connect, name="connect"),
    path("check/again/", checks.again, name="check_again"),
    path("check/<uuid:examination>/", checks.check, name="check"),
    path("check/<uuid:examination>/approve/", checks.approve, name="approve"),
    path("check/<uuid:examination>/approved/", checks.approved, name="approved"),
    path("check/<uuid:examination>/keys/", checks.keys, name="keys_pasted"),
]
