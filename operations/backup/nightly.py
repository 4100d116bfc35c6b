"""The backup of each night, how long it is kept, and what the administrator's page says of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from accounts.background.nightly import every_night
from core.file_kinds import size_text
from operations.backup.passphrase import passphrase_in
from operations.backup.services import back_up
from reports.site_admin.health import HealthLine, add_line

NAMED: Final = "ita-%Y-%m-%dT%H%M.tar"
# Others' files in the folder are nobody's to remove.
NAME: Final = re.compile(r"ita-\d{4}-\d\d-\d\dT\d{4}\.tar")
# A night was left out.
TOO_OLD: Final = timedelta(hours=36)


@dataclass(frozen=True)
class StoredBackup:
    """A backup in the folder."""

    path: Path
    made_at: datetime
    size: int


def stored_backups() -> Sequence[StoredBackup]:
    """Those of the nights, the newest first."""
    found = []
    for path in Path(settings.BACKUP_DIR).iterdir():
        if NAME.fullmatch(path.name) and path.is_file():
            made_at = timezone.make_aware(datetime.strptime(path.name, NAMED))  # noqa: DTZ007  of this site
            found.append(StoredBackup(path, made_at, path.stat().st_size))
    return sorted(found, key=lambda each: each.made_at, reverse=True)


@every_night
def back_up_tonight() -> None:
    """Make today's backup, unless it is there or being made, and remove what is too old.

    Raises:
        BackupProblem: it could not be made, or another one is being made; the old ones stay then.
        OSError: as above.
    """
    if not settings.BACKUP_DIR:
        return
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = timezone.localtime()
    if any(timezone.localtime(each.made_at).date() == now.date() for each in stored_backups()):
        return
    back_up(folder / now.strftime(NAMED), passphrase_in())
    _, *older = stored_backups()
    for each in older:
        if each.made_at < now - timedelta(days=settings.BACKUP_KEEP_DAYS):
            each.path.unlink(missing_ok=True)


def health_of_backups() -> HealthLine:
    """How old the newest backup is."""
    name = "ไฟล์สำรองรายวัน"
    if not settings.BACKUP_DIR:
        return HealthLine(name, "ยังไม่ได้ตั้งค่า ตั้งโฟลเดอร์ด้วย BACKUP_DIR", is_used=False)
    try:
        found = stored_backups()
    except OSError:
        return HealthLine(name, "อ่านโฟลเดอร์ BACKUP_DIR ไม่ได้", is_well=False, to_do="ตรวจสิทธิ์ของโฟลเดอร์")
    to_do = "ดูสาเหตุในบันทึกของตัวทำงานเบื้องหลัง หรือสั่ง manage.py backup"
    if not found:
        return HealthLine(name, "ยังไม่มีไฟล์สำรอง", is_well=False, to_do=to_do)
    newest = found[0]
    age = timezone.now() - newest.made_at
    said = f"ล่าสุดเมื่อ {_ago(age)} ขนาด {size_text(newest.size)} เก็บไว้ {len(found)} ไฟล์"
    if age > TOO_OLD:
        return HealthLine(name, said, is_well=False, to_do=to_do)
    return HealthLine(name, said)


def _ago(age: timedelta) -> str:
    if age.days >= 2:
        return f"{age.days} วันที่แล้ว"
    hours = int(age.total_seconds() // 3600)
    return f"{hours} ชั่วโมงที่แล้ว" if hours else "ไม่ถึงหนึ่งชั่วโมง"


add_line(health_of_backups)
