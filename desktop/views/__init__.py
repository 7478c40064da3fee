"""One window or page per file: layout and signals only."""
