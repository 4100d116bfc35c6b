"""What an administrator has to know of the site: database, migrations, disk, mail, background work."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.background.selectors import queue_health
from reports.signatures.certificate import usable_facts
from reports.signatures.checks import problem_of_signing, warning_of_signing
from reports.signatures.selectors import waiting_count

GB: Final = 1024**3
# A site stops storing what people send when its disk is full.
LITTLE_ROOM: Final = 2 * GB
LITTLE_SHARE: Final = 0.05
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class HealthLine:
    """One thing to know; what needs doing is said, in words."""

    name: str
    said: str
    is_well: bool = True
    to_do: str = ""
    is_used: bool = True

    @property
    def icon(self) -> str:
        """The sign beside its name."""
        if not self.is_well:
            return "warning"
        return "check" if self.is_used else "close"


_MORE: Final[list[Callable[[], HealthLine]]] = []


def add_line(ask: Callable[[], HealthLine]) -> None:
    """Let the page ask one thing more; rooms above tell it so what they know."""
    _MORE.append(ask)


def health() -> Sequence[HealthLine]:
    """How the site is, the same questions at any size."""
    return [_database(), _migrations(), _disk(), _mail(), _queue(), _signing(), *(ask() for ask in _MORE)]


def _database() -> HealthLine:
    return HealthLine("ฐานข้อมูล", f"{NAMES.get(connection.vendor, connection.vendor)} ตอบตามปกติ")


def _migrations() -> HealthLine:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not waiting:
        return HealthLine("โครงสร้างฐานข้อมูล", "เป็นรุ่นล่าสุด")
    said = f"ยังไม่ได้ปรับอีก {len(waiting)} ขั้น"
    return HealthLine("โครงสร้างฐานข้อมูล", said, is_well=False, to_do="สั่ง manage.py migrate แล้วเริ่มระบบใหม่")


def _disk() -> HealthLine:
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    room = shutil.disk_usage(folder)
    said = f"ว่าง {room.free / GB:,.1f} GB จาก {room.total / GB:,.1f} GB"
    if room.free < LITTLE_ROOM or room.free < LITTLE_SHARE * room.total:
        return HealthLine("พื้นที่เก็บไฟล์", said, is_well=False, to_do="เพิ่มพื้นที่หรือย้ายไฟล์ก่อนเต็ม")
    return HealthLine("พื้นที่เก็บไฟล์", said)


def _mail() -> HealthLine:
    if settings.MAIL_IS_SET_UP:
        return HealthLine("อีเมล", f"ส่งผ่าน {settings.EMAIL_HOST}")
    return HealthLine("อีเมล", "ยังไม่ได้ตั้งค่า ระบบไม่ส่งและไม่เสนออีเมล ตั้งได้ด้วย EMAIL_URL", is_used=False)


def _queue() -> HealthLine:
    """Work in the background, and whether anybody does it."""
    name = "งานเบื้องหลัง"
    queue = queue_health()
    said = f"รอ {queue.waiting} กำลังทำ {queue.running} ไม่สำเร็จ {queue.failed}"
    if queue.failed:
        return HealthLine(name, said, is_well=False, to_do="ดูสาเหตุในบันทึกของเครื่องแม่ข่าย")
    if queue.waiting and not queue.is_worked_on:
        return HealthLine(name, said, is_well=False, to_do="ไม่มีตัวทำงานเปิดอยู่ สั่ง manage.py keep_worker")
    return HealthLine(name, said)


def _signing() -> HealthLine:
    """Whether editions are signed, and how many files wait for it."""
    name = "ลายมือชื่อดิจิทัลของรายงาน"
    if not settings.SIGNING.has_certificate:
        said = "ยังไม่ได้ตั้งค่า รายงานไม่ลงลายมือชื่อดิจิทัล ตั้งได้ด้วย SIGNING_CERTIFICATE_FILE"
        return HealthLine(name, said, is_used=False)
    if problem := problem_of_signing():
        return HealthLine(name, problem, is_well=False, to_do="เปลี่ยนไฟล์ใบรับรองหรือรหัสผ่านที่ตั้งไว้")
    said = f"ใช้ใบรับรองของ {usable_facts().name}"
    if waiting := waiting_count():
        said += f" รอลงลายมือชื่อหรือตราประทับเวลา {waiting} ไฟล์"
    if warning := warning_of_signing():
        return HealthLine(name, f"{said} {warning}", is_well=False, to_do="ขอใบรับรองใหม่ก่อนหมดอายุ")
    if waiting:
        return HealthLine(name, said, is_well=False, to_do="สั่ง manage.py renew_timestamps เพื่อดูสาเหตุ")
    return HealthLine(name, said)
