"""Faults: what goes wrong in a shop and on the way to it, by name."""
