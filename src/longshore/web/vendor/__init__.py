"""The pages of a vendor's people: their own part, in their own words."""
