"""Measures the job engine here: `python -m tools.engine_probe`. docs/adr/0001 has the figures."""
