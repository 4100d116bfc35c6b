"""manage.py upgrade: brings the site to this version, and back where a step fails."""

import fcntl
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from operations.upgrade import steps
from operations.upgrade.steps import UpgradeFailed, UpgradeStep


class Command(BaseCommand):
    """Backup, migrate, collectstatic, check, switch, reload, wait for an answer."""

    help = (
        "ปรับระบบเป็นรุ่นของโปรแกรมนี้: สำรองข้อมูล ปรับฐานข้อมูล รวมไฟล์คงที่ ตรวจ สลับรุ่น เริ่มใหม่ และรอให้ตอบ"
        " หากขั้นใดไม่สำเร็จจะย้อนกลับเอง"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--backup", type=Path, help="ไฟล์สำรอง (ปกติอยู่ใน BACKUP_DIR)")
        parser.add_argument("--current", type=Path, help="ลิงก์ที่ชี้ไปยังรุ่นที่ใช้อยู่ จะสลับมายังโฟลเดอร์ของโปรแกรมนี้")
        parser.add_argument("--reload", default="", help="คำสั่งเริ่มระบบใหม่ เช่น systemctl restart ita-web")
        parser.add_argument("--ask", default="", help="ที่อยู่ที่ต้องตอบหลังเริ่มใหม่ เช่น http://127.0.0.1:8000/healthz")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["backup"] or self._usual_file()
        link, reload = options["current"], options["reload"]
        if link is not None and not link.is_symlink():
            raise CommandError(f"{link} ไม่ใช่ลิงก์")
        with alone():
            before, names = steps.migrations(), steps.static_names()
            planned = [
                UpgradeStep("backup", partial(steps.backup, file)),
                UpgradeStep("migrate", steps.migrate, partial(steps.migrate_back, before)),
                UpgradeStep(
                    "collectstatic", steps.collect_static, partial(steps.put_static_names_back, names)
                ),
                UpgradeStep("check", steps.check),
            ]
            # Undone in reverse order: first the link, then what has to read it anew.
            back = partial(steps.run, reload) if reload else None
            if back is not None:
                planned.append(UpgradeStep("the former version runs", lambda: None, back))
            if link is not None:
                here, there = Path(settings.BASE_DIR), link.readlink()
                planned.append(
                    UpgradeStep("switch", partial(steps.point, link, here), partial(steps.point, link, there))
                )
            if back is not None:
                planned.append(UpgradeStep("reload", back))
            if options["ask"]:
                planned.append(UpgradeStep("answers", partial(steps.wait_for, options["ask"])))
            try:
                steps.carry_out(planned, self.stdout.write)
            except UpgradeFailed as error:
                raise CommandError(failure(error, file)) from error
        self.stdout.write(f"ปรับรุ่นแล้ว ไฟล์สำรองก่อนปรับ: {file}")

    def _usual_file(self) -> Path:
        if not settings.BACKUP_DIR:
            raise CommandError("ระบุ --backup FILE หรือตั้ง BACKUP_DIR")
        return Path(settings.BACKUP_DIR) / f"before-upgrade-{timezone.localtime():%Y%m%d-%H%M%S}.tar"


def failure(error: UpgradeFailed, file: Path) -> str:
    """What whoever upgrades is told, and what is left to do by hand."""
    lines = [f"ปรับรุ่นไม่สำเร็จ: {error}"]
    if error.not_undone:
        lines += [f"ย้อนกลับไม่ได้ ต้องแก้ด้วยตนเอง: {step}" for step in error.not_undone]
    else:
        lines.append("ทุกขั้นย้อนกลับแล้ว ระบบเป็นรุ่นเดิม")
    if file.exists():
        lines.append(f"ไฟล์สำรอง: {file}")
    return "\n".join(lines)


@contextmanager
def alone() -> Iterator[None]:
    """Only one upgrade at a time.

    Raises:
        CommandError: another one is going on.
    """
    folder = Path(settings.CACHE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "upgrade.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError("กำลังปรับรุ่นอยู่แล้ว") from error
        yield
