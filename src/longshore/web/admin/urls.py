"""The marketplace's own pages."""

from django.urls import path

from longshore.web.admin import find, go_live, home, orders, products, setup, stock, vendors

app_name = "admin"
urlpatterns = [
    path("", home.home, name="home"),
    path("find/", find.find, name="find"),
    path("go-live/", go_live.go_live, name="go_live"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:order_id>/", orders.order, name="order"),
    path("orders/<int:order_id>/route/", orders.route, name="order_route"),
    path("products/", products.products, name="products"),
    path("products/decide/", products.decide, name="decide"),
    path("products/left-out/", products.left_out, name="left_out"),
    path("products/<int:listing_id>/", products.product, name="product"),
    path("stock/", stock.stock, name="stock"),
    path("stock/<int:line_id>/", stock.line, name="stock_line"),
    path("vendors/", vendors.vendors, name="vendors"),
    path("vendors/add/", vendors.add, name="vendor_add"),
    path("vendors/<int:vendor_id>/", vendors.vendor, name="vendor"),
    path("vendors/<int:vendor_id>/connect/", vendors.connect, name="vendor_connect"),
    path("vendors/<int:vendor_id>/switches/", vendors.switches, name="vendor_switches"),
    path("vendors/<int:vendor_id>/scan/", vendors.scan, name="vendor_scan"),
    path("vendors/<int:vendor_id>/invite/", vendors.invite, name="vendor_invite"),
    path("settings/", setup.setup, name="setup"),
    path("settings/shopify/", setup.shopify, name="setup_shopify"),
    path("settings/places/", setup.places, name="setup_places"),
    path("settings/marketplace/", setup.marketplace, name="setup_marketplace"),
    path("settings/mail/", setup.mail, name="setup_mail"),
]
