"""How much there is to read in a file, before anything of it is read."""

from typing import Final

from core import office_archive
from core.file_kinds import Content, content_of
from measures.plan_import.tables import legacy

# In bytes of text or of unpacked XML. A plan of 200 measures is a fifth of it, whatever its kind, and read in
# a tenth of a second; what is just below it is read within a second.
LARGE: Final = 1_500_000
LARGE_UNPACKED: Final = 5_000_000


def is_for_a_worker(content: bytes) -> bool:
    """Whether reading an upload may take longer than a person waits for a page.

    What an archive says of its parts is believed: nothing reads more of a part than it said.
    """
    if legacy.is_word(content) is not None:
        # LibreOffice takes some ten seconds; where it is not there, a sentence says so at once.
        return legacy.program() is not None
    if content_of(content) is not Content.ZIP:
        return len(content) > LARGE
    try:
        with office_archive.opened(content) as archive:
            entries = archive.infolist()
            return sum(each.file_size for each in entries if _is_read(each.filename)) > LARGE_UNPACKED
    except (office_archive.BadArchive, office_archive.Bomb, office_archive.Macros):
        # Reading says at once what is wrong with it.
        return False


def _is_read(name: str) -> bool:
    return name.casefold().endswith((".xml", ".rels"))
