"""A PDF that was sent to the check: ours with a signature added, ours and altered, or somebody else's."""

import hashlib
import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.budget import TooMuchWork
from measures.models import Plan
from reports.models import Edition, EditionFile, Round, SignedCopy
from reports.public import checking
from reports.public.checking import Verdict
from reports.renderers import FORMATS, Rendered
from reports.rounds.services import approve, publish, submit, unpublish
from reports.signatures import looking
from reports.signatures.looking import Added
from tests.support.factories import make_measure
from tests.support.html import read
from tests.support.signing import PASSPHRASE, as_pkcs12, issued, new_root

pytestmark = pytest.mark.django_db

CHECK = "/public/check/"
OTHERS = ("docx", "xlsx", "csv", "json")


@pytest.fixture
def published(plan: Plan, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Edition:
    """A published edition whose PDF is a real one."""
    for name in OTHERS:
        fake = replace(FORMATS[name], make=lambda _: Rendered(b"x"))
        monkeypatch.setitem(FORMATS, name, fake)
    make_measure(plan, "ประกาศนโยบาย", status="done", result="ประกาศแล้ว")
    round_ = Round.objects.select_related("plan__agency").get(plan=plan, months=6)
    address = "https://ita.example.go.th/public/here/2566/6/"
    edition = approve(submit(round_, people["officer"]), people["executive"], address, in_background=False)
    publish(edition, people["officer"])
    return edition


@pytest.fixture
def pdf(published: Edition) -> EditionFile:
    return published.files.get(format="pdf")


def sent(content: bytes) -> Any:
    """What the page answers."""
    return Client().post(CHECK, {"file": SimpleUploadedFile("x.pdf", content)})


def verdict(content: bytes) -> Verdict:
    response = sent(content)
    assert response.status_code == 200
    found: Verdict = response.context["outcome"].verdict
    return found


def signed(content: bytes) -> bytes:
    """With the signature of somebody who has nothing to do with this site."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

    root = new_root()
    signer = SimpleSigner.load_pkcs12_data(
        as_pkcs12(issued(root, "สำนักงานอื่น"), root), [], PASSPHRASE.encode()
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    made: bytes = sign_pdf(writer, PdfSignatureMetadata(field_name="Later"), signer).getvalue()
    return made


def test_a_signature_that_somebody_added_leaves_it_unaltered_and_is_told(
    published: Edition, pdf: EditionFile
) -> None:
    response = sent(signed(bytes(pdf.content)))
    outcome = response.context["outcome"]
    assert (outcome.verdict, outcome.edition) == (Verdict.SIGNED_LATER, published)
    assert outcome.added == Added(signatures=1, stamps=0)
    page = read(response).one("main")
    assert "เนื้อหารายงานไม่ถูกแก้ไข" in page.one("div", role="status").text
    assert "ลายมือชื่อดิจิทัล 1 ตราประทับเวลา 0" in page.text
    assert "ไม่ได้ตรวจว่าลายมือชื่อที่เพิ่มเป็นของใคร" in page.text
    assert published.code in page.text


# How a file is looked at in a process of its own is shown above.
@pytest.mark.usefixtures("looked_at_here")
def test_an_altered_pdf_is_told_with_the_edition_that_it_says_it_is(
    published: Edition, pdf: EditionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytes(pdf.content)
    flipped = bytearray(content)
    flipped[content.index(b"stream", 3_000) + 20] ^= 1
    anew = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.save(anew)
    for altered in (content + b"\n", bytes(flipped), anew.getvalue()):
        response = sent(altered)
        outcome = response.context["outcome"]
        assert (outcome.verdict, outcome.edition) == (Verdict.ALTERED, published)
        page = read(response).one("main")
        assert "ถูกแก้ไขหรือบันทึกใหม่" in page.one("div", role="alert").text
        assert published.code in page.text
    # What is in another place was made for another site; its code is still ours.
    monkeypatch.setattr(checking, "names_in", lambda _: ["https://elsewhere.example/a", published.code])
    assert verdict(bytes(flipped)) == Verdict.ALTERED


@pytest.mark.usefixtures("looked_at_here")
def test_a_pdf_that_names_no_edition_of_ours_is_not_ours(published: Edition) -> None:
    made = io.BytesIO()
    with pikepdf.new() as other:
        other.add_blank_page()
        other.save(made)
    assert verdict(made.getvalue()) == Verdict.NOT_OURS
    assert verdict(b"%PDF-1.7 %%EOF") == Verdict.NOT_OURS
    assert verdict(b"no PDF") == Verdict.NOT_OURS


@pytest.mark.usefixtures("looked_at_here")
def test_of_what_is_not_published_nothing_is_told(published: Edition, pdf: EditionFile) -> None:
    unpublish(published.round)
    content = bytes(pdf.content)
    assert verdict(content + b"\n") == Verdict.NOT_OURS
    assert verdict(content) == Verdict.NOT_OURS


def test_a_copy_that_this_site_keeps_beside_the_file_is_known(published: Edition, pdf: EditionFile) -> None:
    copy = SignedCopy(file=pdf, number=1, added=b"added", level="b-b", made_at=published.approved_at)
    copy.sha256 = hashlib.sha256(copy.content).hexdigest()
    copy.save()
    response = sent(bytes(pdf.content) + b"added")
    outcome = response.context["outcome"]
    assert (outcome.verdict, outcome.edition, outcome.added) == (Verdict.SIGNED_LATER, published, None)


def test_where_too_many_files_are_looked_at_the_reader_is_asked_to_wait(
    published: Edition, pdf: EditionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_place(*_: Any) -> None:
        raise looking.TooManyLook

    monkeypatch.setattr(checking, "added_to", no_place)
    response = sent(bytes(pdf.content) + b"\n")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "กรุณารอสักครู่" in read(response).text


def test_what_takes_too_long_is_said_to_be_neither(
    published: Edition, pdf: EditionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def works_on(*_: Any) -> None:
        raise TooMuchWork

    monkeypatch.setattr(checking, "added_to", works_on)
    response = sent(bytes(pdf.content) + b"\n")
    assert response.status_code == 422
    assert "ตรวจไม่เสร็จในเวลาที่กำหนด" in read(response).text


def test_a_file_full_of_ends_is_read_once(published: Edition, pdf: EditionFile) -> None:
    assert len(list(looking.beginnings(b"%%EOF\n" * 1_000_000))) == 2 * looking.MAX_ENDS
    assert verdict(b"%PDF-" + b"%%EOF" * 100_000) == Verdict.NOT_OURS
