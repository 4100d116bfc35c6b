"""The passphrase of archives: in a file, because what a command is called with is seen by everybody."""

from pathlib import Path

from django.conf import settings

from operations.backup.problems import BackupProblem


def passphrase_in(file: str = "") -> str:
    """The first line of a file, or of the one that the settings name; empty where neither is named.

    Raises:
        BackupProblem: it cannot be read or is empty.
    """
    name = file or settings.BACKUP_PASSPHRASE_FILE
    if not name:
        return ""
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupProblem(f"อ่านไฟล์รหัสผ่าน {name} ไม่ได้: {error}") from error
    if not lines or not lines[0].strip():
        raise BackupProblem(f"ไฟล์รหัสผ่าน {name} ว่างเปล่า")
    return lines[0].strip()
