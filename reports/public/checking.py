"""Is this a report that an agency has published? Asked with a file or with the code that is printed on one.

What comes in is compared and forgotten. An edition that nobody has published is answered like one that does
not exist.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.core.files import File
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.thai_calendar import arabic_digits
from reports.models import Edition, EditionFile, Publication, SignedCopy, SignedScan
from reports.renderers import FORMATS
from reports.rounds.marks import CODE_LETTERS
from reports.signatures.looking import Added, added_to, beginnings, looks_like_pdf, names_in

MAX_CODE: Final = 60
# Bytes of a file that is looked into; one of ours has some hundred thousand.
LARGEST: Final = 20 * 1024 * 1024
# By which an edition calls itself, at whatever site it was printed: .../public/kongkoi/2566/6/2/
ADDRESS: Final = re.compile(r"/public/([-\w]{1,50})/(\d{4})/(\d{1,2})/(\d{1,3})/?$", re.ASCII)
# Around the code on paper: ฉบับที่ ๒ รหัส 7KQF-29XM; some write 7KQF-29XM/2 or 7KQF-29XM r2.
REVISION_IN_WORDS: Final = re.compile(r"ฉบับ(?:ที่)?\s*([0-9]{1,3})")
CODE: Final = re.compile(rf"([{CODE_LETTERS}]{{8}})(?:R(?:EV(?:ISION)?)?)?([0-9]{{1,3}})?")


class Verdict(StrEnum):
    """What is said of a file or of a code."""

    UNALTERED = "unaltered"
    """The file is one of a published edition, byte for byte."""
    SIGNED_LATER = "signed_later"
    """The file begins with one of a published edition, byte for byte; only signatures and stamps follow."""
    ALTERED = "altered"
    """The file says that it is one of a published edition, and is not, or not any more."""
    ISSUED = "issued"
    """The code is that of a published edition; what stands on the paper is for its reader to compare."""
    NOT_OURS = "not_ours"
    """The file is none that was published here."""
    UNKNOWN_CODE = "unknown_code"
    """The code is none of a published edition."""


SENTENCES: Final = {
    Verdict.UNALTERED: "ใช่ ไฟล์นี้ตรงกับที่หน่วยงานเผยแพร่ทุกไบต์ และไม่ถูกแก้ไข",
    Verdict.SIGNED_LATER: (
        "ใช่ ไฟล์นี้คือไฟล์ที่หน่วยงานเผยแพร่ครบทุกไบต์ และมีลายมือชื่อดิจิทัลหรือตราประทับเวลาเพิ่มต่อท้ายเท่านั้น เนื้อหารายงานไม่ถูกแก้ไข"
    ),
    Verdict.ALTERED: (
        "ไม่ใช่ ไฟล์นี้อ้างว่าเป็นฉบับด้านล่าง แต่ถูกแก้ไขหรือบันทึกใหม่หลังเผยแพร่ อย่าใช้อ้างอิง ให้ดาวน์โหลดไฟล์จากหน้าของฉบับ"
    ),
    Verdict.ISSUED: "ใช่ รหัสนี้เป็นของฉบับที่หน่วยงานเผยแพร่ โปรดเทียบข้อความบนกระดาษกับหน้าของฉบับนี้",
    Verdict.NOT_OURS: (
        "ไม่ตรงกับไฟล์ใดที่เผยแพร่ในระบบนี้ ไฟล์อาจถูกแก้ไข ถูกบันทึกหรือสแกนใหม่ หรือไม่ได้มาจากที่นี่"
        " หากบนรายงานมีรหัสพิมพ์อยู่ ให้ตรวจด้วยรหัสนั้น"
    ),
    Verdict.UNKNOWN_CODE: ("ไม่พบรหัสนี้ในฉบับที่เผยแพร่ รหัสอาจพิมพ์ผิด หน่วยงานอาจไม่ได้เผยแพร่ฉบับนี้ หรือรายงานไม่ได้มาจากที่นี่"),
}


@dataclass(frozen=True)
class Outcome:
    """What a check has found; an edition, with its round, plan and agency, where it is one of ours."""

    verdict: Verdict
    edition: Edition | None = None
    newest: int | None = None
    """The newest published revision of the edition's round; None where none is public now."""
    file: str = ""
    """Which of the edition's files it is: PDF."""
    scan: SignedScan | None = None
    """Where it is none of them but a scan of the signed edition."""
    scan_is_replaced: bool = False
    """Whether the officer has put another scan in its place."""
    added: Added | None = None
    """What somebody has added to the file; None also where it is a copy that this site keeps."""

    @property
    def is_ours(self) -> bool:
        return self.edition is not None and self.verdict != Verdict.ALTERED

    @property
    def sentence(self) -> str:
        """In Thai."""
        return SENTENCES[self.verdict]

    @property
    def newer(self) -> int | None:
        """A newer revision that everybody may see."""
        if self.edition is None or self.newest is None or self.newest <= self.edition.revision:
            return None
        return self.newest


@dataclass(frozen=True)
class PrintedCode:
    """A code as it is stored, and the revision that was written beside it, if one was."""

    code: str
    revision: int | None


