"""For model engineers and IT: fetch, convert, quantize, train, gate and pack models. May import the engine."""
