"""Says how many pages a PDF has. Run by core.budget.in_child: nothing but the library is imported."""

import io
import sys


def pages_of(data: bytes) -> int:
    """How many pages there are; 0 for what cannot be opened."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return len(pdf.pages)
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return 0


if __name__ == "__main__":
    sys.stdout.write(str(pages_of(sys.stdin.buffer.read())))
