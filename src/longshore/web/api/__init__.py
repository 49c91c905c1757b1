"""The API for programs: what pages show and do, as JSON."""
