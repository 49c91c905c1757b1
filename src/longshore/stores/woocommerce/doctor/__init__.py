"""The connection doctor: probes a shop step by step and says the one cause when something fails."""

from longshore.stores.woocommerce.doctor.examination import Doctor

__all__ = ["Doctor"]
