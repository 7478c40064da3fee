"""Seeded recipes that rebuild the small trained weights Lantern ships.

Each module is one recipe: its docstring says what it makes (first line) and how long it takes, its `main()` reads
its own options. `lantern-quantize train` lists and runs them, so a new module here needs no registration.
"""
