"""Evidence files beside what approved reports say of them."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from django.core.files.storage import default_storage

from measures.models import Evidence
from operations.verify.misfits import Misfit

BATCH = 500


class ToldOfEvidence:
    """What editions tell of evidence files, collected edition by edition and then compared."""

    def __init__(self) -> None:
        # By key of the evidence, the first line that tells a hash of it.
        self._lines: dict[int, dict[str, int]] = defaultdict(dict)

    def add(self, line: int, evidence: Mapping[int, str]) -> None:
        """Note what the edition of a line tells: hashes by key."""
        for pk, sha256 in evidence.items():
            told = self._lines[pk]
            told[sha256] = min(line, told.get(sha256, line))

    def compared(self) -> tuple[int, list[Misfit]]:
        """How many files were read, and what is not as an edition tells, by the first line that does."""
        read: dict[str, str] = {}
        misfits = []
        for start in range(0, len(self._lines), BATCH):
            keys = sorted(self._lines)[start : start + BATCH]
            rows = Evidence.objects.in_bulk(keys)
            for pk in keys:
                if found := _compared(rows.get(pk), self._lines[pk], read):
                    line, said = found
                    misfits.append(Misfit(line, f"evidence:{pk}", said))
        return len(read), misfits


def _compared(row: Evidence | None, told: Mapping[str, int], read: dict[str, str]) -> tuple[int, str] | None:
    first = min(told.values())
    if row is None:
        return first, "ไม่พบหลักฐานที่รายงานอ้างถึง"
    if others := [line for sha256, line in told.items() if sha256 != row.sha256]:
        return min(others), "SHA-256 ของหลักฐานไม่ตรงกับที่รายงานอ้างถึง"
    name = row.file.name or ""
    if name not in read:
        read[name] = _sha256_on_disk(name)
    if read[name] != row.sha256:
        return first, f"ไฟล์ {name} บนดิสก์ไม่ใช่ไฟล์ที่เก็บไว้"
    return None


def _sha256_on_disk(name: str) -> str:
    """Empty where the file cannot be read."""
    try:
        with default_storage.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
