"""Rounds of reporting, what is submitted of them, and the editions that approval makes for good."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Agency, User
from core.file_kinds import BY_TYPE, JPEG, PDF, PNG, Kind
from core.history import KeptHistory
from core.text import plain_text
from core.thai_calendar import RoundMonths
from measures.listing import internal_deadline
from measures.models import Plan

REASON = 1_000
HASH = 64
# A sending that has not ended by then will not: the process that made it is gone.
REMINDER_ENDS_WITHIN = timedelta(minutes=15)
CODE = 9
SCAN_TYPES = [PDF.content_type, JPEG.content_type, PNG.content_type]


class RoundLength(models.IntegerChoices):
    SIX = 6, "รอบ 6 เดือน"
    TWELVE = 12, "รอบ 12 เดือน"


class RoundState(models.TextChoices):
    OPEN = "open", "เปิดรับรายงาน"
    SUBMITTED = "submitted", "ส่งให้ผู้บริหารแล้ว"
    APPROVED = "approved", "อนุมัติแล้ว"


class SubmissionOutcome(models.TextChoices):
    PENDING = "pending", "รอการอนุมัติ"
    RETURNED = "returned", "ส่งกลับให้แก้ไข"
    APPROVED = "approved", "อนุมัติ"
    WITHDRAWN = "withdrawn", "ถอนคืน"


class RoundQuerySet(models.QuerySet["Round"]):
    """The questions that pages ask of rounds."""

    def with_decisions(self) -> Self:
        """Annotates edition_count, published_revision (the newest that is public, 0 for none),
        was_submitted, and returned_reason: why the last submission on which somebody decided came back, if it
        did. One that the officer took back himself answers nothing.
        """
        last = Submission.objects.filter(round=OuterRef("pk")).order_by("-submitted_at", "-id")
        last_decided = last.exclude(outcome=SubmissionOutcome.WITHDRAWN)
        return self.annotate(
            edition_count=Count("editions"),
            published_revision=Coalesce(
                Max("editions__revision", filter=Q(editions__publication__isnull=False)), Value(0)
            ),
            was_submitted=Exists(last),
            returned_reason=Coalesce(Subquery(last_decided.values("reason")[:1]), Value("")),
        )


class Round(models.Model):
    """A reporting round (รอบการรายงาน) of a plan: its first six months, or the whole fiscal year.

    Its dates follow from the fiscal year and are not stored. Only reports.rounds.services moves its state.
    """

    plan = models.ForeignKey(Plan, verbose_name="แผน", on_delete=models.CASCADE, related_name="rounds")
    months = models.PositiveSmallIntegerField("รอบ", choices=RoundLength)
    state = models.CharField("สถานะของรอบ", max_length=9, choices=RoundState, default=RoundState.OPEN)
    correction = models.CharField(
        "เหตุผลที่แก้ไขฉบับที่อนุมัติแล้ว", max_length=REASON, blank=True, validators=[plain_text]
    )
    """Why an approved round was opened again; the next edition says it. Empty until there is an edition."""

    # Only with with_decisions().
    edition_count: int
    published_revision: int
    was_submitted: bool
    returned_reason: str

    objects = RoundQuerySet.as_manager()
    history = KeptHistory()

    class Meta:
        verbose_name = "รอบการรายงาน"
        verbose_name_plural = "รอบการรายงาน"
        ordering = ("plan", "months")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "months"],
                name="round_unique_in_plan",
                violation_error_message="แผนนี้มีรอบนี้แล้ว",
            ),
            models.CheckConstraint(condition=Q(months__in=RoundLength.values), name="round_months_6_or_12"),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.get_months_display()}"

    @property
    def length(self) -> RoundMonths:
        """The months as the calendar's functions take them."""
        return 6 if self.months == 6 else 12

    @property
    def starts_on(self) -> date:
        return self.plan.year.start

    @property
    def ends_on(self) -> date:
        return self.plan.year.round_end(self.length)

    @property
    def internal_deadline(self) -> date:
        """The day until which divisions are asked to report: ends_on, unless the agency has an earlier."""
        return internal_deadline(self.plan, self.length)

    @property
    def reports_from(self) -> date:
        """The first day of what is new in this round: the twelve-month one goes on where the other ended."""
        return self.starts_on if self.months == 6 else date(self.ends_on.year, 4, 1)


