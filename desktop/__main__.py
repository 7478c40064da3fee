"""Start of the desktop: arguments, the log, and the window."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop.errors import DesktopError
from desktop.i18n import LANGUAGES
from desktop.paths import data_paths, make_private_folder

_EXAMPLES = """examples:
  lantern                                  open the clinic's case file, or set one up
  lantern --data-dir /media/clinic/lantern open the case file in another folder
  lantern --lang zh                        start in Simplified Chinese
"""
_LOG_BYTES = 1_000_000
_LOG_FILES = 3


def main(argv: list[str] | None = None) -> int:
    """Run the desktop until its window is closed; return the exit status (0 ran, 1 failed, 2 wrong usage)."""
    options = _parser().parse_args(argv)
    if options.tour:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from desktop.tour import run_tour  # after the platform is chosen

        return run_tour(Path(options.tour), Path(options.tour) / "data")
    data_dir = Path(options.data_dir) if options.data_dir else None
    _log_to(data_paths(data_dir).logs, verbose=options.verbose)
    from desktop.app import Arguments, build  # after the arguments, so that --help needs no window

    application = build(Arguments(data_dir, options.lang))
    application.start()
    from PySide6.QtWidgets import QApplication

    return QApplication.exec()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lantern", description="Lantern, an offline clinical workstation.", epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data-dir", metavar="DIR", help="folder of the case file, settings and log (made if missing)")
    parser.add_argument("--lang", choices=sorted(LANGUAGES), help="language of the screen (default: as it was left)")
    parser.add_argument("--tour", metavar="DIR", help="run one consultation on invented cases by itself, into DIR")
    parser.add_argument("--verbose", action="store_true", help="write more into the log")
    return parser


def _log_to(folder: Path, *, verbose: bool) -> None:
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    try:
        make_private_folder(folder)
        handlers.append(RotatingFileHandler(folder / "lantern.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES,
                                            encoding="utf-8"))
    except (DesktopError, OSError) as refused:  # the window says so; the log then goes to the terminal alone
        sys.stderr.write(f"lantern: no log can be kept: {refused}\n")
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=handlers,
                        format="%(asctime)s %(levelname)s %(name)s: %(message)s")


if __name__ == "__main__":
    sys.exit(main())
