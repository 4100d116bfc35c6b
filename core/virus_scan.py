"""Asks ClamAV on this machine about a file, where the setting CLAMD_SOCKET names its socket.

Where it does not answer, CLAMD_REQUIRED says whether files are refused or taken without it.
"""

import io
import logging
import socket
from typing import Any, Final

from clamd import ClamdError, ClamdUnixSocket
from django.conf import settings

from core.dangers import Dangerous

# Of silence; looking through 20 MB takes a second or two.
SECONDS: Final = 30.0

FOUND: Final = "โปรแกรมตรวจไวรัสพบสิ่งอันตรายในไฟล์นี้ ({}) จึงไม่รับ กรุณาตรวจเครื่องที่ใช้ แล้วแจ้งผู้ดูแลระบบ"
AWAY: Final = "ขณะนี้ตรวจไวรัสไม่ได้ จึงยังไม่รับไฟล์ กรุณาลองใหม่ภายหลัง หรือแจ้งผู้ดูแลระบบ ข้อมูลอื่นยังบันทึกได้ตามปกติ"

logger = logging.getLogger(__name__)


class _WholeSocket(socket.socket):
    """The library does not look how much of what it sends was taken."""

    def send(self, data: Any, flags: int = 0) -> int:
        self.sendall(data, flags)
        return len(data)


class _Scanner(ClamdUnixSocket):  # type: ignore[misc]
    """The library's, which waits no longer than it says also where it connects."""

    def _init_socket(self) -> None:
        self.clamd_socket = _WholeSocket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.clamd_socket.settimeout(self.timeout)
        self.clamd_socket.connect(self.unix_socket)


def scan(data: bytes) -> None:
    """Have a file looked through; without the setting nothing is done.

    Raises:
        Dangerous: something was found, or nobody could look and the site demands it.
    """
    if not settings.CLAMD_SOCKET:
        return
    try:
        status, name = _Scanner(settings.CLAMD_SOCKET, SECONDS).instream(io.BytesIO(data))["stream"]
    except (ClamdError, OSError, KeyError, TypeError, UnicodeDecodeError) as error:
        logger.warning("ClamAV does not answer at %s: %s", settings.CLAMD_SOCKET, error)
        if settings.CLAMD_REQUIRED:
            raise Dangerous(AWAY) from error
        return
    if status != "OK":
        logger.warning("ClamAV says %s of a file: %s", status, name)
        if status == "FOUND":
            raise Dangerous(FOUND.format(name))
        if settings.CLAMD_REQUIRED:
            raise Dangerous(AWAY)
