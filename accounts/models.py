"""Agencies, their divisions, and the people who work in them."""

import math
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import cached_property
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.base_session import BaseSessionManager as DjangoSessionManager
from django.core.validators import MaxValueValidator, URLValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core.file_kinds import size_text
from core.history import KeptHistory
from core.prepared import Given, PreparedQuestion
from core.text import initials, plain_text

# The longest time before a round's end by which an agency may ask its divisions to have reported.
MAX_DAYS_BEFORE: Final = 60


class AgencyKind(models.TextChoices):
    """What an agency is; by it typical divisions are offered, and the overseer's list can be filtered."""

    SUBDISTRICT = "subdistrict", "องค์การบริหารส่วนตำบล"
    SUBDISTRICT_MUNICIPALITY = "subdistrict_municipality", "เทศบาลตำบล"
    TOWN_MUNICIPALITY = "town_municipality", "เทศบาลเมือง"
    CITY_MUNICIPALITY = "city_municipality", "เทศบาลนคร"
    PROVINCIAL = "provincial", "องค์การบริหารส่วนจังหวัด"
    CENTRAL = "central", "กรม กระทรวง หรือหน่วยงานส่วนกลาง"
    OTHER = "other", "หน่วยงานอื่น"


class ReportTextSize(models.IntegerChoices):
    """How large the text of a printed report is, in points of TH Sarabun New."""

    SMALL = 14, "14 พอยต์ (ประหยัดกระดาษ)"
    LARGE = 16, "16 พอยต์ (เท่าหนังสือราชการ)"


