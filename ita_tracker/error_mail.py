"""Errors by mail to the administrators: once a minute at most, and nothing in it that belongs to a person.

A mail says when, the request's name, where in the program, and of which kind an error was. What the error
itself says, the address and the values of variables stay in the log of the machine: they can hold names and
secrets.
"""

import fcntl
import logging
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage

PAUSE: Final = 60.0
# Kinds of errors in one mail, and steps of the program that lead to each.
MAX_KINDS: Final = 20
MAX_STEPS: Final = 12


class ErrorMailHandler(logging.Handler):
    """Gathers errors, and has a thread mail them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._gathered: Counter[str] = Counter()
        self._left_out = 0
        self._some = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Note an error; nobody waits for a mail server."""
        try:
            told = described(record)
            with self._guard:
                if told in self._gathered or len(self._gathered) < MAX_KINDS:
                    self._gathered[told] += 1
                else:
                    self._left_out += 1
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._go_on, name="error mail", daemon=True)
                    self._thread.start()
            self._some.set()
        except Exception:
            self.handleError(record)

    def send(self) -> bool:
        """Mail what was gathered, unless a process of this site has mailed within the last minute."""
        with self._guard:
            gathered, left_out = self._gathered, self._left_out
            if not gathered:
                return True
            if not settings.ERROR_MAIL_TO or not may_send(Path(settings.CACHE_DIR) / "error-mail"):
                return not settings.ERROR_MAIL_TO
            self._gathered, self._left_out = Counter(), 0
        lines = [f"{count} ×\n{told}" for told, count in gathered.most_common()]
        if left_out:
            lines.append(f"อีก {left_out} ครั้งที่ไม่ได้แสดง")
        head = "ระบบพบข้อผิดพลาดต่อไปนี้ ค้นรายละเอียดด้วยรหัสอ้างอิง (request_id) ในบันทึกของเครื่องแม่ข่าย"
        total = gathered.total() + left_out
        mail = EmailMessage(
            f"ITA Tracker: ข้อผิดพลาด {total} ครั้ง", "\n\n".join([head, *lines]), to=settings.ERROR_MAIL_TO
        )
        mail.send(fail_silently=True)
        return True

    def _go_on(self) -> None:
        while self._some.wait():
            self._some.clear()
            while not self.send():
                time.sleep(5)


def described(record: logging.LogRecord) -> str:
    """When and where it was and of what kind, in lines; nothing that the error says."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.created))
    lines = [f"{when} {record.name} {record.module}:{record.lineno}"]
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        steps = traceback.extract_tb(error.__traceback__)[-MAX_STEPS:]
        lines += [f"  {Path(step.filename).name}:{step.lineno} {step.name}" for step in steps]
    if name := getattr(record, "request_id", ""):
        lines.append(f"request_id {name}")
    return "\n".join(lines)


def may_send(stamp: Path) -> bool:
    """Whether a minute has passed since a process of this machine has sent; then it has begun anew.

    Where the file cannot be written nobody may: without it there would be no limit.
    """
    try:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        with stamp.open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            before, now = file.read(), time.time()
            if before and 0 <= now - float(before) < PAUSE:
                return False
            file.truncate(0)
            file.write(str(now))
    except (OSError, ValueError):
        return False
    return True
