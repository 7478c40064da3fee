"""The Lantern engine: cases in, ranked diagnoses and checked plans out. No window, no case file, no network."""

import os

__version__ = "0.1.0"

# Before NumPy is loaded: its products here are small, and the threads that OpenBLAS wakes for them go on spinning. That
# cost half of a differential's processor time and slowed the models that run next.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
