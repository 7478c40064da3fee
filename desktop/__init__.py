"""The Lantern desktop: windows and the case file. It speaks to the engine through engine.api alone."""
