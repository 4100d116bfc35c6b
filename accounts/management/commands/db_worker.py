"""manage.py db_worker: the library's worker, which also shows life, keeps its jobs and works at night."""

import os
from contextlib import ExitStack
from typing import Any

from django.utils.autoreload import DJANGO_AUTORELOAD_ENV
from django_tasks_db.management.commands.db_worker import Command as LibraryCommand

from accounts.background.nightly import nightly_work
from accounts.background.sign_of_life import signs_of_life
from core.garbage import search_less_often


class Command(LibraryCommand):
    """Works off what waits in the background."""

    help = "ทำงานที่รอในคิวเบื้องหลัง เช่น ไฟล์ของรายงานที่อนุมัติแล้ว และอีเมล (เรียกได้หลายตัวพร้อมกัน)"

    def handle(self, *args: Any, **options: Any) -> None:
        # With --reload the outer process only watches the files.
        only_watches = options["reload"] and os.environ.get(DJANGO_AUTORELOAD_ENV) != "true"
        with ExitStack() as beside:
            if not only_watches:
                search_less_often()
                beside.enter_context(signs_of_life(options["worker_id"]))
                beside.enter_context(nightly_work())
            super().handle(*args, **options)
