"""The pages of the marketplace's own people."""
