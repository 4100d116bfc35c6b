"""Asks a program about a file, within limits that the system holds. Run by core.budget.in_child.

    python -I core/limited.py SECONDS BYTES PROGRAM < FILE

What takes more seconds of work or more bytes of memory is ended; no file can be written. Prints the program's
answer.
"""

import resource
import runpy
import sys


def limit(seconds: int, memory: int) -> None:
    """Of this process, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(runpy.run_path(sys.argv[3])["answer"](sys.stdin.buffer.read()))
