"""NumPy's products run on the thread that asks: others would go on spinning beside the models."""

from __future__ import annotations

import os
import subprocess
import sys

MEASURE = """
import time
import engine.diagnosis.text_voice
import numpy as np
one, other = np.ones((4, 384), np.float32), np.ones((384, 20_000), np.float32)
one @ other
everywhere, here = time.process_time(), time.thread_time()
for _ in range(40):
    one @ other
print((time.process_time() - everywhere) / (time.thread_time() - here))
"""


def test_small_products_wake_no_other_threads() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    said = subprocess.run(
        [sys.executable, "-c", MEASURE], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert float(said.stdout) < 1.2
