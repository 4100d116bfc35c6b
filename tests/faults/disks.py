"""A disk of its own for a site: one that loses its power, and one that is full.

A file with an ext4 file system, mounted by a loop device; only root may do that, and not in every container.
"""

import fcntl
import os
import struct
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

SIZE: Final = 400 * 1024 * 1024
# EXT4_IOC_SHUTDOWN of <linux/ext4.h>, and its way that flushes neither data nor journal: nothing that is not
# on the disk at this moment will ever be.
SHUTDOWN: Final = 0x8004587D
WITHOUT_FLUSHING: Final = 2
PIECE: Final = 256 * 1024
SECONDS_TO_LET_GO: Final = 20.0


class NoDisk(Exception):
    """This machine, or this user, has no loop devices; the text says what failed."""


class Disk:
    """A mounted file system below a folder.

    Raises:
        NoDisk: there can be none here.
    """

    def __init__(self, folder: Path) -> None:
        if os.geteuid():
            raise NoDisk("only root may mount a loop device")
        self._image, self.place = folder / "disk.img", folder / "disk"
        self.place.mkdir()
        with self._image.open("wb") as image:
            image.truncate(SIZE)
        # No room that is kept for root alone.
        self._run("mkfs.ext4", "-q", "-m", "0", str(self._image))
        self.mount()
        # The server of PostgreSQL is another user.
        self.place.chmod(0o755)

    def mount(self) -> None:
        """Put it in place; what its journal holds is carried out first."""
        self._run("mount", "-o", "loop", str(self._image), str(self.place))

    def cut(self) -> None:
        """From now on nothing reaches it: as when the power fails."""
        descriptor = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", WITHOUT_FLUSHING))
        except OSError as error:
            raise NoDisk(f"EXT4_IOC_SHUTDOWN: {error.strerror}") from error
        finally:
            os.close(descriptor)

    def unmount(self) -> None:
        """Take it away; processes that have just been killed may hold it for a moment."""
        give_up = time.monotonic() + SECONDS_TO_LET_GO
        while True:
            try:
                self._run("umount", str(self.place))
            except NoDisk:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.05)
            else:
                return

    def fill(self) -> None:
        """Leave no room on it."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(PIECE))
        # What is left of a piece too.
        with suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(512))

    def make_room(self) -> None:
        """Take away what filled it."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    @staticmethod
    def _run(*command: str) -> None:
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise NoDisk(f"{command[0]} is not installed") from error
        except subprocess.CalledProcessError as error:
            raise NoDisk(f"{command[0]}: {error.stderr.strip()}") from error
