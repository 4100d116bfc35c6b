"""Agencies, their divisions, and the people who work in them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from core.text import initials, plain_text


class Agency(models.Model):
    """A public agency (หน่วยงาน) that is assessed, for example a subdistrict administrative organisation."""

    name = models.CharField("ชื่อหน่วยงาน", max_length=200, validators=[plain_text])
    short_name = models.CharField("ชื่อย่อ", max_length=60, validators=[plain_text])
    slug = models.SlugField("ชื่อในที่อยู่เว็บ", max_length=60)
    province = models.CharField("จังหวัด", max_length=60, blank=True, validators=[plain_text])
    thai_digits = models.BooleanField("ใช้เลขไทยบนหน้าจอ", default=False, help_text="รายงานที่พิมพ์ใช้เลขไทยเสมอ")
    demands_evidence = models.BooleanField(
        "มาตรการที่เสร็จแล้วต้องมีหลักฐาน",
        default=False,
        help_text="ส่งรายงานไม่ได้จนกว่ามาตรการที่ดำเนินการแล้วเสร็จทุกข้อมีหลักฐานอย่างน้อยหนึ่งรายการ",
    )
    allows_own_approval = models.BooleanField(
        "ผู้ส่งรายงานอนุมัติรายงานที่ตนส่งได้",
        default=False,
        help_text="ปกติผู้ส่งกับผู้อนุมัติต้องเป็นคนละคน",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "หน่วยงาน"
        verbose_name_plural = "หน่วยงาน"
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slug"], name="agency_slug_unique", violation_error_message="ชื่อในที่อยู่เว็บนี้มีแล้ว"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="agency_name_not_empty"),
            models.CheckConstraint(condition=~Q(slug=""), name="agency_slug_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters in the place of a seal."""
        return initials(self.short_name)


class Division(models.Model):
    """Who is responsible for a measure (ส่วนราชการ): a division of an agency, or a named post in it."""

    agency = models.ForeignKey(
        Agency, verbose_name="หน่วยงาน", on_delete=models.CASCADE, related_name="divisions"
    )
    name = models.CharField("ชื่อส่วนราชการ", max_length=200, validators=[plain_text])
    position = models.PositiveSmallIntegerField("ลำดับ", default=1)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "ส่วนราชการ"
        verbose_name_plural = "ส่วนราชการ"
        ordering = ("agency", "position", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="division_name_unique_in_agency",
                violation_error_message="หน่วยงานนี้มีส่วนราชการชื่อนี้แล้ว",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="division_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a person comes here to do; who may do what follows from it, in each app's access module."""

    STAFF = "staff", "เจ้าหน้าที่ของส่วนราชการ"
    OFFICER = "officer", "เจ้าหน้าที่ผู้รับผิดชอบ ITA"
    EXECUTIVE = "executive", "ผู้บริหาร"
    OVERSEER = "overseer", "ผู้กำกับดูแล"
    ADMIN = "admin", "ผู้ดูแลระบบ"


class UserManager(DjangoUserManager["User"]):
    """Reads a person with the agency and division that every page's bar shows: one query, not three."""

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("agency", "division")


class User(AbstractUser):
    """A person with an account. Staff belong to a division, officers and executives to an agency."""

    # One name, as it stands on a Thai form; the family-name-last split of Django does not fit it.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("ชื่อ-นามสกุล", max_length=150, blank=True, validators=[plain_text])
    post = models.CharField("ตำแหน่ง", max_length=150, blank=True, validators=[plain_text])
    role = models.CharField("บทบาท", max_length=10, choices=Role, default=Role.ADMIN)
    agency = models.ForeignKey(
        Agency,
        verbose_name="หน่วยงาน",
        on_delete=models.PROTECT,
        related_name="users",
        null=True,
        blank=True,
    )
    division = models.ForeignKey(
        Division,
        verbose_name="ส่วนราชการ",
        on_delete=models.PROTECT,
        related_name="users",
        null=True,
        blank=True,
    )

    objects: ClassVar[UserManager] = UserManager()
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = "ผู้ใช้"
        verbose_name_plural = "ผู้ใช้"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=(
                    Q(role__in=[Role.STAFF, Role.OFFICER, Role.EXECUTIVE], agency__isnull=False)
                    | Q(role__in=[Role.OVERSEER, Role.ADMIN], agency__isnull=True)
                ),
                name="user_agency_fits_role",
                violation_error_message="เจ้าหน้าที่และผู้บริหารต้องมีหน่วยงาน ผู้กำกับดูแลและผู้ดูแลระบบต้องไม่มี",
            ),
            models.CheckConstraint(
                condition=(
                    Q(role=Role.STAFF, division__isnull=False)
                    | (~Q(role=Role.STAFF) & Q(division__isnull=True))
                ),
                name="user_division_fits_role",
                violation_error_message="เจ้าหน้าที่ของส่วนราชการต้องมีส่วนราชการ บทบาทอื่นต้องไม่มี",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the person. A sign-in stores its hour alone, which is no change that the history tells."""
        if kwargs.get("update_fields") == ["last_login"]:
            self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            vars(self).pop("skip_history_when_saving", None)

    def clean(self) -> None:
        """A division belongs to the person's own agency: no database constraint can look that far."""
        super().clean()
        if self.division is not None and self.division.agency_id != self.agency_id:
            raise ValidationError({"division": "ส่วนราชการนี้ไม่ได้อยู่ในหน่วยงานของผู้ใช้"})

    def get_full_name(self) -> str:
        """The name on screen: the person's own, else the sign-in name."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def works_in(self) -> str:
        """The division or agency shown beside the name; empty for those above all agencies."""
        place: Division | Agency | None = self.division or self.agency
        return place.name if place else ""
