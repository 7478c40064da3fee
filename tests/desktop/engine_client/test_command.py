"""The child is the sibling program when frozen, and sees only the environment that it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop.engine_client.command import engine_command, minimal_environment


def test_a_checkout_starts_the_engine_with_this_python() -> None:
    command = engine_command()
    assert (command.program, command.arguments) == (sys.executable, ("-m", "engine", "worker"))
    assert (Path(command.python_path or "") / "engine" / "worker.py").is_file()


def test_a_frozen_lantern_starts_its_sibling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    for executable, sibling in (("/usr/lib/lantern", "lantern-engine"), ("/c/lantern.exe", "lantern-engine.exe")):
        monkeypatch.setattr(sys, "executable", executable)
        command = engine_command()
        assert Path(command.program) == Path(executable).with_name(sibling)
        assert command.arguments == ("worker",)
        assert command.python_path is None


def test_secrets_proxies_and_sessions_stay_out_of_the_childs_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTPS_PROXY", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "SSH_AUTH_SOCK", "API_TOKEN", "LD_PRELOAD"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LANTERN_MODELS_DIR", "/models")
    environment = minimal_environment(engine_command(), str(tmp_path))
    assert "secret" not in [environment.value(name) for name in environment.keys()]  # noqa: SIM118 - no mapping
    assert environment.value("LANTERN_MODELS_DIR") == "/models"
    assert environment.value("TMPDIR") == str(tmp_path)
