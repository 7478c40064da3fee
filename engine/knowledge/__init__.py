"""Shipped tables compiled into one read-only index, and the code that reads them."""
