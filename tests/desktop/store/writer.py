"""A process that writes cases and drafts as fast as it can and says on stdout what the store told it is saved.

Run by test_durability: `python -m tests.desktop.store.writer FOLDER PASSWORD [FILE_LIMIT_BYTES]`.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from pathlib import Path

from desktop import errors
from desktop.case.record import CaseRecord, Patient
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.session import sign_in


def main(folder: str, password: str, file_limit_bytes: str = "") -> None:
    session = sign_in(CaseFiles(Path(folder)), "lead", password)
    cases = Cases(session)
    say("ready", "0")
    if file_limit_bytes:
        limit = int(file_limit_bytes)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    record = CaseRecord(patient=Patient(name="Patient"), visit_date="2026-03-01")
    number = 0
    while True:
        number += 1
        text = f"{number} " + "long text " * (number % 7 * 100)
        try:
            record = cases.save(replace(record, text=text))
            say(record.id, str(record.revision))
            cases.save_draft(replace(record, text=f"draft {number}"))
            say(f"draft-{record.id}", str(number))
        except errors.DiskFull:
            say("full", str(number))
            return
        if number % 5 == 0:
            record = CaseRecord(patient=Patient(name=f"Patient {number}"), visit_date="2026-03-01")


def say(what: str, detail: str) -> None:
    sys.stdout.write(f"{what} {detail}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
