"""The webhook intake of both platforms."""
