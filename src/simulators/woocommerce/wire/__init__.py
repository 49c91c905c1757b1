"""How rows of the simulated shop look as JSON of wc/v3."""