def sha256_of(file: File[bytes]) -> str:
    """The hash of a file that was sent, read piece by piece."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def judge(file: File[bytes], sha256: str) -> Outcome:
    """What a file is.

    Args:
        file: as it was sent; not looked into where its hash says enough.
        sha256: of all of it.

    Raises:
        TooManyLook: it has to be looked into, and others are.
        TooMuchWork: nobody can tell within the time that there is.
    """
    known = _files().filter(sha256=sha256).first()
    if known is None:
        return _judge_scan(sha256) or _judge_copy(sha256) or _judge_content(file) or Outcome(Verdict.NOT_OURS)
    return Outcome(Verdict.UNALTERED, known.edition, _newest_of(known.edition), _label(known))


def _judge_copy(sha256: str) -> Outcome | None:
    """Whether it is a copy with a newer time stamp that this site keeps beside a file."""
    copy = SignedCopy.objects.filter(sha256=sha256, file__in=_files().order_by()).only("file").first()
    if copy is None:
        return None
    file = _files().get(pk=copy.file_id)
    return Outcome(Verdict.SIGNED_LATER, file.edition, _newest_of(file.edition), _label(file))


def _judge_content(file: File[bytes]) -> Outcome | None:
    """Whether it begins with one of the files or says that it is one.

    Raises:
        TooManyLook: others are looked at.
    """
    file.seek(0)
    sent = file.read(LARGEST + 1)
    if not looks_like_pdf(sent) or len(sent) > LARGEST:
        return None
    if (known := _file_at_the_beginning(sent)) is not None:
        newest = _newest_of(known.edition)
        added = added_to(bytes(known.content), sent)
        if added is None:
            return Outcome(Verdict.ALTERED, known.edition, newest)
        return Outcome(Verdict.SIGNED_LATER, known.edition, newest, _label(known), added=added)
    if (edition := _edition_named(names_in(sent))) is not None:
        return Outcome(Verdict.ALTERED, edition, _newest_of(edition))
    return None


def _file_at_the_beginning(sent: bytes) -> EditionFile | None:
    """The longest of the files that what was sent begins with."""
    digest, done, hashes = hashlib.sha256(), 0, []
    for end in sorted(set(beginnings(sent))):
        digest.update(sent[done:end])
        done = end
        hashes.append(digest.hexdigest())
    found = list(_files().filter(sha256__in=hashes))
    return max(found, key=lambda each: hashes.index(each.sha256), default=None)


def _edition_named(names: Sequence[str]) -> Edition | None:
    """The first published edition of which a file has the code or the address."""
    for name in names:
        if place := ADDRESS.search(name):
            slug, year, months, revision = place.groups()
            asked = Q(
                round__plan__agency__slug=slug,
                round__plan__fiscal_year=year,
                round__months=months,
                revision=revision,
            )
        else:
            asked = Q(code=name)
        if edition := _editions().filter(asked).first():
            return edition
    return None


def _judge_scan(sha256: str) -> Outcome | None:
    """Whether it is a scan that was offered to everybody, and was not taken back."""
    scans = SignedScan.objects.filter(sha256=sha256, publication__isnull=False, edition__in=_told_of())
    scans = scans.select_related(
        "edition__round__plan__agency", "edition__publication", "edition__withdrawal__replaced_by"
    ).defer("content", "edition__document", "edition__withdrawal__replaced_by__document")
    scan = scans.order_by("-id").first()
    if scan is None:
        return None
    edition = scan.edition
    replaced = SignedScan.objects.filter(edition=edition, pk__gt=scan.pk).exists()
    label = f"สำเนาที่ลงนาม ({scan.kind.label})"
    return Outcome(Verdict.UNALTERED, edition, _newest_of(edition), label, scan, replaced)


def judge_code(printed: PrintedCode) -> Outcome:
    """Whose code it is."""
    edition = _editions().filter(code=printed.code).first()
    if edition is None:
        return Outcome(Verdict.UNKNOWN_CODE)
    return Outcome(Verdict.ISSUED, edition, _newest_of(edition))


def printed_code(text: str) -> PrintedCode | None:
    """A code as a person copies it: Thai digits, small letters, blanks and dashes anywhere, with its revision
    or without; None where it is none.
    """
    plain = arabic_digits(unicodedata.normalize("NFKC", text)).upper()
    in_words = REVISION_IN_WORDS.search(plain)
    plain = REVISION_IN_WORDS.sub("", plain)
    # Whatever else stands there is white space, a dash or a Thai word.
    found = CODE.fullmatch(re.sub(r"[^0-9A-Z]", "", plain))
    if found is None:
        return None
    revision = (in_words and in_words[1]) or found[2]
    return PrintedCode(f"{found[1][:4]}-{found[1][4:]}", int(revision) if revision else None)


def _files() -> QuerySet[EditionFile]:
    """Files of editions of which everybody is told, with what is said of those, the newest revision first."""
    files = EditionFile.objects.filter(edition__in=_told_of()).select_related(
        "edition__round__plan__agency", "edition__publication", "edition__withdrawal__replaced_by"
    )
    large = ("content", "edition__document", "edition__withdrawal__replaced_by__document")
    return files.defer(*large).order_by("-edition__revision")


def _editions() -> QuerySet[Edition]:
    """Editions of which everybody is told, with what is said of them."""
    editions = _told_of().defer("document", "withdrawal__replaced_by__document")
    return editions.select_related("round__plan__agency", "publication", "withdrawal__replaced_by")


def _label(file: EditionFile) -> str:
    return FORMATS[file.format].label if file.format in FORMATS else file.format


def _told_of() -> QuerySet[Edition]:
    """Editions that are published, and those that were and of which the files are withdrawn."""
    once = Publication.history.filter(edition=OuterRef("pk"))
    return Edition.objects.filter(Q(publication__isnull=False) | Q(Exists(once), withdrawal__isnull=False))


def _newest_of(edition: Edition) -> int | None:
    published = Edition.objects.published().filter(round=edition.round_id).order_by("-revision")
    return published.values_list("revision", flat=True).first()