class Submission(models.Model):
    """A round's report as the officer submitted it: the approver sees exactly this, whatever changes since.

    Undecided, approved, returned with a reason, or taken back by the officer; it stays as the record.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="submissions")
    document = models.TextField("รายงานที่ส่ง")
    submitted_by = models.ForeignKey(
        User, verbose_name="ผู้ส่ง", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField("ส่งเมื่อ")
    outcome = models.CharField(
        "ผล", max_length=9, choices=SubmissionOutcome, default=SubmissionOutcome.PENDING
    )
    decided_by = models.ForeignKey(
        User, verbose_name="ผู้พิจารณา", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("พิจารณาเมื่อ", null=True, blank=True)
    reason = models.CharField("เหตุผลที่ส่งกลับ", max_length=REASON, blank=True, validators=[plain_text])

    class Meta:
        verbose_name = "การส่งรายงาน"
        verbose_name_plural = "การส่งรายงาน"
        ordering = ("-submitted_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(outcome=SubmissionOutcome.PENDING),
                name="submission_one_pending_in_round",
                violation_error_message="รอบนี้ส่งไปแล้ว",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=SubmissionOutcome.values), name="submission_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=SubmissionOutcome.PENDING, decided_at__isnull=True)
                | (~Q(outcome=SubmissionOutcome.PENDING) & Q(decided_at__isnull=False)),
                name="submission_decided_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=SubmissionOutcome.RETURNED) & ~Q(reason=""))
                | (~Q(outcome=SubmissionOutcome.RETURNED) & Q(reason="")),
                name="submission_returned_has_reason",
                violation_error_message="กรุณาระบุเหตุผลที่ส่งกลับ",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.get_outcome_display()}"


class EditionQuerySet(models.QuerySet["Edition"]):
    """The questions that pages ask of editions."""

    def published(self) -> Self:
        """Those that everybody may see."""
        return self.filter(publication__isnull=False)

    def standing(self) -> Self:
        """Those whose files are handed out: not withdrawn by a correction."""
        return self.filter(withdrawal__isnull=True)


class Edition(models.Model):
    """An approved report (ฉบับ): what was approved, by whom, when. Never changed and never deleted.

    The database itself refuses both, by what reports/triggers.py installs. The approver is therefore named in
    words: an account may come and go, the name on an approved report stays.
    """

    round = models.ForeignKey(Round, verbose_name="รอบ", on_delete=models.PROTECT, related_name="editions")
    revision = models.PositiveSmallIntegerField("ฉบับที่")
    code = models.CharField("รหัสฉบับ", max_length=CODE)
    document = models.TextField("รายงาน")
    sha256 = models.CharField("sha256 ของรายงาน", max_length=HASH)
    approved_by = models.CharField("ผู้อนุมัติ", max_length=150)
    approved_post = models.CharField("ตำแหน่ง", max_length=150, blank=True)
    approved_at = models.DateTimeField("อนุมัติเมื่อ")
    correction = models.CharField("เหตุผลที่แก้ไข", max_length=REASON, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "ฉบับที่อนุมัติ"
        verbose_name_plural = "ฉบับที่อนุมัติ"
        ordering = ("round", "-revision")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "revision"],
                name="edition_revision_unique_in_round",
                violation_error_message="รอบนี้มีฉบับนี้อยู่แล้ว",
            ),
            models.UniqueConstraint(
                fields=["code"], name="edition_code_unique", violation_error_message="รหัสฉบับนี้มีอยู่แล้ว"
            ),
            models.CheckConstraint(
                condition=Q(revision=1, correction="") | (Q(revision__gt=1) & ~Q(correction="")),
                name="edition_correction_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} ฉบับที่ {self.revision}"

    @property
    def published_at(self) -> datetime | None:
        """Since when everybody may see it; no query after select_related("publication")."""
        publication = getattr(self, "publication", None)
        return publication and publication.published_at

    @property
    def withdrawn(self) -> "EditionWithdrawal | None":
        """By what its files were withdrawn; no query after select_related("withdrawal__replaced_by")."""
        return getattr(self, "withdrawal", None)


class EditionFile(models.Model):
    """An edition in one file format, byte for byte as it was made when it was approved."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=10)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=HASH)

    class Meta:
        verbose_name = "ไฟล์ของฉบับ"
        verbose_name_plural = "ไฟล์ของฉบับ"
        ordering = ("edition", "id")
        indexes: ClassVar = [models.Index(fields=["sha256"], name="edition_file_sha256")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "format"],
                name="edition_file_once_per_format",
                violation_error_message="ฉบับนี้มีไฟล์แบบนี้อยู่แล้ว",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} .{self.format}"


