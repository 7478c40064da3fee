"""The options that say what the clinic knows of its patients: which prior, its own priors file, its confirmed cases."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine import api, errors
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.priors import problems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--prior",
        choices=("auto", "table", "published"),
        default="auto",
        help="where common conditions start from: auto (default) takes published rates for a case with text or region, "
        "the table's own shares for one of codes and answers alone",
    )
    parser.add_argument(
        "--priors", type=Path, metavar="FILE", help="the clinic's own priors (JSON), over published ones"
    )
    parser.add_argument(
        "--confirmed", type=Path, metavar="FILE", help="own confirmed cases (JSON: disease code to count)"
    )


def read(arguments: argparse.Namespace, table: CommonTable) -> api.Practice:
    """Return the options as a record. Raises BadRequest, OutOfRange or TooLarge for a file that cannot be used."""
    priors = api.strict(_bytes(arguments.priors), api.ClinicPriors) if arguments.priors else None
    if priors is not None and (found := problems(priors, table)):
        raise errors.BadRequest(f"{arguments.priors}: {'; '.join(found)}")
    confirmed = api.strict(_bytes(arguments.confirmed), dict[str, int]) if arguments.confirmed else {}
    practice = api.Practice(arguments.prior, priors=priors, confirmed=confirmed)
    return api.strict(api.encode(practice), api.Practice)  # checked against the limits of the contract


def _bytes(path: Path) -> bytes:
    content = path.read_bytes()
    if len(content) > api.MAX_LINE_BYTES:
        raise errors.TooLarge(f"{path} is longer than {api.MAX_LINE_BYTES} bytes")
    return content
