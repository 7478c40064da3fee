"""The desktop's side of the engine: starts the child, speaks JSON lines with it, and trusts nothing it says."""
