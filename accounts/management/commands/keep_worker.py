"""manage.py keep_worker: a worker that is started again when it dies, alone or beside a server."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.background.keeper import Keeper


class Command(BaseCommand):
    """Keeps a worker until the program beside it ends, or until it is told to end."""

    help = (
        "เปิดผู้ทำงานเบื้องหลัง (db_worker) และเปิดใหม่เมื่อหยุด ใส่คำสั่งของเซิร์ฟเวอร์ต่อท้ายเพื่อให้เปิดและปิดไปด้วยกัน เช่น"
        " manage.py keep_worker python -m gunicorn ita_tracker.wsgi"
    )
    # The server and the worker check for themselves.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reload", action="store_true", help="เปิดผู้ทำงานใหม่เมื่อโค้ดเปลี่ยน")
        parser.add_argument("program", nargs=argparse.REMAINDER, help="คำสั่งของเซิร์ฟเวอร์ที่เปิดไปด้วยกัน")

    def handle(self, *args: Any, **options: Any) -> None:
        manage = str(Path(settings.BASE_DIR) / "manage.py")
        reloads = "--reload" if options["reload"] else "--no-reload"
        worker = [sys.executable, manage, "db_worker", "--queue-name", "*", reloads, "--verbosity", "0"]
        program = [each for place, each in enumerate(options["program"]) if (place, each) != (0, "--")]
        sys.exit(Keeper(worker, program).run())
