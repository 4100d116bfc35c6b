"""Says how many pages a PDF has. Run by core.budget.in_child: nothing but the library is imported."""

import io


def answer(data: bytes) -> str:
    """How many pages there are; 0 for what cannot be opened."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return str(len(pdf.pages))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return "0"
