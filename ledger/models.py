"""The log: lines that are never changed, and apart from them the salts of their personal fields."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

HASH = 64


class LogKind(models.TextChoices):
    """What a line tells of."""

    SUBMITTED = "submitted", "ส่งรายงาน"
    TAKEN_BACK = "taken_back", "ถอนการส่ง"
    RETURNED = "returned", "ส่งกลับให้แก้ไข"
    APPROVED = "approved", "อนุมัติฉบับ"
    FILE_STORED = "file_stored", "เก็บไฟล์ของฉบับ"
    FILES_WITHDRAWN = "files_withdrawn", "ถอนไฟล์ของฉบับ"
    PUBLISHED = "published", "เผยแพร่"
    UNPUBLISHED = "unpublished", "เลิกเผยแพร่"
    EVIDENCE_HIDDEN = "evidence_hidden", "ซ่อนหลักฐาน"
    EVIDENCE_SHOWN = "evidence_shown", "เลิกซ่อนหลักฐาน"
    ACCOUNT = "account", "บัญชีและสิทธิ์"
    RIGHTS = "rights", "สิทธิ์ของบุคคล"


class LogLine(models.Model):
    """One line of the log. Its text is what is hashed; the other columns repeat what is asked for.

    Lines are numbered from 1 without gaps. Only ledger.services writes them; the database refuses to change
    or delete one (migration 0001), as far as a database can refuse anything to its owner.
    """

    number = models.PositiveBigIntegerField("ลำดับ", primary_key=True)
    kind = models.CharField("เรื่อง", max_length=20, choices=LogKind)
    subject = models.CharField("เกี่ยวกับ", max_length=60)
    """The row that it tells of, as "edition:12"."""
    day = models.DateField("วันที่บันทึก")
    """When it was written, in Thailand; never before the day of the line before."""
    text = models.TextField("ข้อความ")
    """Canonical JSON; entries.py says of what."""
    sha256 = models.CharField("SHA-256", max_length=HASH)
    """Of the text, which holds that of the line before."""
    node = models.CharField("โหนด", max_length=HASH)
    """The hash of the largest whole subtree of the Merkle tree that ends with this line."""

    class Meta:
        verbose_name = "บรรทัดของบันทึก"
        verbose_name_plural = "บันทึกที่พิสูจน์ได้"
        ordering = ("number",)
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="log_line_subject"),
            models.Index(fields=["day", "number"], name="log_line_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gt=0), name="log_line_numbered_from_1"),
            models.CheckConstraint(condition=Q(kind__in=LogKind.values), name="log_line_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()} {self.subject}"


class LogSalt(models.Model):
    """With what the personal fields of a line were hashed. Deleted, nobody can find out whom it names."""

    line = models.OneToOneField(LogLine, on_delete=models.PROTECT, related_name="salt", primary_key=True)
    value = models.CharField(max_length=HASH)

    class Meta:
        verbose_name = "เกลือของบรรทัด"
        verbose_name_plural = "เกลือของบรรทัด"

    def __str__(self) -> str:
        return str(self.line_id)
