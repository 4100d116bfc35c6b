"""What an agency promises and how far it is: indicators, plans, measures and their steps."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import ClassVar, Self, TypeAlias

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Agency, Division, User
from core.file_kinds import BY_TYPE, CONTENT_TYPES, PICTURE_KINDS, Kind, size_text
from core.history import KeptHistory
from core.text import plain_text
from core.thai_calendar import FiscalYear
from measures.status import FINISHED, Status, is_late

LONG_TEXT = 5_000
STEP_TEXT = 2_000
# What everything says that holds invented facts.
SAMPLE = "ข้อมูลตัวอย่าง"


class Instrument(models.TextChoices):
    """Through whom the indicator is asked."""

    IIT = "IIT", "IIT ผู้มีส่วนได้ส่วนเสียภายใน"
    EIT = "EIT", "EIT ผู้มีส่วนได้ส่วนเสียภายนอก"
    OIT = "OIT", "OIT การเปิดเผยข้อมูลสาธารณะ"


class Indicator(models.Model):
    """One of the ten indicators (ตัวชี้วัด) of the national ITA, the same for every agency."""

    number = models.PositiveSmallIntegerField("ตัวชี้วัดที่")
    name = models.CharField("ชื่อ", max_length=200, validators=[plain_text])
    instrument = models.CharField("เครื่องมือ", max_length=3, choices=Instrument)

    history = KeptHistory()

    class Meta:
        verbose_name = "ตัวชี้วัด"
        verbose_name_plural = "ตัวชี้วัด"
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"],
                name="indicator_number_unique",
                violation_error_message="มีตัวชี้วัดเลขนี้แล้ว",
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 10)),
                name="indicator_number_1_to_10",
                violation_error_message="ตัวชี้วัดมีเลข 1 ถึง 10",
            ),
            models.CheckConstraint(
                condition=Q(instrument__in=Instrument.values), name="indicator_instrument_known"
            ),
        ]

    def __str__(self) -> str:
        return f"ตัวชี้วัดที่ {self.number} {self.name}"


class Plan(models.Model):
    """An agency's measures for one fiscal year (แผน/มาตรการประจำปี)."""

    agency = models.ForeignKey(Agency, verbose_name="หน่วยงาน", on_delete=models.PROTECT, related_name="plans")
    fiscal_year = models.PositiveSmallIntegerField("ปีงบประมาณ พ.ศ.")
    closed_at = models.DateTimeField("ปิดแผนเมื่อ", null=True, blank=True)
    is_sample = models.BooleanField("เป็นข้อมูลตัวอย่าง", default=False, editable=False)
    """Its facts are invented for the demonstration: every page and file of it says so."""

    history = KeptHistory()

    class Meta:
        verbose_name = "แผนประจำปี"
        verbose_name_plural = "แผนประจำปี"
        ordering = ("agency", "-fiscal_year")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "fiscal_year"],
                name="plan_unique_in_agency_and_year",
                violation_error_message="หน่วยงานนี้มีแผนของปีนี้แล้ว",
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__range=(2500, 2700)),
                name="plan_year_is_buddhist_era",
                violation_error_message="ปีงบประมาณต้องเป็นปี พ.ศ. เช่น 2566",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name} ปีงบประมาณ พ.ศ. {self.fiscal_year}"

    @property
    def year(self) -> FiscalYear:
        return FiscalYear(self.fiscal_year)

    @property
    def sample_note(self) -> str:
        """The words by which invented facts are told from real ones; empty for a real plan."""
        return SAMPLE if self.is_sample else ""

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class MeasureQuerySet(models.QuerySet["Measure"]):
    """The questions that pages ask of measures."""

    def in_report_order(self) -> Self:
        """By indicator, then by place in it: the order of the printed report and of every list."""
        return self.order_by("indicator__number", "position", "id")

    def with_plan(self) -> Self:
        """With plan, agency, indicator, who reported, and the measure of the year before."""
        return self.select_related("plan__agency", "indicator", "reported_by", "continues__plan")

    def with_parties(self) -> Self:
        """With plan, agency, indicator and the responsible divisions in order, in two queries."""
        parties = Responsibility.objects.select_related("division")
        return self.with_plan().prefetch_related(Prefetch("responsibilities", parties))

    def with_step_counts(self) -> Self:
        """Annotates steps_total and steps_done."""
        return self.annotate(
            steps_total=Count("steps"), steps_done=Count("steps", filter=Q(steps__done_on__isnull=False))
        )

    def with_evidence(self) -> Self:
        """Annotates has_evidence."""
        return self.annotate(has_evidence=Exists(Evidence.objects.filter(measure=OuterRef("pk"))))

    def with_returns(self, divisions: Collection[Division] | None = None) -> Self:
        """Annotates is_returned: whether a comment that asks to mend the report waits for an answer.

        Args:
            divisions: only what was returned to one of them, or to all who are responsible.
        """
        waiting = Comment.objects.waiting().filter(measure=OuterRef("pk"))
        if divisions is not None:
            waiting = waiting.to_divisions(divisions)
        return self.annotate(is_returned=Exists(waiting))

    def with_parts(self) -> Self:
        """With the parts of what is reported division by division, each with ticks_done, in one query."""
        parts = Part.objects.select_related("division", "reported_by").with_ticks()
        return self.prefetch_related(Prefetch("parts", parts))

    def of_divisions(self, divisions: Collection[Division]) -> Self:
        """For which one of the divisions is responsible."""
        return self.filter(
            Exists(Responsibility.objects.filter(measure=OuterRef("pk"), division__in=divisions))
        )

    def outstanding(self) -> Self:
        """Neither done nor cancelled: somebody still has to report on it."""
        return self.exclude(status__in=FINISHED)

    def late(self, on: date) -> Self:
        """Late on a day; the same rule as measures.status.is_late, asked of the database."""
        return self.outstanding().filter(due_on__lt=on)


