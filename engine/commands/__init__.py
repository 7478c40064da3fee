"""The commands of `lantern-engine`, one module each, in the shapes that outside evaluation relies on."""
