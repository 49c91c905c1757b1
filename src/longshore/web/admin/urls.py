"""The marketplace's own pages."""

from django.urls import path

from longshore.web.admin import (
    activity,
    checks,
    find,
    go_live,
    home,
    keys,
    orders,
    products,
    setup,
    stock,
    team,
    vendor,
    vendors,
)
from longshore.web.shared import row_ids  # noqa: F401 - registers <id:...>

app_name = "admin"
urlpatterns = [
    path("", home.home, name="home"),
    path("find/", find.find, name="find"),
    path("go-live/", go_live.go_live, name="go_live"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<id:order_id>/", orders.order, name="order"),
    path("orders/<id:order_id>/route/", orders.route, name="order_route"),
    path("products/", products.products, name="products"),
    path("products/decide/", products.decide, name="decide"),
    path("products/left-out/", products.left_out, name="left_out"),
    path("products/<id:listing_id>/", products.product, name="product"),
    path("stock/", stock.stock, name="stock"),
    path("stock/<id:line_id>/", stock.line, name="stock_line"),
    path("vendors/", vendors.vendors, name="vendors"),
    path("vendors/add/", vendors.add, name="vendor_add"),
    path("vendors/<id:vendor_id>/", vendor.vendor, name="vendor"),
    path("vendors/<id:vendor_id>/connect/", vendors.connect, name="vendor_connect"),
    path("vendors/<id:vendor_id>/check/", checks.check_again, name="vendor_check_again"),
    path("vendors/<id:vendor_id>/check/<uuid:examination>/", checks.check, name="vendor_check"),
    path("vendors/<id:vendor_id>/settings/", vendor.settings, name="vendor_settings"),
    path("vendors/<id:vendor_id>/effects/", vendor.tell_effects, name="vendor_effects"),
    path("vendors/<id:vendor_id>/scan/", vendor.scan, name="vendor_scan"),
    path("vendors/<id:vendor_id>/invite/", vendor.invite, name="vendor_invite"),
    path("settings/", setup.setup, name="setup"),
    path("settings/shopify/", setup.shopify, name="setup_shopify"),
    path("settings/places/", setup.places, name="setup_places"),
    path("settings/marketplace/", setup.marketplace, name="setup_marketplace"),
    path("settings/mail/", setup.mail, name="setup_mail"),
    path("settings/team/", team.team, name="team"),
    path("settings/team/invite/", team.invite, name="team_invite"),
    path("settings/team/<id:member_id>/role/", team.change_role, name="team_role"),
    path("settings/team/<id:member_id>/remove/", team.remove, name="team_remove"),
    path("settings/keys/", keys.keys, name="keys"),
    path("settings/keys/make/", keys.make, name="key_make"),
    path("settings/keys/<id:key_id>/revoke/", keys.revoke, name="key_revoke"),
    path("activity/", activity.activity, name="activity"),
]
