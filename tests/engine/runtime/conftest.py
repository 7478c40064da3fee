"""Real models for the tests in this folder."""

from tests.conftest_models import models

__all__ = ["models"]
