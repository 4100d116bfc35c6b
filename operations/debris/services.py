"""What killed processes have left: files without a row, halves of backups and restores, temporary files.

Nothing younger than a day goes, nor what a row names; the files of jobs that ended a week ago go with their
rows. A file of evidence gets its row within a request, and
no row ever gets the file of another that is gone. Seals stay: an address shows one picture for ever.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import default_storage

from accounts.background.files import FOLDER, expired_files
from accounts.models import JobFile
from core.waiting_deletions import left_by_a_killed_copy
from measures.models import Evidence
from operations.backup.services import MAKING, RESTORING, files_below

A_DAY: Final = 24 * 60 * 60
# Below MEDIA_ROOT: the folders whose files live exactly as long as their rows, and where those name them.
OWNED: Final = (("evidence/", Evidence, "file"), (FOLDER, JobFile, "path"))
# As Django's cache names what it has not yet put in its place.
UNFINISHED_CACHE: Final = "tmp*"
# As reports.thai_pdf.made names a font; to import it takes all that makes fonts along.
UNFINISHED_FONT: Final = "*.*"
AT_ONCE: Final = 500


def clean_up(*, only_look: bool = False) -> Sequence[str]:
    """Remove what nobody needs any more; its names.

    Args:
        only_look: say what would go, and remove nothing.
    """
    media = Path(settings.MEDIA_ROOT)
    if not only_look:
        left_by_a_killed_copy(media, default_storage.delete)
    gone = []
    for expired in expired_files():
        gone.append(expired.path)
        if not only_look:
            expired.delete()
    for name in _files_without_a_row(media):
        gone.append(name)
        if not only_look:
            default_storage.delete(name)
    for path in _left_over():
        gone.append(str(path))
        if not only_look:
            with suppress(FileNotFoundError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return gone


def _files_without_a_row(media: Path) -> Iterator[str]:
    """A few at a time, whatever their number; only a file that was old before its row was asked for."""
    for folder, model, field in OWNED:
        if not (media / folder).is_dir():
            continue
        old = (name for name, path in files_below(media, folder) if _is_old(path))
        while names := list(islice(old, AT_ONCE)):
            named = set(model.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
            yield from (name for name in names if name not in named)


def _left_over() -> Iterator[Path]:
    """Folders and files under names that only something unfinished has."""
    places = [
        (Path(settings.MEDIA_ROOT), RESTORING),
        (Path(settings.CACHE_DIR) / "reports", UNFINISHED_CACHE),
        (Path(settings.CACHE_DIR) / "thai-fonts", UNFINISHED_FONT),
    ]
    if settings.BACKUP_DIR:
        places.append((Path(settings.BACKUP_DIR), f"{MAKING}*"))
    for folder, pattern in places:
        # One may be finished, and its file gone, at this moment.
        yield from (path for path in folder.glob(pattern) if _is_old(path))


def _is_old(path: Path) -> bool:
    """Whether neither it nor, of a folder, anything in it was changed for a day, by the clock of the disk."""
    now = time.time()
    inside = path.rglob("*") if path.is_dir() else ()
    try:
        return all(
            now - max(at.st_mtime, at.st_ctime) > A_DAY for at in (each.lstat() for each in (path, *inside))
        )
    except FileNotFoundError:
        return False
