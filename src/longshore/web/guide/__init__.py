"""Pages a marketplace sends to its vendors: open to everybody, they know nothing of anybody."""
