"""Says what in a PDF could act by itself. Run by core.budget.in_child: nothing but the library is imported.

Every object is looked at, also those in compressed streams of objects and those that no page refers to; names
are compared as a reader of PDF does, whatever way they are spelled.
"""

import io
from typing import Any

# What a dictionary may not have, and what an action may not be.
KEYS = {"/JavaScript": "script", "/RichMedia": "media", "/XFA": "form"}
ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "launch",
    "/ImportData": "launch",
    "/SubmitForm": "send",
    "/GoToE": "file",
    "/RichMediaExecute": "media",
    "/Rendition": "media",
}
MAX_DEPTH = 60
# Data beside the pages of an invoice or of a report: PDF/A-3.
DATA = (".xml", ".json", ".csv", ".txt")


def answer(data: bytes) -> str:
    """What was found: script, launch, send, media, form, file, locked, broken, or nothing."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for one in pdf.objects:
                if said := _found(one, 0):
                    return said
            return "" if len(pdf.pages) else "broken"
    except pikepdf.PasswordError:
        return "locked"
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return "broken"


def _found(one: Any, depth: int) -> str:
    import pikepdf

    if isinstance(one, pikepdf.Array):
        children = list(one)
    elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        if said := _of_dictionary(one):
            return said
        children = [one[key] for key in one.keys()]  # noqa: SIM118 - a stream is no mapping
    else:
        return ""
    if depth > MAX_DEPTH:
        return "broken"
    for child in children:
        # What is referred to has its turn by itself.
        if not getattr(child, "is_indirect", False) and (said := _found(child, depth + 1)):
            return said
    return ""


def _of_dictionary(one: Any) -> str:
    keys = set(one.keys())
    for key, said in KEYS.items():
        if key in keys:
            return said
    if "/S" in keys and (said := ACTIONS.get(str(one["/S"]), "")):
        return said
    if "/EF" in keys and not _is_data(one):
        return "file"
    return ""


def _is_data(specification: Any) -> bool:
    names = [str(specification[key]).lower() for key in ("/F", "/UF") if key in specification]
    if not names or not all(name.endswith(DATA) for name in names):
        return False
    try:
        for key in specification["/EF"].keys():  # noqa: SIM118
            specification["/EF"][key].read_bytes().decode("utf-8-sig")
    except Exception:
        return False
    return True
