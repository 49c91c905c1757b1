"""Shops of our own that answer like the real platforms; they never import longshore."""
