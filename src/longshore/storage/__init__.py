"""What we remember: rows, and the repositories that keep them."""
