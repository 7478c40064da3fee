"""Read the header of a reference library's SQLite file in plain Python, before native code sees a byte.

Source: "Database File Format" of the SQLite project, section 1.3. What the tables hold is checked when it is opened.
"""

from __future__ import annotations

import struct
from pathlib import Path

from engine import errors

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100
_PLAIN_JOURNAL = 1
"""File format of a rollback journal; 2 would be write-ahead log, which needs files beside this one."""


def read(path: Path) -> int:
    """Return the number of pages. Raises ModelDamaged unless the header fits the file."""
    with path.open("rb") as stream:
        header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or header[:16] != MAGIC:
        raise errors.ModelDamaged("not an SQLite file")
    page_bytes, write_format, read_format = struct.unpack(">HBB", header[16:20])
    page_bytes = 65536 if page_bytes == 1 else page_bytes
    (pages,) = struct.unpack(">I", header[28:32])
    if page_bytes < 512 or page_bytes & (page_bytes - 1) or (write_format, read_format) != (_PLAIN_JOURNAL,) * 2:
        raise errors.ModelDamaged("an SQLite file of another kind")
    if pages * page_bytes != path.stat().st_size:
        raise errors.ModelDamaged("an SQLite file that is not whole")
    return int(pages)
