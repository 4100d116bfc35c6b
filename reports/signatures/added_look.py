"""Says what was added to a PDF that begins with another one. Run by core.budget.in_child: nothing of this
project is imported.

The input is the length of that other file as a number, a line end, and the PDF. The answer is two numbers, of
signatures and of time stamps that were added, or "altered": whatever cannot be shown to be nothing but these
and what proves them.
"""

import io
from typing import Any

# Of the metadata, what a program that signs has no reason to change: what the document is.
KEPT_INFO = ("/Title", "/Author", "/Subject", "/Keywords")
KEPT_XMP = ("title", "creator", "subject", "description", "identifier", "language")
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
MAX_REVISIONS = 40
# Of a form that has nothing but signatures; programs that sign add an unused font.
FORM_KEYS = {"/Fields", "/SigFlags", "/DA", "/DR"}


class AlteredError(Exception):
    """Something else was added as well."""


def added_to(data: bytes, length: int) -> str:
    """What comes after so many bytes."""
    try:
        return _added(data, length)
    except Exception:
        # Whatever a file makes the library stumble over, an honest one does not.
        return "altered"


def _added(data: bytes, length: int) -> str:
    sent, stored = _opened(data), _opened(data[:length])
    base = stored.xrefs.total_revisions - 1
    newest = sent.xrefs.total_revisions - 1
    if sent.encrypted or not base < newest < MAX_REVISIONS:
        raise AlteredError
    for number in range(newest + 1):
        start = sent.xrefs.get_xref_container_info(number).start_location
        if number <= base and start != stored.xrefs.get_xref_container_info(number).start_location:
            raise AlteredError
        if number > base and start < length:
            raise AlteredError
    if data[data.rindex(b"%%EOF") :].strip() != b"%%EOF":
        raise AlteredError
    _check_difference(sent, base)
    _check_nothing_is_seen(sent)
    # What is left out says nothing else; some programs keep only the properties that they know.
    if not _told(sent) <= _told(stored):
        raise AlteredError
    return _counted(sent, base)


def _opened(data: bytes) -> Any:
    """A PDF for pyHanko, which reads the table of a stream of objects anew for each object in it: a report of
    40 pages would take a minute. Here each is read once.
    """
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.decode_limits import DecodePurpose
    from pyhanko.pdf_utils.reader import PdfFileReader

    class Reader(PdfFileReader):
        def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
            tables = self.__dict__.setdefault("_tables", {})
            if stmnum not in tables:
                tables[stmnum] = self._table(stmnum)
            numbers, offsets, content = tables[stmnum]
            if not 0 <= idx < len(numbers) or numbers[idx] != idnum:
                raise AlteredError
            file = io.BytesIO(content)
            file.seek(offsets[idx])
            found = generic.read_object(file, generic.Reference(idnum, 0, self))
            if isinstance(found, generic.StreamObject | generic.IndirectObject):
                raise AlteredError
            return found

        def _table(self, stmnum: int) -> tuple[list[int], list[int], bytes]:
            stream = generic.Reference(stmnum, 0, self).get_object()
            if not isinstance(stream, generic.StreamObject) or stream["/Type"] != "/ObjStm":
                raise AlteredError
            content = stream.read_data(DecodePurpose.OBJECT_STREAM)
            first, count = int(stream["/First"]), int(stream["/N"])
            said = [int(each) for each in content[:first].split()]
            numbers, offsets = said[::2], [first + each for each in said[1::2]]
            if not len(numbers) == len(offsets) == len(set(numbers)) == count or min(said, default=0) < 0:
                raise AlteredError
            return numbers, offsets, content

    return Reader(io.BytesIO(data))


def _check_difference(sent: Any, base: int) -> None:
    from pyhanko.sign.diff_analysis import ModificationLevel, StandardDiffPolicy
    from pyhanko.sign.diff_analysis.policy_api import DiffResult
    from pyhanko.sign.diff_analysis.rules.file_structure_rules import (
        CatalogModificationRule,
        ObjectStreamRule,
        XrefStreamRule,
    )
    from pyhanko.sign.diff_analysis.rules.form_field_rules import (
        DSSCompareRule,
        SigFieldCreationRule,
        SigFieldModificationRule,
    )
    from pyhanko.sign.diff_analysis.rules.metadata_rules import DocInfoRule, MetadataUpdateRule

    rules = (DocInfoRule(), XrefStreamRule(), ObjectStreamRule(), DSSCompareRule(), MetadataUpdateRule())
    level = ModificationLevel.LTA_UPDATES
    policy = StandardDiffPolicy(
        [CatalogModificationRule(), *(rule.as_qualified(level) for rule in rules)],
        # Not the rule by which other fields may be filled in.
        _form_rule([SigFieldCreationRule(), SigFieldModificationRule()]),
    )
    found = policy.review_file(sent, base)
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.FORM_FILLING:
        raise AlteredError


