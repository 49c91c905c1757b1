"""All jobs a worker can do, by importing the modules that declare them."""

from longshore.worker import jobs_catalog, jobs_connections, jobs_listings, jobs_orders

__all__ = ["jobs_catalog", "jobs_connections", "jobs_listings", "jobs_orders"]
