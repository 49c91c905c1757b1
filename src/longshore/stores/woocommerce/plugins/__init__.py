"""What plugins add to a store."""
