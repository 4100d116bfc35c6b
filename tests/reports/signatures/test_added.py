"""What was added to a PDF: signatures, time stamps and what proves them; anything else alters it."""

import io
import zlib
from collections.abc import Callable
from contextlib import suppress
from time import process_time
from typing import Any, Final

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from core.budget import TooMuchWork
from reports.document.facts import ReportDocument
from reports.renderers import FORMATS
from reports.signatures import looking
from reports.signatures.added_look import added_to
from reports.signatures.names_look import names_in
from reports.signatures.services import sign
from reports.signatures.signing import INVISIBLE, _Writer
from tests.reports.signatures.conftest import Office
from tests.support.papers import ROW, document, section
from tests.support.signing import PASSPHRASE
from tests.support.thorough import THOROUGH

Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def signer(offices: Callable[..., Office]) -> SimpleSigner:
    """Somebody who signs what was published."""
    made = SimpleSigner.load_pkcs12(str(offices().folder / "office.p12"), passphrase=PASSPHRASE.encode())
    assert made is not None
    return made


def signed_by(signer: SimpleSigner, content: bytes, name: str = "Later", box: Any = None) -> bytes:
    """With a signature on top, as another program adds it."""
    field = SigFieldSpec(name, box=box, on_page=0, invis_sig_settings=INVISIBLE)
    pdf_signer = PdfSigner(PdfSignatureMetadata(field_name=name), signer, new_field_spec=field)
    made: bytes = pdf_signer.sign_pdf(_Writer(io.BytesIO(content))).getvalue()
    return made


def changed(content: bytes, change: Change) -> bytes:
    """With a change on top, as an incremental update."""
    writer = _Writer(io.BytesIO(content))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    assert made.getvalue().startswith(content)
    assert len(made.getvalue()) > len(content)
    return made.getvalue()


def first_page(writer: Any) -> Any:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    writer.update_container(page)
    return page


def other_content(writer: Any) -> None:
    stream = generic.StreamObject(stream_data=b"BT ET")
    first_page(writer)[pdf_name("/Contents")] = writer.add_object(stream)


def same_object_other_content(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    reference = page.raw_get("/Contents")
    writer.objects[(reference.generation, reference.idnum)] = generic.StreamObject(stream_data=b"BT ET")


def note_on_the_page(writer: Any) -> None:
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(each) for each in (9, 9, 99, 99)),
            pdf_name("/Contents"): generic.TextStringObject("another result"),
            pdf_name("/DA"): generic.TextStringObject("/Helv 12 Tf"),
        }
    )
    page = first_page(writer)
    if "/Annots" not in page:
        page[pdf_name("/Annots")] = generic.ArrayObject()
    page["/Annots"].append(writer.add_object(note))


def one_page_less(writer: Any) -> None:
    pages = writer.root["/Pages"]
    del pages["/Kids"][-1]
    writer.update_container(pages)


def another_title(writer: Any) -> None:
    info = writer.trailer["/Info"].get_object()
    info[pdf_name("/Title")] = generic.TextStringObject("another report")
    writer.mark_update(writer.trailer.raw_get("/Info"))


def another_identifier(writer: Any) -> None:
    metadata = writer.root["/Metadata"]
    text = metadata.data.replace(b"/public/kongkoi/", b"/public/another/")
    assert text != metadata.data
    stream = generic.StreamObject(stream_data=text)
    stream[pdf_name("/Type")], stream[pdf_name("/Subtype")] = pdf_name("/Metadata"), pdf_name("/XML")
    writer.root[pdf_name("/Metadata")] = writer.add_object(stream)
    writer.update_root()


def acts_when_opened(writer: Any) -> None:
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.TextStringObject("1")}
    )
    writer.update_root()


def another_attachment(writer: Any) -> None:
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    file = names[1].get_object()["/EF"].raw_get("/F")
    writer.objects[(file.generation, file.idnum)] = generic.StreamObject(stream_data=b"{}")


def a_field_to_fill_in(writer: Any) -> None:
    field = generic.DictionaryObject(
        {
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.TextStringObject("name"),
            pdf_name("/V"): generic.TextStringObject("value"),
        }
    )
    form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject([writer.add_object(field)])})
    writer.root[pdf_name("/AcroForm")] = writer.add_object(form)
    writer.update_root()


