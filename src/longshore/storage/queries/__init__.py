"""The read side: what pages show, scoped by marketplace and vendor."""
