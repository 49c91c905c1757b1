"""A simulated WooCommerce shop of any release: by default WordPress 6.9.7 + WooCommerce 9.9.5.

In one process (no socket)::

    from simulators.woocommerce import ShopSettings, Simulator

    sim = Simulator()                                  # the default catalog, from recorded products
    sim = Simulator(ShopSettings(home="http://store.test", products=500, variable=60, seed=7))
    sim = Simulator(ShopSettings(version=version_of("2.6.14")))  # of `versions.py`
    client = httpx2.Client(transport=sim.transport(), base_url=sim.address)
    client.get("/wp-json/wc/v3/products", auth=(sim.key, sim.secret))   # Basic, since home is https

`sim.app` is the WSGI callable, which raises `app.Broken` where the connection is to be cut;
`sim.transport()` is an httpx2 transport around it that turns that into `httpx2.ReadError`, and a
timeout into `httpx2.ReadTimeout`, as a socket would. Whether the shop believes it is on https is
decided by how it is asked; OAuth signatures are made over `settings.home`.

Over a socket::

    with serve(sim) as address:                        # http://127.0.0.1:<free port>
    with serve(sim, certificate=cert, key=key) as address:             # https, PEM files
    python -m simulators.woocommerce --port 8081 --products 500 --variable 60 --json

The shop from the inside, in tests: `sim.shop` (`catalog`, `orders`, `webhooks`, `clock`), and what
people do in it: `shop.sell`, `shop.set_stock` (a direct database write), `shop.edit_product`,
`shop.add_product`, `shop.delete_product`, `shop.complete_order`, `shop.cancel_order`,
`shop.refund_order`, `shop.trash_order`, `sim.cron()` (delivers webhooks, ends timed sales).
`sim.faults.add("rate_limit", times=2, match="orders")` makes it misbehave; `faults/table.py` is the
table of names, which `--faults` prints. `sim.log` holds what was asked. The same over HTTP lies
under `/_sim/` (see `controls.py`); it is served unless `settings.controls` is False.
"""

from simulators.woocommerce.server import serve
from simulators.woocommerce.settings import ApiKey, ShopSettings
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.simulator import Simulator

__all__ = ["ApiKey", "Shop", "ShopSettings", "Simulator", "serve"]