def _form_rule(rules: list[Any]) -> Any:
    """pyHanko's rule for forms, also where there was none: it is made for files that are signed already."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import RawPdfPath
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.diff_analysis.commons import compare_key_refs, qualify_transforming
    from pyhanko.sign.diff_analysis.form_rules_api import (
        FieldComparisonContext,
        FormUpdate,
        FormUpdatingRule,
        _list_fields,
    )
    from pyhanko.sign.diff_analysis.rules_api import Context

    class FirstForm(FormUpdatingRule):
        def apply(self, old: Any, new: Any) -> Any:
            if "/AcroForm" in old.root:
                yield from super().apply(old, new)
                return
            if "/AcroForm" not in new.root:
                return
            level, path = ModificationLevel.LTA_UPDATES, RawPdfPath("/Root", "/AcroForm")
            _, form = yield from qualify_transforming(
                level,
                compare_key_refs("/AcroForm", old, old.root, new.root),
                transform=FormUpdate.curry_ref(
                    field_name=None, context_checked=Context.from_absolute(old, path)
                ),
            )
            if not set(form.keys()) <= FORM_KEYS:
                raise AlteredError
            for key in ("/Fields", "/DR"):
                value = form.raw_get(key) if key in form else None
                if isinstance(value, generic.IndirectObject) and old.is_ref_unassignable(value.reference):
                    yield level, FormUpdate(value.reference, field_name=None)
            fields = dict(_list_fields(generic.ArrayObject(), form["/Fields"], old_path=path + "/Fields"))
            context = FieldComparisonContext(field_specs=fields, old=old, new=new)
            for rule in self.field_rules:
                yield from rule.apply(context)

    return FirstForm(rules)


def _check_nothing_is_seen(sent: Any) -> None:
    """A signature with an area can be drawn over anything."""
    from pyhanko.sign.diff_analysis.rules.form_field_rules import is_field_visible
    from pyhanko.sign.fields import enumerate_sig_fields

    for _, _, field in enumerate_sig_fields(sent):
        if is_field_visible(field.get_object()):
            raise AlteredError


def _told(pdf: Any) -> set[tuple[str, str]]:
    """What the properties of a file say that the document is."""
    from lxml import etree  # type: ignore[import-untyped]

    info = pdf.trailer["/Info"] if "/Info" in pdf.trailer else {}  # noqa: SIM401 - no mapping
    said = {(key, str(info[key])) for key in KEPT_INFO if key in info}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    xmp = etree.fromstring(pdf.root["/Metadata"].data, parser)
    for name in (*(f"{DUBLIN}{each}" for each in KEPT_XMP), f"{PDFA}part", f"{PDFA}conformance"):
        said |= {(name, " ".join("".join(element.itertext()).split())) for element in xmp.iter(name)}
        said |= {(name, element.get(name, "")) for element in xmp.iter()}
    return {(name, value) for name, value in said if value}


def _counted(sent: Any, base: int) -> str:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    nobody = ValidationContext(trust_roots=[], allow_fetching=False)
    whole = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    counts = []
    kinds = (
        (sent.embedded_regular_signatures, validate_pdf_signature),
        (sent.embedded_timestamp_signatures, validate_pdf_timestamp),
    )
    for signatures, validate in kinds:
        added = [each for each in signatures if each.signed_revision > base]
        for each in added:
            status = validate(each, nobody, skip_diff=True)
            # Whose it is, is not asked here; but it has to be one, of all that stands before it.
            if not (status.intact and status.valid) or status.coverage not in whole:
                raise AlteredError
        counts.append(len(added))
    return f"{counts[0]} {counts[1]}"


def answer(data: bytes) -> str:
    """What was added to the first bytes of a file, as many as its first line says."""
    size, _, content = data.partition(b"\n")
    return added_to(content, int(size))
