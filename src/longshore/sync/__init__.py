"""What we do: one verb a file, one public callable each, over ports and domain only."""