class Measure(models.Model):
    """A promise (มาตรการ) under one indicator: its steps, who carries it out, by when, and how far it is."""

    plan = models.ForeignKey(Plan, verbose_name="แผน", on_delete=models.PROTECT, related_name="measures")
    indicator = models.ForeignKey(
        Indicator, verbose_name="ตัวชี้วัด", on_delete=models.PROTECT, related_name="measures"
    )
    position = models.PositiveSmallIntegerField("ลำดับในตัวชี้วัด", default=1)
    title = models.CharField("ชื่อมาตรการ", max_length=500, validators=[plain_text])
    first_step = models.PositiveSmallIntegerField(
        "เลขของขั้นตอนแรก",
        default=1,
        help_text="ปกติเริ่มที่ 1 ใส่เลขอื่นเมื่อนับต่อจากมาตรการก่อนหน้า",
    )
    divisions = models.ManyToManyField(Division, through="Responsibility", related_name="measures")
    due_text = models.CharField(
        "กำหนดแล้วเสร็จ (ข้อความในรายงาน)",
        max_length=200,
        blank=True,
        validators=[plain_text],
        help_text="พิมพ์ตามเอกสาร เช่น ตลอดปีงบประมาณ พ.ศ. ๒๕๖๖",
    )
    due_on = models.DateField("วันครบกำหนด", null=True, blank=True)
    continues = models.ForeignKey(
        "self",
        verbose_name="มาตรการเดียวกันในปีก่อน",
        on_delete=models.SET_NULL,
        related_name="continued_by",
        null=True,
        blank=True,
        editable=False,
    )

    status = models.CharField("สถานะ", max_length=11, choices=Status, default=Status.NOT_STARTED)
    status_reason = models.CharField("เหตุผล", max_length=1_000, blank=True, validators=[plain_text])
    result = models.TextField(
        "ผลการดำเนินงาน", blank=True, validators=[plain_text, MaxLengthValidator(LONG_TEXT)]
    )
    obstacle = models.TextField(
        "ปัญหา/อุปสรรค และข้อเสนอแนะ", blank=True, validators=[plain_text, MaxLengthValidator(LONG_TEXT)]
    )
    reported_by = models.ForeignKey(
        User, verbose_name="ผู้รายงาน", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField("รายงานเมื่อ", null=True, blank=True)
    # Stale edits are found by these. Two counters, because a report and a change of the plan touch different
    # fields: the officer who mends a title must not cost a division the result it is typing, nor the reverse.
    version = models.PositiveIntegerField("รุ่นของรายงาน", default=1, editable=False)
    by_division = models.BooleanField(
        "รายงานแยกตามส่วนราชการ",
        default=False,
        help_text="แต่ละส่วนราชการมีสถานะ ผลการดำเนินงาน และหลักฐานของตน เจ้าหน้าที่ ITA รวมเป็นผลของมาตรการ",
    )
    joined_parts = models.JSONField(default=dict, blank=True, editable=False)
    """Of a measure reported division by division: the version of each part from which the measure's own
    report was joined, by the key of the division as text; empty before the first joining."""
    outline_version = models.PositiveIntegerField("รุ่นของแผน", default=1, editable=False)

    # Only with with_step_counts().
    steps_total: int
    steps_done: int
    # Only with with_evidence().
    has_evidence: bool
    # Only with with_returns().
    is_returned: bool

    objects = MeasureQuerySet.as_manager()
    history = KeptHistory()

    class Meta:
        verbose_name = "มาตรการ"
        verbose_name_plural = "มาตรการ"
        ordering = ("plan", "indicator__number", "position", "id")
        indexes: ClassVar = [
            # Counts by status and lists of what is late, for one plan out of tens of thousands.
            models.Index(fields=["plan", "status", "due_on"], name="measure_plan_status_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="measure_title_not_empty",
                violation_error_message="กรุณาใส่ชื่อมาตรการ",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="measure_status_known",
                violation_error_message="ไม่รู้จักสถานะนี้",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CANCELLED) | ~Q(status_reason=""),
                name="measure_cancelled_has_reason",
                violation_error_message="กรุณาระบุเหตุผลที่ยกเลิกมาตรการนี้",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="measure_position_from_1"),
            models.CheckConstraint(condition=Q(first_step__gte=1), name="measure_first_step_from_1"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_late_on(self, day: date) -> bool:
        return is_late(self.status, self.due_on, day)

    def days_left_on(self, day: date) -> int | None:
        """How many days are left until the due date, negative once it has passed; None where none counts."""
        return (self.due_on - day).days if self.due_on and self.status not in FINISHED else None

    @property
    def is_late(self) -> bool:
        """Late today, in the office's time zone."""
        return self.is_late_on(timezone.localdate())

    @property
    def parties(self) -> Sequence[Division]:
        """The responsible divisions in their order; no query after with_parties()."""
        return [responsibility.division for responsibility in self.responsibilities.all()]

    @property
    def about(self) -> "Measure":
        """The measure that a report is about, as Part.about."""
        return self

    @property
    def counted_status(self) -> str:
        """The status that counts and lists go by."""
        return self.status

    @property
    def assigned_parts(self) -> Sequence["Part"]:
        """The parts of the responsible divisions in their order, where it is reported division by division.

        No query after with_parties() and with_parts().
        """
        if not self.by_division:
            return []
        parts = {part.division_id: part for part in self.parts.all()}
        return [parts[division.pk] for division in self.parties if division.pk in parts]

    def part_of(self, division: Division) -> "Part | None":
        """The part of a responsible division; None where it has none or the measure is reported together."""
        return next((part for part in self.assigned_parts if part.division_id == division.pk), None)

    @property
    def reports(self) -> "Sequence[Report]":
        """What its divisions report of it: their parts, or the measure itself where they do it together."""
        return self.assigned_parts or [self]

    def reports_of(self, divisions: Collection[Division]) -> "Sequence[Report]":
        """What some of its divisions report of it."""
        if not self.by_division:
            return [self]
        own = {division.pk for division in divisions}
        return [part for part in self.assigned_parts if part.division_id in own]


class Responsibility(models.Model):
    """That a division carries out a measure, and its place in the order in which the report names them."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="responsibilities")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="responsibilities")
    position = models.PositiveSmallIntegerField(default=1)

    history = KeptHistory()

    class Meta:
        verbose_name = "ผู้รับผิดชอบ"
        verbose_name_plural = "ผู้รับผิดชอบ"
        ordering = ("position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "division"],
                name="responsibility_once_per_division",
                violation_error_message="เลือกส่วนราชการนี้ซ้ำ",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="responsibility_position_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.division.name}"


class PartQuerySet(models.QuerySet["Part"]):
    """The questions that pages ask of parts."""

    def with_ticks(self) -> Self:
        """Annotates ticks_done."""
        return self.annotate(ticks_done=Count("ticks"))


class Part(models.Model):
    """What one division reports of a measure that is reported division by division (ส่วนของส่วนราชการ).

    The measure's own status and result stay the officer's and are what is printed. A part is never discarded:
    it stays when its division is no longer responsible, and when the measure is reported together again.
    """

    measure = models.ForeignKey(
        Measure, verbose_name="มาตรการ", on_delete=models.CASCADE, related_name="parts"
    )
    division = models.ForeignKey(
        Division, verbose_name="ส่วนราชการ", on_delete=models.PROTECT, related_name="parts"
    )
    status = models.CharField("สถานะ", max_length=11, choices=Status, default=Status.NOT_STARTED)
    status_reason = models.CharField("เหตุผล", max_length=1_000, blank=True, validators=[plain_text])
    result = models.TextField(
        "ผลการดำเนินงาน", blank=True, validators=[plain_text, MaxLengthValidator(LONG_TEXT)]
    )
    obstacle = models.TextField(
        "ปัญหา/อุปสรรค และข้อเสนอแนะ", blank=True, validators=[plain_text, MaxLengthValidator(LONG_TEXT)]
    )
    reported_by = models.ForeignKey(
        User, verbose_name="ผู้รายงาน", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField("รายงานเมื่อ", null=True, blank=True)
    version = models.PositiveIntegerField("รุ่นของรายงาน", default=1, editable=False)

    # Only with with_ticks().
    ticks_done: int

    objects = PartQuerySet.as_manager()
    history = KeptHistory()

    class Meta:
        verbose_name = "ส่วนของส่วนราชการ"
        verbose_name_plural = "ส่วนของส่วนราชการ"
        ordering = ("measure", "division__position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["measure", "division"],
                name="part_once_per_division",
                violation_error_message="ส่วนราชการนี้มีส่วนในมาตรการนี้แล้ว",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="part_status_known",
                violation_error_message="ไม่รู้จักสถานะนี้",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CANCELLED) | ~Q(status_reason=""),
                name="part_cancelled_has_reason",
                violation_error_message="กรุณาระบุเหตุผลที่ยกเลิกส่วนนี้",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division}: {self.measure}"

    @property
    def steps_done(self) -> int:
        """How many steps the division has ticked, as a measure says it of all; only with with_ticks()."""
        return self.ticks_done

    @property
    def about(self) -> Measure:
        """The measure that it is a part of."""
        return self.measure

    @property
    def counted_status(self) -> str:
        """The status that counts and lists go by: of a cancelled measure nobody waits for a part."""
        return Status.CANCELLED if self.measure.status == Status.CANCELLED else self.status

    @property
    def due_on(self) -> date | None:
        return self.measure.due_on

    def is_late_on(self, day: date) -> bool:
        return is_late(self.counted_status, self.due_on, day)

    def days_left_on(self, day: date) -> int | None:
        """As Measure.days_left_on, by its own status."""
        open_until = None if self.counted_status in FINISHED else self.due_on
        return (open_until - day).days if open_until else None

    @property
    def is_late(self) -> bool:
        """Late today, in the office's time zone."""
        return self.is_late_on(timezone.localdate())

    @property
    def changed_since_joined(self) -> bool:
        """Whether the measure's own report says nothing of how this part stands now."""
        return bool(self.version != self.measure.joined_parts.get(str(self.division_id), 1))


# What a person reports on: a measure as a whole, or one division's part of it.
Report: TypeAlias = Measure | Part


class Step(models.Model):
    """A numbered step (ขั้นตอน) of a measure, at most two levels deep: ๑. and ๑.๑.

    The printed number follows from the place and is not stored. An empty done_on means "not reported",
    which is not the same as "not done".
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="steps")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, related_name="children", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField("ลำดับ", default=1)
    text = models.TextField("ขั้นตอน", validators=[plain_text, MaxLengthValidator(STEP_TEXT)])
    done_on = models.DateField("เสร็จเมื่อ", null=True, blank=True)

    history = KeptHistory()

    class Meta:
        verbose_name = "ขั้นตอน"
        verbose_name_plural = "ขั้นตอน"
        ordering = ("measure", "position", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="step_text_not_empty",
                violation_error_message="กรุณาใส่ข้อความของขั้นตอน",
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="step_position_from_1"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="step_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Two levels and no more, both in one measure."""
        super().clean()
        if self.parent is not None:
            if self.parent.parent_id is not None:
                raise ValidationError({"parent": "ขั้นตอนมีได้ไม่เกินสองระดับ"})
            if self.parent.measure_id != self.measure_id:
                raise ValidationError({"parent": "ขั้นตอนหลักต้องอยู่ในมาตรการเดียวกัน"})


class PartTick(models.Model):
    """That a division has done a step in its part, and when; the step is done when every part ticked it."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="ticks")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="ticks")
    done_on = models.DateField("เสร็จเมื่อ")

    history = KeptHistory()

    class Meta:
        verbose_name = "ขั้นตอนที่ส่วนราชการทำแล้ว"
        verbose_name_plural = "ขั้นตอนที่ส่วนราชการทำแล้ว"
        ordering = ("part", "step__position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["part", "step"],
                name="part_tick_once_per_step",
                violation_error_message="ขั้นตอนนี้ทำเครื่องหมายแล้ว",
            ),
        ]

    def __str__(self) -> str:
        return str(self.step)


def with_small_scheme(address: str) -> str:
    """A web address whose beginning is in small letters: HTTPS://A.go.th/B → https://A.go.th/B."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme.lower()}{mark}{rest}" if mark else address


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """The questions that pages and reports ask of evidence."""

    def within(self, first: date, last: date) -> Self:
        """Evidence of what happened in a period, both days included: what a round may refer to."""
        return self.filter(effective_on__range=(first, last))

    def with_hiding(self) -> Self:
        """Annotates is_hidden: whether it was hidden from the public and not shown again since."""
        last = EvidenceHiding.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
        return self.annotate(is_hidden=Coalesce(Subquery(last.values("hidden")[:1]), Value(False)))


class Evidence(models.Model):
    """What proves a measure (หลักฐาน): a web address or a file, with the day that it is evidence of.

    That day is not the day of entry: what a division enters in October may prove what it did in March, and
    it belongs to the report of the round in which March lies.
    """

    measure = models.ForeignKey(
        Measure, verbose_name="มาตรการ", on_delete=models.CASCADE, related_name="evidence"
    )
    step = models.ForeignKey(
        Step,
        verbose_name="ขั้นตอน",
        on_delete=models.SET_NULL,
        related_name="evidence",
        null=True,
        blank=True,
    )
    part = models.ForeignKey(
        Part,
        verbose_name="ส่วนของส่วนราชการ",
        on_delete=models.SET_NULL,
        related_name="evidence",
        null=True,
        blank=True,
    )
    title = models.CharField("ชื่อหลักฐาน", max_length=300, validators=[plain_text])
    address = models.URLField(
        "ที่อยู่เว็บ", max_length=1_000, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    # Under a name that the system made, below MEDIA_ROOT, which no address leads to.
    file = models.FileField("ไฟล์", max_length=100, blank=True)
    file_name = models.CharField("ชื่อไฟล์", max_length=200, blank=True, validators=[plain_text])
    content_type = models.CharField("ชนิดไฟล์", max_length=100, blank=True)
    size = models.PositiveIntegerField("ขนาด (ไบต์)", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    # Nothing is public before a person has said so, with personal data in mind (PDPA).
    public = models.BooleanField("เผยแพร่ต่อสาธารณะ", default=False)
    in_edition = models.BooleanField("อยู่ในรายงานที่อนุมัติแล้ว", default=False, editable=False)
    effective_on = models.DateField("วันที่ของหลักฐาน")
    added_by = models.ForeignKey(
        User, verbose_name="ผู้เพิ่ม", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField("เพิ่มเมื่อ", auto_now_add=True)

    # Only with with_hiding().
    is_hidden: bool
    # When the next line of its history says that it happened.
    _history_date: datetime

    objects = EvidenceQuerySet.as_manager()
    history = KeptHistory()

    class Meta:
        verbose_name = "หลักฐาน"
        verbose_name_plural = "หลักฐาน"
        ordering = ("effective_on", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="evidence_title_not_empty",
                violation_error_message="กรุณาใส่ชื่อหลักฐาน",
            ),
            models.CheckConstraint(
                condition=Q(address="")
                | Q(address__startswith="http://")
                | Q(address__startswith="https://"),
                name="evidence_address_is_web",
                violation_error_message="ที่อยู่ต้องขึ้นต้นด้วย https:// หรือ http://",
            ),
            models.CheckConstraint(
                condition=Q(address="", file__gt="") | Q(address__gt="", file=""),
                name="evidence_address_or_file",
                violation_error_message="หลักฐานต้องมีไฟล์หรือที่อยู่เว็บ อย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                condition=Q(file="", file_name="", content_type="", size=0, sha256="")
                | Q(
                    file__gt="",
                    file_name__gt="",
                    content_type__in=CONTENT_TYPES,
                    size__gt=0,
                    sha256__gt="",
                ),
                name="evidence_file_is_described",
                violation_error_message="ไฟล์ต้องมีชื่อ ชนิด ขนาด และค่าตรวจสอบ (SHA-256)",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A step only of the same measure; HTTPS:// is as good as https://."""
        super().clean()
        self.address = with_small_scheme(self.address)
        if self.step is not None and self.step.measure_id != self.measure_id:
            raise ValidationError({"step": "ขั้นตอนต้องอยู่ในมาตรการเดียวกัน"})
        if self.part is not None and self.part.measure_id != self.measure_id:
            raise ValidationError({"part": "ส่วนของส่วนราชการต้องอยู่ในมาตรการเดียวกัน"})

    @property
    def kind(self) -> Kind | None:
        """What its file is; None for an address."""
        return BY_TYPE.get(self.content_type)

    @property
    def is_picture(self) -> bool:
        return self.kind in PICTURE_KINDS

    @property
    def size_text(self) -> str:
        """Its file's size as people read it."""
        return size_text(self.size)


class EvidenceHiding(models.Model):
    """That somebody hid evidence that a report refers to from the public, or showed it again, and why.

    A log: the database refuses to change or delete a line (migration 0007), and whoever did it is therefore
    named in words. The last line of a piece of evidence says what holds.
    """

    evidence = models.ForeignKey(
        Evidence, verbose_name="หลักฐาน", on_delete=models.CASCADE, related_name="hidings"
    )
    hidden = models.BooleanField("ซ่อน")
    reason = models.CharField("เหตุผล", max_length=1_000, validators=[plain_text])
    done_by = models.CharField("โดย", max_length=150)
    done_at = models.DateTimeField("เมื่อ")

    class Meta:
        verbose_name = "การซ่อนหลักฐานจากสาธารณะ"
        verbose_name_plural = "การซ่อนหลักฐานจากสาธารณะ"
        ordering = ("evidence", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="evidence_hiding_has_reason",
                violation_error_message="กรุณาใส่เหตุผล",
            ),
        ]

    def __str__(self) -> str:
        return f"{'ซ่อน' if self.hidden else 'เลิกซ่อน'} {self.evidence}"


class CommentQuerySet(models.QuerySet["Comment"]):
    """The questions that pages ask of comments."""

    def waiting(self) -> Self:
        """Those that ask to mend a report and were not answered."""
        return self.filter(returns=True, answered_at__isnull=True)

    def to_divisions(self, divisions: Collection[Division]) -> Self:
        """Of those that return something: to one of the divisions, or to all who are responsible."""
        return self.filter(Q(division__isnull=True) | Q(division__in=divisions))


class Comment(models.Model):
    """What somebody writes about a measure, or about one division's part of it, to the others of the office.

    A returning comment asks the division to mend its report and waits until it is answered.
    """

    measure = models.ForeignKey(
        Measure, verbose_name="มาตรการ", on_delete=models.CASCADE, related_name="comments"
    )
    division = models.ForeignKey(
        Division, on_delete=models.SET_NULL, related_name="comments", null=True, blank=True
    )
    """To whom it is returned, or about whose part it is; empty where it is about the measure as a whole."""
    text = models.TextField("ความเห็น", validators=[plain_text, MaxLengthValidator(STEP_TEXT)])
    returns = models.BooleanField("ส่งกลับให้แก้ไข", default=False)
    answered_at = models.DateTimeField("ตอบเมื่อ", null=True, blank=True)
    """When a returning comment was answered, and by whom."""
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, related_name="+", null=True)
    written_at = models.DateTimeField("เขียนเมื่อ")
    mentioned = models.ManyToManyField(User, related_name="mentioned_in", blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "ความเห็น"
        verbose_name_plural = "ความเห็น"
        ordering = ("written_at", "id")
        indexes: ClassVar = [
            models.Index(
                fields=["measure"],
                condition=Q(returns=True, answered_at__isnull=True),
                name="comment_waiting_for_answer",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="comment_text_not_empty",
                violation_error_message="กรุณากรอกความเห็น",
            ),
            models.CheckConstraint(
                condition=Q(returns=True) | Q(answered_at__isnull=True), name="comment_answered_was_returning"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def waits(self) -> bool:
        """Whether it asks to mend a report and was not answered."""
        return self.returns and self.answered_at is None


class PlanImport(models.Model):
    """A file or a pasted text from which a plan is taken in, kept as it came, and what was mended of it."""

    plan = models.ForeignKey(Plan, verbose_name="แผน", on_delete=models.CASCADE, related_name="imports")
    name = models.CharField("ชื่อไฟล์", max_length=255, blank=True)
    """Empty for pasted text."""
    content = models.BinaryField("ต้นฉบับ")
    sha256 = models.CharField("sha256", max_length=64)
    mapping = models.JSONField("ความหมายของคอลัมน์", default=dict, blank=True)
    edits = models.JSONField("มาตรการที่แก้ไข", default=dict, blank=True)
    """By ImportedMeasure.key."""
    choices = models.JSONField("สิ่งที่เลือกเมื่อนำเข้า", default=dict, blank=True)
    """What the officer has said about its reading, as plan_import.model.Choices keeps it."""
    made_by = models.ForeignKey(
        User, verbose_name="ผู้นำเข้า", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField("นำเข้าเมื่อ")
    applied_by = models.ForeignKey(
        User, verbose_name="ผู้ใช้กับแผน", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField("ใช้กับแผนเมื่อ", null=True, blank=True)
    changes = models.JSONField("สิ่งที่เปลี่ยนในแผน", default=dict, blank=True, editable=False)
    """What applying it has changed, by which it can be put back; empty before, and once it was put back."""
    undone_by = models.ForeignKey(
        User, verbose_name="ผู้ย้อนการนำเข้า", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("ย้อนการนำเข้าเมื่อ", null=True, blank=True)

    class Meta:
        verbose_name = "การนำเข้าแผน"
        verbose_name_plural = "การนำเข้าแผน"
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return self.name or "ข้อความที่วาง"


class LearnedWord(models.Model):
    """What an agency has once said that a heading or a name in its plans means, for its next import."""

    TEXT_LENGTH: ClassVar = 200
    COLUMN: ClassVar = "column"
    INDICATOR: ClassVar = "indicator"
    DIVISION: ClassVar = "division"
    KINDS: ClassVar = ((COLUMN, "หัวคอลัมน์"), (INDICATOR, "หัวข้อตัวชี้วัด"), (DIVISION, "ชื่อส่วนราชการ"))

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="learned_words")
    kind = models.CharField(max_length=9, choices=KINDS)
    letters = models.CharField(max_length=TEXT_LENGTH)
    """The text as it is compared."""
    text = models.CharField("ข้อความในเอกสาร", max_length=TEXT_LENGTH)
    meaning = models.CharField(max_length=20, blank=True)
    """Of a column a value of plan_import.model.Field, of an indicator its number."""
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = "คำที่จำไว้"
        verbose_name_plural = "คำที่จำไว้"
        ordering = ("kind", "text", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "kind", "letters"],
                name="learned_word_once_an_agency",
                violation_error_message="หน่วยงานจำคำนี้ไว้แล้ว",
            ),
            models.CheckConstraint(
                condition=Q(kind="division", division__isnull=False, meaning="")
                | (Q(kind__in=["column", "indicator"], division__isnull=True) & ~Q(meaning="")),
                name="learned_word_means_one_thing",
                violation_error_message="คำที่จำไว้ต้องมีความหมายเดียว",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class SavedFilter(models.Model):
    """Filters of the plan list that a person keeps under a name, for the plans of one agency of any year."""

    MAX: ClassVar = 12
    """How many a person may keep for an agency: more would no longer fit above the list."""
    NAME_LENGTH: ClassVar = 40
    TEXT_LENGTH: ClassVar = 100

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("ชื่อตัวกรอง", max_length=NAME_LENGTH, validators=[plain_text])
    status = models.CharField(max_length=11, blank=True)
    """A status, or what follows from one: late, outstanding."""
    indicator = models.PositiveSmallIntegerField(null=True, blank=True)
    # With its division goes the filter: without it, it would show all of them.
    division = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    text = models.CharField(max_length=TEXT_LENGTH, blank=True, validators=[plain_text])

    class Meta:
        verbose_name = "ตัวกรองที่บันทึกไว้"
        verbose_name_plural = "ตัวกรองที่บันทึกไว้"
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "agency", "name"],
                name="saved_filter_name_once_a_person",
                violation_error_message="คุณมีตัวกรองชื่อนี้แล้ว กรุณาตั้งชื่ออื่น",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_filter_name_not_empty",
                violation_error_message="กรุณากรอกชื่อตัวกรอง",
            ),
            models.CheckConstraint(
                condition=~Q(status="", indicator__isnull=True, division__isnull=True, text=""),
                name="saved_filter_filters",
                violation_error_message="กรุณาเลือกตัวกรองก่อน แล้วจึงบันทึก",
            ),
        ]

    def __str__(self) -> str:
        return self.name
