"""How shops talk."""
