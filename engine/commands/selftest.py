"""`selftest`: what must hold on this machine before anybody relies on it, one line each."""

from __future__ import annotations
