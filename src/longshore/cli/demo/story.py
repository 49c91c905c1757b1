"""The story and its audit, played by a program that knows nothing of the hub."""

import json
import subprocess
import sys
from typing import Any

from longshore.cli.demo.account import compare_with_hub
from longshore.cli.demo.market import Market
from longshore.cli.demo.stage import Stage
from longshore.ports.errors import Bug

FIGURES = (
    "vendors",
    "products_imported",
    "listings_published",
    "stock_checked",
    "orders",
    "purchase_orders",
    "shipments_with_tracking",
    "shipments_without_tracking",
    "partial_shipments",
    "canceled_before_sending",
    "canceled_after_sending",
    "refunded_in_part",
    "refunded_by_vendor",
    "refused_by_vendor",
    "timed_out_and_found",
    "look_ups",
    "refunds",
    "refunded",
    "vendor_refunds",
    "units_put_back",
    "compared_with_the_hub",
    "duplicates",
    "mismatches",
)


def play(stage: Stage, market: Market) -> dict[str, Any]:
    """The audit's figures, in the order of `FIGURES`. What happens is told on stderr."""
    given = {
        "storefront": stage.storefront.address,
        "shops": [
            {
                "name": shop.name,
                "address": shop.address,
                "version": shop.said["version"],
                "authority": str(stage.authority),
            }
            for shop in stage.shops
        ],
    }
    done = subprocess.run(
        [sys.executable, "-m", "simulators.market", "play"],
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if not done.stdout:
        raise Bug("The story ended before its audit; what went wrong stands above.")
    found: dict[str, Any] = json.loads(done.stdout)
    found["products_imported"] = market.imported
    compared, wrong = compare_with_hub(market.marketplace_id, found)
    found["compared_with_the_hub"] = compared
    found["mismatches"] += wrong
    return {name: found[name] for name in FIGURES}
