"""The Lantern engine: cases in, ranked diagnoses and checked plans out. No window, no case file, no network."""

__version__ = "0.1.0"
