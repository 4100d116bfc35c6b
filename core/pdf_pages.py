"""Says how many pages a PDF has. Run by core.budget.in_child: nothing but the library is imported."""

import io
import resource
import sys


def limit(seconds: int, memory: int) -> None:
    """Let the system end this process where it takes more."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pages_of(data: bytes) -> int:
    """How many pages there are; 0 for what cannot be opened."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return len(pdf.pages)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return 0


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(str(pages_of(sys.stdin.buffer.read())))
