"""Whether something failed because a disk is full, and what a person is told then."""

import errno
import sqlite3
from typing import Final

DISK_FULL: Final = "พื้นที่เก็บข้อมูลของเครื่องแม่ข่ายเต็ม จึงยังไม่ได้บันทึก กรุณาแจ้งผู้ดูแลระบบให้เพิ่มพื้นที่ แล้วลองอีกครั้ง"
# No room left, and no more allowed for this user.
FULL_FILE_SYSTEM: Final = (errno.ENOSPC, errno.EDQUOT)
# The second: the file that SQLite's connections share could not be made larger. The third: a quota, which
# SQLite does not tell from other errors of writing.
FULL_SQLITE: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)
FULL_POSTGRESQL: Final = "53100"


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what it was raised from, says that a disk or a quota is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL_FILE_SYSTEM:
            return True
        if getattr(error, "sqlite_errorcode", None) in FULL_SQLITE:
            return True
        if getattr(error, "sqlstate", None) == FULL_POSTGRESQL:
            return True
        error = error.__cause__
    return False
