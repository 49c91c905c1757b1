"""One table a generation of the REST API."""
