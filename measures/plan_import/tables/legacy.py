"""Word and Excel files from before 2007, made into today's by LibreOffice, where it is installed.

It works in a process group of its own: with a new profile, in a folder that goes with it, without a network
where the system can take it away, and with an end to its time, memory and files.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from core.file_kinds import Content, content_of
from measures.plan_import.model import Unreadable

SECONDS: Final = 90
CPU_SECONDS: Final = 60
# LibreOffice reserves far more than it uses.
MEMORY: Final = 4 * 1024 * 1024 * 1024
MAX_RESULT: Final = 50 * 1024 * 1024

NOT_CONVERTED: Final = (
    "แปลงไฟล์รุ่นเก่านี้ไม่สำเร็จ กรุณาเปิดด้วย Word Excel หรือ LibreOffice แล้วบันทึกเป็น .docx หรือ .xlsx ก่อนนำเข้า"
)


def is_word(content: bytes) -> bool | None:
    """Whether a file is a Word (True) or Excel (False) one from before 2007; None where it is neither."""
    if content_of(content) is not Content.OLD_OFFICE:
        return None
    # Names of streams; what has a password keeps all of it in another one.
    for stream, kind in (
        ("EncryptedPackage", None),
        ("WordDocument", True),
        ("Workbook", False),
        ("Book", False),
    ):
        if stream.encode("utf-16-le") in content:
            return kind
    return None


@cache
def program() -> str | None:
    """Where LibreOffice is, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def _without_network() -> tuple[str, ...]:
    """A prefix that takes the network away, where this system allows it."""
    prefix = ("unshare", "--map-root-user", "--net")
    if not shutil.which("unshare"):
        return ()
    # Nothing of the command comes from outside, here and below.
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603
    return prefix if tried.returncode == 0 else ()


def _limits() -> tuple[str, ...]:
    """A prefix that bounds what the program and whatever it starts may use."""
    if not shutil.which("prlimit"):
        return ()
    return ("prlimit", f"--cpu={CPU_SECONDS}", f"--as={MEMORY}", f"--fsize={2 * MAX_RESULT}")


def converted(content: bytes, *, is_word: bool) -> bytes:
    """A .doc or .xls as .docx or .xlsx.

    Raises:
        Unreadable: it cannot be converted, or not within its limits.
    """
    found = program()
    if found is None:
        raise Unreadable(NOT_CONVERTED)
    old, new = ("doc", "docx") if is_word else ("xls", "xlsx")
    with tempfile.TemporaryDirectory(prefix="ita-legacy-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Not the name that it was uploaded under.
        (folder / f"plan.{old}").write_bytes(content)
        command = [
            *_limits(),
            *_without_network(),
            found,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", new),
            *("--outdir", str(folder / "made"), str(folder / f"plan.{old}")),
        ]
        _run(command, folder)
        made = folder / "made" / f"plan.{new}"
        if not made.is_file() or made.stat().st_size > MAX_RESULT:
            raise Unreadable(NOT_CONVERTED)
        return made.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(NOT_CONVERTED) from error
    finally:
        # It and whatever it has started.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