CHANGES: Final = (
    other_content,
    same_object_other_content,
    note_on_the_page,
    one_page_less,
    another_title,
    another_identifier,
    acts_when_opened,
    another_attachment,
    a_field_to_fill_in,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_else_is_added_alters_it_signed_or_not(
    plain: bytes, signer: SimpleSigner, change: Change
) -> None:
    altered = changed(plain, change)
    assert added_to(altered, len(plain)) == "altered"
    assert added_to(signed_by(signer, altered), len(plain)) == "altered"


@pytest.mark.parametrize("change", [other_content, another_identifier], ids=lambda change: change.__name__)
def test_what_is_added_after_a_signature_alters_it_too(
    plain: bytes, signer: SimpleSigner, change: Change
) -> None:
    assert added_to(changed(signed_by(signer, plain), change), len(plain)) == "altered"


def test_signatures_that_were_added_are_counted(plain: bytes, signer: SimpleSigner) -> None:
    once = signed_by(signer, plain)
    assert added_to(once, len(plain)) == "1 0"
    twice = signed_by(signer, once, "Another")
    assert added_to(twice, len(plain)) == "2 0"
    # To a file that is signed already.
    assert added_to(twice, len(once)) == "1 0"


@pytest.mark.usefixtures("stamped_office")
def test_time_stamps_and_what_proves_them_are_no_change(plain: bytes, report: ReportDocument) -> None:
    made = sign(plain, "pdf", report)
    assert made is not None
    assert looking.added_to(plain, made.content) == looking.Added(signatures=1, stamps=1)


def test_another_program_may_write_when_and_by_what_it_was_signed(plain: bytes, signer: SimpleSigner) -> None:
    """pyHanko's own writer names itself and the time in the file's properties."""
    field = SigFieldSpec("Later", invis_sig_settings=INVISIBLE)
    pdf_signer = PdfSigner(PdfSignatureMetadata(field_name="Later"), signer, new_field_spec=field)
    made = pdf_signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain))).getvalue()
    assert b"pyHanko" in made[len(plain) :]
    assert added_to(made, len(plain)) == "1 0"


def test_a_signature_that_is_seen_on_the_page_alters_it(plain: bytes, signer: SimpleSigner) -> None:
    """It can be drawn over any figure."""
    assert added_to(signed_by(signer, plain, box=(100, 100, 300, 200)), len(plain)) == "altered"


def test_a_signature_that_does_not_hold_is_none(plain: bytes, signer: SimpleSigner) -> None:
    made = bytearray(signed_by(signer, plain))
    place = made.index(b"/Reason") if b"/Reason" in made else made.rindex(b"/Type")
    made[place + 1] ^= 0x20
    assert added_to(bytes(made), len(plain)) == "altered"


@pytest.mark.parametrize("tail", [b"", b"\n", b"x", b"%%EOF\n", b"\nstartxref\n0\n%%EOF\n"])
def test_what_is_no_update_of_the_file_alters_it(plain: bytes, tail: bytes) -> None:
    assert added_to(plain + tail, len(plain)) == "altered"


def test_an_update_of_only_part_of_the_file_is_none(plain: bytes, signer: SimpleSigner) -> None:
    made = signed_by(signer, plain)
    assert added_to(made, len(plain) - 7) == "altered"


def test_a_file_calls_itself_by_its_address_and_its_code(plain: bytes) -> None:
    assert names_in(plain) == ["7KQF-29XM", "https://ita.example.go.th/public/kongkoi/2566/6/2/"]
    anew = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as opened:
        opened.save(anew, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert set(names_in(anew.getvalue())) == set(names_in(plain))
    assert names_in(b"%PDF-1.7 and nothing") == []


def test_a_file_that_grows_without_end_is_given_up(plain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred megabytes in the metadata of a file of one."""
    packed = zlib.compress(b" " * 200_000_000, 1)

    def swells(writer: Any) -> None:
        stream = generic.StreamObject(encoded_data=packed)
        stream[pdf_name("/Filter")] = pdf_name("/FlateDecode")
        stream[pdf_name("/Type")], stream[pdf_name("/Subtype")] = pdf_name("/Metadata"), pdf_name("/XML")
        writer.root[pdf_name("/Metadata")] = writer.add_object(stream)
        writer.update_root()

    monkeypatch.setattr(looking, "MEMORY", 400 * 1024 * 1024)
    sent = changed(plain, swells)
    with suppress(TooMuchWork):
        assert looking.added_to(plain, sent) is None
    assert looking.names_in(sent) in ([], list(names_in(plain)))


def test_what_takes_too_long_is_said_to_be_neither(plain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def works_on(*_: Any, **__: Any) -> str:
        raise TooMuchWork

    monkeypatch.setattr(looking, "in_child", works_on)
    with pytest.raises(TooMuchWork):
        looking.added_to(plain, plain + b"x")
    assert looking.names_in(plain) == []


def test_a_file_of_many_pages_is_looked_at_page_by_page(signer: SimpleSigner) -> None:
    """A table of many objects that is read once for each of them is half a minute of work."""
    sections = 10 if THOROUGH else 5
    large = (
        FORMATS["pdf"].render(document(*(section(n, *[ROW] * 12) for n in range(1, sections + 1)))).content
    )
    made = signed_by(signer, large)
    begun = process_time()
    assert added_to(made, len(large)) == "1 0"
    # With the table read anew each time it grows with the square.
    assert process_time() - begun < looking.SECONDS / 4 * (sections / 10) ** 2


def test_a_few_files_are_looked_at_at_once(plain: bytes, settings: Any, tmp_path: Any) -> None:
    settings.CACHE_DIR = tmp_path
    with looking._one_of_few(), looking._one_of_few(), pytest.raises(looking.TooManyLook):
        looking.names_in(plain)
