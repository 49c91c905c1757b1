"""What we do: one verb a file, one public callable each."""
