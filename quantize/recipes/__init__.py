"""Seeded recipes that rebuild the small trained weights Lantern ships."""
