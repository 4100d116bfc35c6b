"""Rounds of reporting. The frozen edition of a round belongs here too, once rounds can be approved."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from measures.models import Plan
from measures.thai import RoundMonths


class Round(models.Model):
    """A reporting round (รอบการรายงาน) of a plan: its first six months, or the whole fiscal year.

    Its dates follow from the fiscal year and are not stored.
    """

    class Months(models.IntegerChoices):
        SIX = 6, "รอบ 6 เดือน"
        TWELVE = 12, "รอบ 12 เดือน"

    class State(models.TextChoices):
        OPEN = "open", "เปิดรับรายงาน"
        SUBMITTED = "submitted", "ส่งให้ผู้บริหารแล้ว"
        APPROVED = "approved", "อนุมัติแล้ว"

    plan = models.ForeignKey(Plan, verbose_name="แผน", on_delete=models.CASCADE, related_name="rounds")
    months = models.PositiveSmallIntegerField("รอบ", choices=Months)
    state = models.CharField("สถานะของรอบ", max_length=9, choices=State, default=State.OPEN)

    history = HistoricalRecords()

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
            models.CheckConstraint(condition=Q(months__in=[6, 12]), name="round_months_6_or_12"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted", "approved"]), name="round_state_known"
            ),
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
