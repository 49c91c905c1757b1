"""What we need from the world, as protocols; adapters and storage implement them."""