class Agency(models.Model):
    """A public agency (หน่วยงาน) that is assessed, for example a subdistrict administrative organisation."""

    name = models.CharField("ชื่อหน่วยงาน", max_length=200, validators=[plain_text])
    short_name = models.CharField("ชื่อย่อ", max_length=60, validators=[plain_text])
    slug = models.SlugField("ชื่อในที่อยู่เว็บ", max_length=60)
    kind = models.CharField("ประเภทหน่วยงาน", max_length=24, choices=AgencyKind, blank=True)
    province = models.CharField("จังหวัด", max_length=60, blank=True, validators=[plain_text])
    district = models.CharField("อำเภอ", max_length=60, blank=True, validators=[plain_text])
    address = models.CharField("ที่อยู่", max_length=500, blank=True, validators=[plain_text])
    website = models.URLField(
        "เว็บไซต์", max_length=200, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    # Below MEDIA_ROOT, under a name that the system made; handed out by a view.
    seal = models.FileField("ตราหน่วยงาน", max_length=100, blank=True)
    reporter_name = models.CharField("ผู้รายงาน", max_length=150, blank=True, validators=[plain_text])
    reporter_post = models.CharField("ตำแหน่งผู้รายงาน", max_length=150, blank=True, validators=[plain_text])
    approver_name = models.CharField("ผู้อนุมัติ", max_length=150, blank=True, validators=[plain_text])
    approver_post = models.CharField("ตำแหน่งผู้อนุมัติ", max_length=150, blank=True, validators=[plain_text])
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
    publishes_obstacles = models.BooleanField(
        "เผยแพร่ปัญหา/อุปสรรคในรายงานสาธารณะ",
        default=True,
        help_text="มีผลกับฉบับที่อนุมัติหลังจากนี้ ฉบับที่อนุมัติแล้วไม่เปลี่ยน",
    )
    days_before_round_end = models.PositiveSmallIntegerField(
        "กำหนดส่งภายในก่อนสิ้นรอบ (วัน)",
        default=0,
        validators=[MaxValueValidator(MAX_DAYS_BEFORE)],
        help_text="ส่วนราชการต้องรายงานให้ครบก่อนสิ้นรอบกี่วัน 0 คือวันสิ้นรอบ",
    )
    report_text_size = models.PositiveSmallIntegerField(
        "ขนาดตัวอักษรของรายงาน",
        default=ReportTextSize.LARGE,
        choices=ReportTextSize,
        help_text="มีผลกับ PDF และ Word ของร่างและฉบับที่อนุมัติหลังจากนี้ ฉบับที่อนุมัติแล้วไม่เปลี่ยน",
    )
    demands_second_factor = models.BooleanField(
        "เจ้าหน้าที่ ITA และผู้บริหารต้องยืนยันตัวตนสองชั้น",
        default=False,
        help_text="ผู้ที่ยังไม่ได้ตั้งค่าจะถูกพาไปตั้งค่าเมื่อลงชื่อเข้าใช้ครั้งถัดไป",
    )
    line_group = models.CharField("รหัสกลุ่ม LINE", max_length=64, blank=True, validators=[plain_text])
    """Where reminders also go, if the site has a LINE token."""

    history = KeptHistory()

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
            models.CheckConstraint(condition=Q(kind__in=["", *AgencyKind.values]), name="agency_kind_known"),
            models.CheckConstraint(
                condition=Q(report_text_size__in=ReportTextSize.values), name="agency_report_text_size_known"
            ),
            models.CheckConstraint(
                condition=Q(days_before_round_end__lte=MAX_DAYS_BEFORE),
                name="agency_days_before_round_end_at_most_60",
                violation_error_message=f"กำหนดภายในอยู่ก่อนสิ้นรอบได้ไม่เกิน {MAX_DAYS_BEFORE} วัน",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters in the place of a seal."""
        return initials(self.short_name)

    @property
    def seal_hash(self) -> str:
        """By which the seal is asked for; empty without one."""
        return PurePosixPath(self.seal.name).stem if self.seal.name else ""


class Division(models.Model):
    """Who is responsible for a measure (ส่วนราชการ): a division of an agency, or a named post in it."""

    agency = models.ForeignKey(
        Agency, verbose_name="หน่วยงาน", on_delete=models.CASCADE, related_name="divisions"
    )
    name = models.CharField("ชื่อส่วนราชการ", max_length=200, validators=[plain_text])
    position = models.PositiveSmallIntegerField("ลำดับ", default=1)

    history = KeptHistory()

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


# A person may have several roles. Each is a column, so that the database can hold the rules between them.
ROLE_FIELDS: Final = {
    Role.STAFF: "is_division_staff",
    Role.OFFICER: "is_officer",
    Role.EXECUTIVE: "is_executive",
    Role.OVERSEER: "is_overseer",
    Role.ADMIN: "is_administrator",
}
OFFICE_ROLES: Final = (Role.STAFF, Role.OFFICER, Role.EXECUTIVE)
"""The roles that belong to an agency."""

# A person of several roles comes to the first screen of the first of these.
MAIN_ROLES: Final = (Role.OFFICER, Role.STAFF, Role.EXECUTIVE, Role.OVERSEER, Role.ADMIN)

_HAS_OFFICE_ROLE = Q(is_division_staff=True) | Q(is_officer=True) | Q(is_executive=True)


class UserQuerySet(models.QuerySet["User"]):
    """The questions that pages ask of people."""

    def with_role(self, *roles: Role) -> Self:
        """Those who have one of the roles, and whose account is in use."""
        wanted = Q()
        for role in roles:
            wanted |= Q(**{ROLE_FIELDS[role]: True})
        return self.filter(wanted, is_active=True)

    def executives(self) -> Self:
        """Those in use who approve as executives: whom an officer has proposed only is none yet."""
        return self.with_role(Role.EXECUTIVE).filter(awaits_confirmation=False)

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Sequence[str] = (), no_key: bool = False
    ) -> Self:
        """Locks the person alone: PostgreSQL locks no agency that is read along and may be none."""
        return super().select_for_update(nowait, skip_locked, of or ("self",), no_key)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    """Reads a person with what every page asks in one query: the agency in its bar, whether they act as
    approver today.
    """

    def get_queryset(self) -> UserQuerySet:
        return self.on_day(timezone.localdate())

    def on_day(self, day: "date | Given") -> UserQuerySet:
        """People as they are on a day."""
        people: UserQuerySet = super().get_queryset().select_related("agency")
        acting = ActingApprover.objects.in_force(day).filter(person=OuterRef("pk"))
        return people.annotate(acts_as_approver=Exists(acting))  # type: ignore[no-redef]  # what it caches

    def get(self, *args: Any, **wanted: Any) -> Any:
        """As Django's; by the key alone, as every request asks it, the question is prepared."""
        key = wanted.get("pk")
        # A manager of related people is of another class, and leaves out all others.
        if type(self) is not UserManager or self._db or args or len(wanted) > 1 or type(key) is not int:
            return super().get(*args, **wanted)
        for person in PERSON.ask(pk=key, day=timezone.localdate()):
            return person
        raise self.model.DoesNotExist(f"no person {key}")

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Who looks after the site: `manage.py createsuperuser`."""
        fields.setdefault("is_administrator", True)
        return super().create_superuser(username, email, password, **fields)  # type: ignore[no-any-return]


class User(AbstractUser):
    """A person with an account: in an agency as division staff, officer or executive, or above all agencies.

    Never deleted, only taken out of use (is_active), because the history names people.
    """

    # One name, as it stands on a Thai form; the family-name-last split of Django does not fit it.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("ชื่อ-นามสกุล", max_length=150, blank=True, validators=[plain_text])
    post = models.CharField("ตำแหน่ง", max_length=150, blank=True, validators=[plain_text])
    is_division_staff = models.BooleanField(Role.STAFF.label, default=False)
    is_officer = models.BooleanField(Role.OFFICER.label, default=False)
    is_executive = models.BooleanField(Role.EXECUTIVE.label, default=False)
    is_overseer = models.BooleanField(Role.OVERSEER.label, default=False)
    is_administrator = models.BooleanField(Role.ADMIN.label, default=False)
    agency = models.ForeignKey(
        Agency,
        verbose_name="หน่วยงาน",
        on_delete=models.PROTECT,
        related_name="users",
        null=True,
        blank=True,
    )
    divisions = models.ManyToManyField(
        Division,
        verbose_name="ส่วนราชการ",
        related_name="users",
        blank=True,
        help_text="เฉพาะเจ้าหน้าที่ของส่วนราชการ",
    )
    awaits_confirmation = models.BooleanField("รอการยืนยันให้เป็นผู้บริหาร", default=False, editable=False)
    """An officer gave the role of executive: until another executive or the administrator confirms it, the
    person approves nothing.
    """
    oversees_everywhere = models.BooleanField(
        "กำกับดูแลทุกหน่วยงาน", default=True, help_text="เฉพาะผู้กำกับดูแล หากไม่เลือก จะเห็นเฉพาะจังหวัดและหน่วยงานที่ระบุ"
    )
    overseen_provinces = models.JSONField("จังหวัดที่กำกับดูแล", default=list, blank=True)
    """Names of provinces as agencies have them."""
    overseen_agencies = models.ManyToManyField(
        Agency, verbose_name="หน่วยงานที่กำกับดูแล", related_name="overseers", blank=True
    )
    sees_private_evidence = models.BooleanField(
        "ผู้กำกับดูแลเปิดหลักฐานที่ไม่เผยแพร่ได้", default=False, help_text="ให้เท่าที่จำเป็นต่อการตรวจ"
    )
    must_change_password = models.BooleanField("ต้องตั้งรหัสผ่านใหม่", default=False, editable=False)
    """Set with a password that somebody else has handed over."""
    wants_reminders = models.BooleanField("รับการเตือนทางอีเมล", default=True)
    calendar_key = models.CharField(max_length=43, blank=True, editable=False)
    """The secret part of the address of one's calendar; empty while there is none."""
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    """How often the person has signed out everywhere: sessions from before the last time are over."""
    has_news = models.BooleanField(default=False, editable=False)
    """Whether an event of accounts waits for the person to have read it (AccountEvent.waits_for)."""

    objects: ClassVar[UserManager] = UserManager()
    history = KeptHistory(
        excluded_fields=["password", "last_login", "calendar_key", "sessions_ended", "has_news"],
        m2m_fields=["divisions", "overseen_agencies"],
    )

    class Meta:
        verbose_name = "ผู้ใช้"
        verbose_name_plural = "ผู้ใช้"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_HAS_OFFICE_ROLE | Q(is_overseer=True) | Q(is_administrator=True),
                name="user_has_a_role",
                violation_error_message="กรุณาเลือกบทบาทอย่างน้อยหนึ่งอย่าง",
            ),
            models.CheckConstraint(
                condition=(Q(agency__isnull=False) & _HAS_OFFICE_ROLE & Q(is_overseer=False))
                | (Q(agency__isnull=True) & Q(is_division_staff=False, is_officer=False, is_executive=False)),
                name="user_agency_fits_roles",
                violation_error_message="เจ้าหน้าที่และผู้บริหารต้องมีหน่วยงาน บทบาทอื่นต้องไม่มี",
            ),
            models.CheckConstraint(
                condition=Q(awaits_confirmation=False) | Q(is_executive=True),
                name="user_awaits_confirmation_as_executive",
                violation_error_message="ผู้ที่รอการยืนยันต้องมีบทบาทผู้บริหาร",
            ),
            models.UniqueConstraint(
                fields=["calendar_key"],
                condition=~Q(calendar_key=""),
                name="user_calendar_key_unique",
                violation_error_message="ที่อยู่ปฏิทินนี้มีอยู่แล้ว",
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

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session has to carry: it is over once the password or sessions_ended is another."""
        of_password: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        return f"{of_password}{self.sessions_ended or ''}"

    def get_full_name(self) -> str:
        """The name on screen: the person's own, else the sign-in name."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, field in ROLE_FIELDS.items() if getattr(self, field))

    @roles.setter
    def roles(self, roles: Collection[Role]) -> None:
        for role, field in ROLE_FIELDS.items():
            setattr(self, field, role in roles)

    @property
    def main_role(self) -> Role:
        """The role whose first screen and manual are shown."""
        return next(role for role in MAIN_ROLES if getattr(self, ROLE_FIELDS[role]))

    @property
    def role_names(self) -> str:
        """The person's roles as people read them."""
        return " · ".join(str(role.label) for role in MAIN_ROLES if role in self.roles)

    @property
    def only_reports(self) -> bool:
        """Staff without another role in the office: their pages speak of their own divisions alone."""
        return self.roles == {Role.STAFF}

    @property
    def is_above_offices(self) -> bool:
        """Who keeps the site, also beside a role in an agency: nobody of the agency changes that account."""
        return self.is_administrator or self.is_superuser or self.is_staff

    @property
    def is_confirmed_executive(self) -> bool:
        return self.is_executive and not self.awaits_confirmation

    @property
    def is_last_officer(self) -> bool:
        """Whether the agency would have no officer in use without this one; asks the database."""
        stored = User.objects.filter(pk=self.pk).with_role(Role.OFFICER).first()
        if stored is None or stored.agency_id is None:
            return False
        others = User.objects.with_role(Role.OFFICER).filter(agency=stored.agency_id).exclude(pk=self.pk)
        return not others.exists()

    @cached_property
    def acts_as_approver(self) -> bool:
        """Whether the person approves in the executive's place today; read once a request."""
        return bool(self.agency_id) and self.acting.in_force(timezone.localdate()).exists()

    @cached_property
    def is_named_to_act(self) -> bool:
        """Whether the person acts as approver today or later, or has been proposed for it."""
        return bool(self.agency_id) and self.acting.not_over(timezone.localdate()).exists()

    @cached_property
    def overseen_agency_ids(self) -> frozenset[int]:
        """The agencies that an overseer of a part of them is named for; read once a request."""
        return frozenset(self.overseen_agencies.values_list("pk", flat=True))

    @cached_property
    def own_divisions(self) -> Sequence[Division]:
        """The divisions for which the person reports, in order; read once a request. Empty for no staff."""
        return list(self.divisions.order_by("position", "id")) if self.is_division_staff else []

    @property
    def works_in(self) -> str:
        """The divisions or the agency shown beside the name; empty for those above all agencies."""
        if self.own_divisions:
            return " ".join(division.name for division in self.own_divisions)
        return self.agency.name if self.agency else ""


class SignInCount(models.Model):
    """How many wrong passwords there were of late, as accounts.sign_in.limits counts them: a number a row.

    Rows are places of a fixed number that names and addresses share by a keyed hash; none tells a name.
    """

    row = models.CharField(max_length=20, primary_key=True)
    busy_until = models.BigIntegerField(default=0)
    """Milliseconds since 1970: each wrong password moves it on by an interval."""

    def __str__(self) -> str:
        return self.row


class RefusalKind(models.TextChoices):
    """Which limit refused to look at more passwords; the names are those of accounts.sign_in.limits."""

    PAIR = "pair", "ใส่รหัสผ่านผิดหลายครั้งจากที่เดียว"
    NAME = "name", "ใส่รหัสผ่านผิดหลายครั้งจากหลายที่"
    ADDRESS = "address", "ลองหลายชื่อผู้ใช้จากที่เดียว"


class SignInRefusal(models.Model):
    """That a limit of wrong passwords was reached: whose name it was, from where, how often that day.

    The person is none where no account has the name: what was typed may have been a password.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="refusals")
    kind = models.CharField("เหตุ", max_length=7, choices=RefusalKind)
    network = models.CharField("จาก", max_length=45)
    """The address; of IPv6 its network of 64 bits."""
    times = models.PositiveIntegerField("ครั้ง", default=1)
    """How often the limit was reached, not how often somebody tried."""
    first_at = models.DateTimeField("ครั้งแรก")
    last_at = models.DateTimeField("ครั้งล่าสุด")

    class Meta:
        verbose_name = "การเข้าสู่ระบบที่ถูกพัก"
        verbose_name_plural = "การเข้าสู่ระบบที่ถูกพัก"
        ordering = ("-last_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=["person", "-last_at"], name="refusal_person_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=RefusalKind.values), name="refusal_kind_known"),
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="refusal_times_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.network}"


def _person() -> UserQuerySet:
    return User.objects.on_day(Given("day", models.DateField())).filter(
        pk=Given("pk", models.BigIntegerField())
    )


PERSON: Final = PreparedQuestion(_person)


class SiteSessionManager(DjangoSessionManager["SiteSession"]):
    """As Django's, which finds the class of the rows by its sessions app."""


class SiteSession(AbstractBaseSession):
    """A browser's session, with what its person is told of it: on which device, from where, since when."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    """None before the sign-in."""
    device = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=45, blank=True)
    """Roughly from where it was used last: part of an address."""
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    """When it was used last, to within some minutes."""

    objects: ClassVar[SiteSessionManager] = SiteSessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "การเข้าสู่ระบบ"
        verbose_name_plural = "การเข้าสู่ระบบ"

    @classmethod
    def get_session_store_class(cls) -> Any:
        # Built on this class, and therefore found by its name.
        return import_module(settings.SESSION_ENGINE).SessionStore


class ActingApproverQuerySet(models.QuerySet["ActingApprover"]):
    """The questions that pages ask of acting approvers."""

    def not_over(self, day: date | Given) -> Self:
        """Those that act on the day, will, or wait to be confirmed."""
        return self.filter(ends_on__gte=day, ended_at__isnull=True)

    def in_force(self, day: date | Given) -> Self:
        """Those confirmed that act on the day, and whose account still is of the agency."""
        confirmed = self.not_over(day).filter(confirmed_at__isnull=False)
        return confirmed.filter(starts_on__lte=day, agency=F("person__agency"))


class ActingApprover(models.Model):
    """Who approves in the executive's place for a time (รักษาราชการแทน), by which order."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="acting_approvers")
    person = models.ForeignKey(
        User, verbose_name="ผู้รักษาราชการแทน", on_delete=models.PROTECT, related_name="acting"
    )
    starts_on = models.DateField("ตั้งแต่วันที่")
    ends_on = models.DateField("ถึงวันที่")
    order = models.CharField("คำสั่งเลขที่", max_length=200, validators=[plain_text])
    named_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    named_at = models.DateTimeField("บันทึกเมื่อ")
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField("ยืนยันเมื่อ", null=True, blank=True)
    """When an executive or the administrator named them, or said yes to an officer's proposal."""
    ended_at = models.DateTimeField("สิ้นสุดก่อนกำหนดเมื่อ", null=True, blank=True)
    """When somebody ended it before its last day."""

    objects = ActingApproverQuerySet.as_manager()
    history = KeptHistory()

    class Meta:
        verbose_name = "ผู้รักษาราชการแทน"
        verbose_name_plural = "ผู้รักษาราชการแทน"
        ordering = ("-starts_on", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="acting_approver_ends_after_start",
                violation_error_message="วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่ม",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.starts_on}"


class AccountEventKind(models.TextChoices):
    """What is logged of accounts and rights."""

    ADDED = "added", "เพิ่มผู้ใช้"
    CHANGED = "changed", "เปลี่ยนข้อมูลหรือบทบาท"
    DEACTIVATED = "deactivated", "ระงับบัญชี"
    ACTIVATED = "activated", "เปิดบัญชีอีกครั้ง"
    PASSWORD_HANDED_OVER = "password_handed_over", "ออกรหัสผ่านครั้งเดียว"
    PASSWORD_CHANGED = "password_changed", "เปลี่ยนรหัสผ่าน"
    RESET_MAILED = "reset_mailed", "ส่งลิงก์ตั้งรหัสผ่าน"
    SECOND_FACTOR_ADDED = "second_factor_added", "เพิ่มการยืนยันตัวตนชั้นที่สอง"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "ยกเลิกการยืนยันตัวตนชั้นที่สอง"
    EXECUTIVE_PROPOSED = "executive_proposed", "เสนอเป็นผู้บริหาร (รอการยืนยัน)"
    EXECUTIVE_CONFIRMED = "executive_confirmed", "ยืนยันเป็นผู้บริหาร"
    ACTING_PROPOSED = "acting_proposed", "เสนอผู้รักษาราชการแทน (รอการยืนยัน)"
    ACTING_CONFIRMED = "acting_confirmed", "ยืนยันผู้รักษาราชการแทน"
    ACTING_NAMED = "acting_named", "แต่งตั้งผู้รักษาราชการแทน"
    ACTING_ENDED = "acting_ended", "สิ้นสุดการรักษาราชการแทน"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere", "ออกจากระบบทุกอุปกรณ์"


class AccountEvent(models.Model):
    """That somebody changed an account or its rights: who, whose, what, when.

    Lines are only added: the database itself refuses everything else but seen_at (accounts/triggers.py).

    Whoever did it is also named in words: an account may get another name, the log stays.
    """

    # PROTECT: the database refuses to delete a line, so what it names stays too (accounts/triggers.py).
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="account_events")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="account_events")
    kind = models.CharField("เหตุการณ์", max_length=24, choices=AccountEventKind)
    detail = models.CharField("รายละเอียด", max_length=500, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField("โดย", max_length=150)
    done_at = models.DateTimeField("เมื่อ")
    seen_at = models.DateTimeField("ผู้ถูกเปลี่ยนรับทราบเมื่อ", null=True)
    """When the person was told on a page; null until then."""
    waits_for = models.ManyToManyField(User, related_name="news", blank=True)
    """Who is told of it on their next page and has not said yet that they have read it."""

    class Meta:
        verbose_name = "เหตุการณ์ของบัญชี"
        verbose_name_plural = "เหตุการณ์ของบัญชี"
        ordering = ("-done_at", "-id")
        indexes: ClassVar = [
            models.Index(fields=["agency", "-done_at"], name="account_event_agency_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=AccountEventKind.values), name="account_event_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person}"


class JobState(models.TextChoices):
    """How far a piece of background work is."""

    WAITING = "waiting", "รอคิว"
    RUNNING = "running", "กำลังทำ"
    DONE = "done", "เสร็จแล้ว"
    FAILED = "failed", "ไม่สำเร็จ"
    CANCELLED = "cancelled", "ยกเลิกแล้ว"


UNFINISHED: Final = (JobState.WAITING, JobState.RUNNING)


class BackgroundJobQuerySet(models.QuerySet["BackgroundJob"]):
    """The questions that pages and workers ask of jobs."""

    def unfinished(self) -> Self:
        """Those that wait or run."""
        return self.filter(state__in=UNFINISHED)

    def about(self, kind: str, subject: str) -> Self:
        """All of one kind about one thing, the newest first."""
        return self.filter(kind=kind, subject=subject).order_by("-id")


class BackgroundJob(models.Model):
    """A piece of work that goes on without the request that asked for it, as a person follows it.

    The library's task row says that a worker has to look at it; this row says what is true: how far it is,
    who works on it and until when that is believed. Only accounts.background moves its state.
    """

    kind = models.CharField("งาน", max_length=40)
    """A name under which accounts.background.kinds knows what is done."""
    subject = models.CharField(max_length=60)
    """What it is about, such as the number of an edition; of one kind and subject one job is unfinished."""
    title = models.CharField("ชื่องาน", max_length=300)
    arguments = models.JSONField(default=dict, blank=True)
    agency = models.ForeignKey(
        Agency, verbose_name="หน่วยงาน", on_delete=models.CASCADE, null=True, blank=True, related_name="jobs"
    )
    asked_by = models.ForeignKey(
        User, verbose_name="ผู้สั่ง", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField("สถานะ", max_length=9, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField("ทำแล้ว", default=0)
    total = models.PositiveIntegerField("ทั้งหมด", default=0)
    """0 where it is not known yet."""
    doing = models.CharField("กำลังทำ", max_length=200, blank=True)
    """What is done at this moment, in Thai, as it stands after กำลัง: ทำไฟล์ PDF."""
    tries = models.PositiveSmallIntegerField("จำนวนครั้งที่ลอง", default=0)
    wants_to_stop = models.BooleanField("ขอยกเลิก", default=False)
    worker = models.CharField(max_length=64, blank=True)
    """Who runs it; empty while nobody does."""
    lease_until = models.DateTimeField("ผู้ทำถือไว้ถึง", null=True, blank=True)
    """Until when the worker is believed to be alive: afterwards another one takes the job up again."""
    asked_at = models.DateTimeField("สั่งเมื่อ")
    started_at = models.DateTimeField("เริ่มเมื่อ", null=True, blank=True)
    ended_at = models.DateTimeField("จบเมื่อ", null=True, blank=True)
    error = models.CharField("ปัญหา", max_length=500, blank=True)
    result_address = models.CharField("ผลอยู่ที่", max_length=300, blank=True)

    objects = BackgroundJobQuerySet.as_manager()

    class Meta:
        verbose_name = "งานเบื้องหลัง"
        verbose_name_plural = "งานเบื้องหลัง"
        ordering = ("-id",)
        indexes: ClassVar = [
            models.Index(fields=["kind", "subject"], name="job_kind_subject"),
            models.Index(fields=["state", "lease_until"], name="job_state_lease"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=UNFINISHED),
                name="job_one_unfinished_of_subject",
                violation_error_message="งานนี้อยู่ในคิวแล้ว",
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~Q(state=JobState.RUNNING) & Q(lease_until__isnull=True)),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNFINISHED, ended_at__isnull=True)
                | (~Q(state__in=UNFINISHED) & Q(ended_at__isnull=False)),
                name="job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")), name="job_done_at_most_total"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def may_be_asked_again(self) -> bool:
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    def seconds_left(self, now: datetime) -> int | None:
        """How long it will still take, if it goes on as until now; None where that cannot be said yet."""
        if self.state != JobState.RUNNING or self.started_at is None or not 0 < self.done <= self.total:
            return None
        passed = (now - self.started_at).total_seconds()
        return max(1, math.ceil(passed / self.done * (self.total - self.done)))


class JobFileRole(models.TextChoices):
    """What a file is to its job."""

    GIVEN = "given", "ไฟล์ที่ส่งมา"
    MADE = "made", "ไฟล์ที่ทำเสร็จ"


class JobFile(models.Model):
    """A file that a job was given to read, or that it has made. It goes with the job, after seven days."""

    job = models.ForeignKey(
        BackgroundJob, verbose_name="งานเบื้องหลัง", on_delete=models.CASCADE, related_name="files"
    )
    role = models.CharField("เป็น", max_length=5, choices=JobFileRole)
    # Under a name that the system made, below MEDIA_ROOT, which no address leads to.
    path = models.CharField(max_length=100, unique=True)
    name = models.CharField("ชื่อไฟล์", max_length=200)
    """Under which a browser stores it."""
    content_type = models.CharField("ชนิดไฟล์", max_length=100, blank=True)
    size = models.PositiveBigIntegerField("ขนาด (ไบต์)")

    class Meta:
        verbose_name = "ไฟล์ของงานเบื้องหลัง"
        verbose_name_plural = "ไฟล์ของงานเบื้องหลัง"
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["job", "role"],
                name="job_file_once_a_role",
                violation_error_message="งานนี้มีไฟล์แล้ว",
            ),
            models.CheckConstraint(condition=Q(role__in=JobFileRole.values), name="job_file_role_known"),
            models.CheckConstraint(condition=~Q(path=""), name="job_file_has_path"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size_text(self) -> str:
        return size_text(self.size)


class BackgroundWorker(models.Model):
    """A process that does what waits in the background, and when it last said that it is alive."""

    name = models.CharField(max_length=64, unique=True)
    machine = models.CharField("เครื่อง", max_length=200)
    started_at = models.DateTimeField("เริ่มเมื่อ")
    seen_at = models.DateTimeField("ยังทำงานอยู่เมื่อ")

    class Meta:
        verbose_name = "ผู้ทำงานเบื้องหลัง"
        verbose_name_plural = "ผู้ทำงานเบื้องหลัง"
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} {self.machine}"


