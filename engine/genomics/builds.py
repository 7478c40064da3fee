"""Which genome build a variant file is on: chromosome names and lengths that only one build has.

Lengths are those of GRCh37 (Genome Reference Consortium, 2009); accessions are RefSeq's, whose version is one higher in
GRCh38 than in GRCh37 for every chromosome.
"""

from __future__ import annotations

import re

from engine.errors import VcfRefused

OLDER_BUILD = "the file is on genome build GRCh37 or older; GRCh38 is needed, positions differ"
_OLDER_NAMES = ("grch37", "hg19", "b37", "hs37", "ncbi36", "hg18")
_NAMES_BUILD = ("##reference", "##contig", "##assembly")
GRCH37_LENGTHS = frozenset(
    {
        249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747,
        135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520,
        48129895, 51304566, 155270560, 59373566,
    }
)  # fmt: skip
_GRCH38_VERSIONS = (11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 10, 10, 10, 11, 9, 11, 11, 10)
"""RefSeq accession versions of GRCh38, chromosomes 1 to 22, X, Y."""
_ACCESSION = re.compile(r"NC_0000(\d\d)\.(\d{1,2})")
_LENGTH = re.compile(r"\blength=(\d+)")
_SEX_CHROMOSOMES = {"23": "X", "24": "Y", "x": "X", "y": "Y", "MT": "M", "mt": "M", "m": "M"}


def check_header_line(line: str) -> None:
    """Raise VcfRefused when a header line names GRCh37 or an older build, or a length that only GRCh37 has."""
    lowered = line.lower()
    if not lowered.startswith(_NAMES_BUILD):
        return
    length = _LENGTH.search(lowered)
    if any(name in lowered for name in _OLDER_NAMES) or (length and int(length.group(1)) in GRCH37_LENGTHS):
        raise VcfRefused(OLDER_BUILD)
    if accession := _ACCESSION.search(line):
        _of_accession(accession)


def chromosome(written: str) -> str:
    """Return the chromosome as `chr7` or `chrX`, from `7`, `Chr7` or RefSeq. Raises VcfRefused for one of GRCh37."""
    accession = _ACCESSION.fullmatch(written)
    if accession:
        return _of_accession(accession)
    bare = written[3:] if written[:3].lower() == "chr" else written
    return f"chr{_SEX_CHROMOSOMES.get(bare, bare)}"


def _of_accession(accession: re.Match[str]) -> str:
    number, version = int(accession.group(1)), int(accession.group(2))
    if not 1 <= number <= len(_GRCH38_VERSIONS):
        return accession.group()
    if version != _GRCH38_VERSIONS[number - 1]:
        raise VcfRefused(OLDER_BUILD)
    return f"chr{_SEX_CHROMOSOMES.get(str(number), number)}"