class SignatureLevel(models.TextChoices):
    """How long a signature can be proven (ETSI EN 319 142)."""

    BASIC = "b-b", "PAdES B-B"
    ARCHIVE = "b-lta", "PAdES B-LTA"


class FileSignature(models.Model):
    """What was signed, or why not, when a file of an edition was made on a site that has a certificate.

    The signature itself is in the file. Never changed and never deleted, as editions are (migration 0010).
    """

    file = models.OneToOneField(EditionFile, on_delete=models.PROTECT, related_name="signature")
    level = models.CharField("ระดับ", max_length=5, choices=SignatureLevel, blank=True)
    """Empty where the file is not signed."""
    signer = models.CharField("ผู้ลงลายมือชื่อ", max_length=200, blank=True)
    """As the certificate names it."""
    stamp_until = models.DateTimeField("ตราประทับเวลาใช้ได้ถึง", null=True, blank=True)
    """When the certificate of the newest time stamp ends."""
    problem = models.CharField("ปัญหา", max_length=300, blank=True)
    """What failed, in Thai: of a file that is signed, the time stamp."""

    class Meta:
        verbose_name = "ลายมือชื่อดิจิทัลของไฟล์"
        verbose_name_plural = "ลายมือชื่อดิจิทัลของไฟล์"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__in=["", *SignatureLevel.values]), name="file_signature_level_known"
            ),
            models.CheckConstraint(
                condition=Q(level="", signer="") & ~Q(problem="") | ~Q(level="") & ~Q(signer=""),
                name="file_signature_has_signer_or_problem",
            ),
            models.CheckConstraint(
                condition=Q(level=SignatureLevel.ARCHIVE, stamp_until__isnull=False)
                | ~Q(level=SignatureLevel.ARCHIVE) & Q(stamp_until__isnull=True),
                name="file_signature_stamp_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.get_level_display()}".strip()


class SignedCopy(models.Model):
    """A file of an edition with what was added to it later: a signature, a newer time stamp.

    It begins with the stored file, byte for byte, which stays what it is. Never changed and never deleted.
    """

    file = models.ForeignKey(EditionFile, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField("ลำดับ")
    """Counted from 1 for each file; the last holds all that those before it hold."""
    added = models.BinaryField()
    """What comes after the bytes of the file."""
    sha256 = models.CharField(max_length=HASH)
    """Of the copy, the file's bytes and these."""
    level = models.CharField("ระดับ", max_length=5, choices=SignatureLevel)
    stamp_until = models.DateTimeField("ตราประทับเวลาใช้ได้ถึง", null=True, blank=True)
    made_at = models.DateTimeField("ทำเมื่อ")

    class Meta:
        verbose_name = "สำเนาที่มีลายมือชื่อเพิ่ม"
        verbose_name_plural = "สำเนาที่มีลายมือชื่อเพิ่ม"
        ordering = ("file", "number")
        indexes: ClassVar = [models.Index(fields=["sha256"], name="signed_copy_sha256")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["file", "number"],
                name="signed_copy_numbered_once",
                violation_error_message="ไฟล์นี้มีสำเนาลำดับนี้อยู่แล้ว",
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="signed_copy_numbered_from_1"),
            models.CheckConstraint(
                condition=Q(level=SignatureLevel.ARCHIVE, stamp_until__isnull=False)
                | Q(level=SignatureLevel.BASIC, stamp_until__isnull=True),
                name="signed_copy_stamp_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"

    @property
    def content(self) -> bytes:
        """All of the copy; a query where its file was not read with it."""
        return bytes(self.file.content) + bytes(self.added)


class PaperKind(models.TextChoices):
    """The papers that go round a report on its way to the agency's website."""

    MEMO = "memo", "บันทึกข้อความ"
    FORM = "form", "แบบฟอร์มการเผยแพร่ข้อมูล"


class PaperFormat(models.TextChoices):
    """As what a paper is kept."""

    DOCX = "docx", "Word"
    PDF = "pdf", "PDF"


class PaperTemplate(models.Model):
    """An agency's own Word template for a paper, or that it uses the system's again. The newest holds.

    Never changed and never deleted (migration 0011): a paper that was made names its template.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="paper_templates")
    kind = models.CharField("เอกสาร", max_length=4, choices=PaperKind)
    version = models.PositiveIntegerField("ครั้งที่")
    name = models.CharField("ชื่อไฟล์", max_length=200, blank=True)
    """As the officer called the file; empty: from here on the system's own template is used."""
    content = models.BinaryField()
    sha256 = models.CharField(max_length=HASH, blank=True)
    added_by = models.ForeignKey(User, verbose_name="ผู้เปลี่ยน", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("เปลี่ยนเมื่อ")

    class Meta:
        verbose_name = "แม่แบบเอกสารของหน่วยงาน"
        verbose_name_plural = "แม่แบบเอกสารของหน่วยงาน"
        ordering = ("agency", "kind", "-version")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "kind", "version"],
                name="paper_template_version_unique",
                violation_error_message="มีผู้อื่นเปลี่ยนแม่แบบนี้ไปก่อนแล้ว",
            ),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="paper_template_kind_known"),
            models.CheckConstraint(
                condition=Q(name="", sha256="") | (~Q(name="") & ~Q(sha256="")),
                name="paper_template_named_with_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def is_own(self) -> bool:
        """Whether it is a file of the agency's; otherwise the system's template holds again."""
        return bool(self.name)


class EditionPaper(models.Model):
    """A memo or web publication form of an edition, as it was made; making it again adds a newer version.

    Never changed and never deleted (migration 0011), and never public by itself.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="papers")
    version = models.PositiveIntegerField("ครั้งที่")
    kind = models.CharField("เอกสาร", max_length=4, choices=PaperKind)
    format = models.CharField("ชนิดไฟล์", max_length=4, choices=PaperFormat)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=HASH)
    template = models.ForeignKey(
        PaperTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The agency's own template that it was made from; empty for the system's."""
    made_by = models.ForeignKey(User, verbose_name="ผู้จัดทำ", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("จัดทำเมื่อ")

    class Meta:
        verbose_name = "เอกสารประกอบการเผยแพร่"
        verbose_name_plural = "เอกสารประกอบการเผยแพร่"
        ordering = ("edition", "-version", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "version", "kind", "format"],
                name="edition_paper_once_a_version",
                violation_error_message="เอกสารชุดนี้จัดทำไว้แล้ว",
            ),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="edition_paper_kind_known"),
            models.CheckConstraint(
                condition=Q(format__in=PaperFormat.values), name="edition_paper_format_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.get_kind_display()} {self.version}.{self.format}"

    @property
    def file_name(self) -> str:
        """Under which the log knows it: memo-2.docx."""
        return f"{self.kind}-{self.version}.{self.format}"


class Publication(models.Model):
    """The officer's yes to show an edition to everybody; taking it back hides the page, not the edition."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField("เผยแพร่เมื่อ")

    history = KeptHistory()

    class Meta:
        verbose_name = "การเผยแพร่"
        verbose_name_plural = "การเผยแพร่"

    def __str__(self) -> str:
        return str(self.edition)


class EditionWithdrawal(models.Model):
    """That the files of an edition are no longer handed out, because it tells what is not for everybody and a
    correction took its place. The edition stays what it is, and its hashes are still known.

    Who, when and why are the approver, the time and the reason of the correction. Never changed and never
    deleted, as editions are (migration 0005).
    """

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="withdrawal")
    replaced_by = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="withdrew")

    class Meta:
        verbose_name = "การถอนไฟล์ของฉบับ"
        verbose_name_plural = "การถอนไฟล์ของฉบับ"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(edition=models.F("replaced_by")), name="edition_withdrawn_by_another"
            ),
        ]

    def __str__(self) -> str:
        return str(self.edition)

    @property
    def when(self) -> datetime:
        return self.replaced_by.approved_at

    @property
    def reason(self) -> str:
        return self.replaced_by.correction


class SignedScan(models.Model):
    """A scan of an edition that was printed and signed by pen, byte for byte as it was stored.

    It stands beside the edition's own files, never in their place; the newest of an edition counts.

    Who attached it is named in words: the database refuses every change (reports/triggers.py).
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="scans")
    content = models.BinaryField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=HASH)
    size = models.PositiveIntegerField("ขนาด")
    pages = models.PositiveIntegerField("จำนวนหน้า")
    edition_pages = models.PositiveIntegerField("จำนวนหน้าของฉบับ")
    """Of the edition's own PDF."""
    attached_by = models.CharField("ผู้แนบ", max_length=150)
    attached_at = models.DateTimeField("แนบเมื่อ")

    class Meta:
        verbose_name = "สำเนาที่ลงนาม"
        verbose_name_plural = "สำเนาที่ลงนาม"
        ordering = ("edition", "-id")
        indexes: ClassVar = [models.Index(fields=["sha256"], name="signed_scan_sha256")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(content_type__in=SCAN_TYPES), name="signed_scan_type_known"),
            models.CheckConstraint(condition=Q(size__gt=0, pages__gt=0), name="signed_scan_has_pages"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.attached_at:%Y-%m-%d}"

    @property
    def kind(self) -> Kind:
        """What sort of file it is."""
        return BY_TYPE[self.content_type]

    @property
    def pages_differ(self) -> bool:
        return self.pages != self.edition_pages

    @property
    def is_public(self) -> bool:
        """Whether the officer offers it to everybody; no query after select_related("publication")."""
        return getattr(self, "publication", None) is not None


