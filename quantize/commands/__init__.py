"""The commands of `lantern-quantize`, one module for each kind of work."""
