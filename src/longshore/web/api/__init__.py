"""The REST API will live here; nothing yet."""
