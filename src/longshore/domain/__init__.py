"""What is true: frozen values and pure functions. No clock, no network, no framework."""