class ScanPublication(models.Model):
    """The officer's yes to hand a signed scan to everybody as long as its edition is published."""

    scan = models.OneToOneField(SignedScan, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField("เผยแพร่เมื่อ")

    history = KeptHistory()

    class Meta:
        verbose_name = "การเผยแพร่สำเนาที่ลงนาม"
        verbose_name_plural = "การเผยแพร่สำเนาที่ลงนาม"

    def __str__(self) -> str:
        return str(self.scan)


class OitAnswer(models.Model):
    """Which item of the nation's OIT checklist a round's report answers; items move from year to year."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="oit_answer")
    item = models.CharField("ข้อ OIT", max_length=10, validators=[plain_text])
    title = models.CharField("ชื่อข้อ", max_length=300, validators=[plain_text])
    explanation = models.TextField("คำอธิบาย", max_length=2_000, blank=True, validators=[plain_text])

    history = KeptHistory()

    class Meta:
        verbose_name = "ข้อ OIT ที่รายงานนี้ตอบ"
        verbose_name_plural = "ข้อ OIT ที่รายงานนี้ตอบ"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(item=""), name="oit_answer_has_item", violation_error_message="กรุณาใส่ข้อ OIT"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.title}"


class ReminderChannel(models.TextChoices):
    """By which way a reminder goes."""

    MAIL = "mail", "อีเมล"
    LINE = "line", "กลุ่ม LINE"


class ReminderKind(models.TextChoices):
    """Why a reminder is sent on its day."""

    MONTH = "before_30", "อีก 30 วัน"
    WEEK = "before_7", "อีก 7 วัน"
    DAY = "before_1", "อีก 1 วัน"
    LATE = "late", "เลยกำหนด"


class ReminderState(models.TextChoices):
    """How a sending ended, as far as it is known."""

    NOTED = "noted", "รอส่ง"
    SENT = "sent", "ส่งแล้ว"
    UNKNOWN = "unknown", "ไม่ทราบผล"
    REFUSED = "refused", "ส่งไม่ได้"


class ReminderSending(models.Model):
    """A reminder to a person or to an agency's group; noted before it is sent, so that none is sent twice.

    Only reports.reminders.services moves its state. One that was begun and never ended may have arrived: it
    is repeated by hand alone, a LINE message under the same retry key.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="reminders", null=True, blank=True
    )
    """Who gets it; empty for the agency's group."""
    channel = models.CharField("ช่องทาง", max_length=4, choices=ReminderChannel)
    kind = models.CharField("โอกาส", max_length=9, choices=ReminderKind)
    day = models.DateField("วันที่ของการเตือน")
    """The day on which it was to be sent; it may have been sent a little later."""
    address = models.CharField("ที่อยู่", max_length=254)
    subject = models.CharField("เรื่อง", max_length=200)
    text = models.TextField("ข้อความ")
    state = models.CharField("ผล", max_length=7, choices=ReminderState, default=ReminderState.NOTED)
    error = models.CharField("ปัญหา", max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField("จำนวนครั้งที่ลอง", default=0)
    retry_key = models.UUIDField(default=uuid4, editable=False)
    noted_at = models.DateTimeField("บันทึกเมื่อ")
    started_at = models.DateTimeField("เริ่มส่งเมื่อ", null=True, blank=True)
    """When the last try began; empty while none has begun."""
    sent_at = models.DateTimeField("ส่งเมื่อ", null=True, blank=True)

    class Meta:
        verbose_name = "การเตือนที่ส่ง"
        verbose_name_plural = "การเตือนที่ส่ง"
        ordering = ("-day", "-id")
        indexes: ClassVar = [
            models.Index(fields=["agency", "-day"], name="reminder_agency_day"),
            models.Index(
                fields=["state"],
                condition=Q(state__in=[ReminderState.NOTED, ReminderState.REFUSED]),
                name="reminder_to_send",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "channel", "day"],
                condition=Q(person__isnull=False),
                name="reminder_once_a_person_and_day",
                violation_error_message="การเตือนของวันนี้บันทึกไว้แล้ว",
            ),
            models.UniqueConstraint(
                fields=["agency", "channel", "day"],
                condition=Q(person__isnull=True),
                name="reminder_once_a_group_and_day",
                violation_error_message="การเตือนของวันนี้บันทึกไว้แล้ว",
            ),
            models.CheckConstraint(
                condition=Q(channel=ReminderChannel.MAIL, person__isnull=False)
                | Q(channel=ReminderChannel.LINE, person__isnull=True),
                name="reminder_mail_to_person_line_to_group",
            ),
            models.CheckConstraint(condition=Q(kind__in=ReminderKind.values), name="reminder_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ReminderState.values), name="reminder_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReminderState.SENT, sent_at__isnull=False)
                | (~Q(state=ReminderState.SENT) & Q(sent_at__isnull=True)),
                name="reminder_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.day}"

    @property
    def outcome(self) -> ReminderState:
        """How it ended; of what was begun long ago and never ended nobody knows."""
        began = self.started_at
        if self.state == ReminderState.NOTED and began and timezone.now() - began > REMINDER_ENDS_WITHIN:
            return ReminderState.UNKNOWN
        return ReminderState(self.state)
