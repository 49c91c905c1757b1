"""Where the simulated shop is known to answer otherwise. One that is not needed any more fails the
tests.
"""

from contract.woocommerce_old_api.deviations import Deviation

DEVIATIONS = (
    Deviation(
        "a variable product has its price at once; 3.0 forgets it in the answer to a write",
        ("3.0.9 wc/v1",),
        "product create variable",
        r"\.(price|purchasable|in_stock): ",
    ),
    Deviation(
        "what WooCommerce 3.0 itself keeps in an order's meta shows at another moment",
        ("3.0.9 wc/v2",),
        "order create",
        r"\.meta_data: ",
    ),
)