class SavedForm(models.Model):
    """A form that was stored: who sent it, what it was, and how it was answered.

    Written in the transaction that stores the form. A browser that has lost the answer and sends the form
    again gets it from here. Forgotten after a day.
    """

    person = models.ForeignKey(User, verbose_name="ผู้ส่ง", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    """SHA-256 of the form's key, its address and all that was sent with it."""
    attempt = models.CharField(max_length=32)
    """Which of several requests with the same form has stored it."""
    stored_at = models.DateTimeField("บันทึกเมื่อ")
    status = models.PositiveSmallIntegerField(default=0)
    """Of the answer; 0 until it is known."""
    location = models.CharField(max_length=2_000, blank=True)
    messages = models.JSONField(default=list, blank=True)
    body = models.BinaryField(blank=True, default=b"")
    """The part of a page that htmx was answered with, compressed."""

    class Meta:
        verbose_name = "แบบฟอร์มที่บันทึกแล้ว"
        verbose_name_plural = "แบบฟอร์มที่บันทึกแล้ว"
        ordering = ("-id",)
        indexes: ClassVar = [models.Index(fields=["stored_at"], name="saved_form_stored_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "digest"],
                name="saved_form_once",
                violation_error_message="แบบฟอร์มนี้บันทึกแล้ว",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.stored_at:%Y-%m-%d %H:%M}"
