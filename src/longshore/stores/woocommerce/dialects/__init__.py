"""One row a generation of the REST API, newest first."""

from longshore.stores.woocommerce.dialects.legacy import LEGACY_V2, LEGACY_V2_OF_2_2, LEGACY_V3
from longshore.stores.woocommerce.dialects.table import Dialect, Variations
from longshore.stores.woocommerce.dialects.wp_rest import WC_V1, WC_V2, WC_V3

DIALECTS = {one.name: one for one in (WC_V3, WC_V2, WC_V1, LEGACY_V3, LEGACY_V2, LEGACY_V2_OF_2_2)}

__all__ = ["DIALECTS", "WC_V3", "Dialect", "Variations"]
