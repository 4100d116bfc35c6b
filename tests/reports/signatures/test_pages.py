"""Who opens a report sees whether it is signed, and has the copy to which something was added."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from measures.bundle.extras import extras_of
from measures.models import Plan
from reports.models import Edition, EditionFile, FileSignature, SignedCopy
from tests.conftest import SignIn
from tests.support.factories import make_edition, make_remaining_files
from tests.support.html import read

pytestmark = pytest.mark.django_db

PUBLIC = "/public/here/2566/6/"


@pytest.fixture
def edition(plan: Plan) -> Edition:
    made = make_edition(plan.rounds.get(months=6), published=True)
    make_remaining_files(made)
    return made


@pytest.fixture
def pdf(edition: Edition) -> EditionFile:
    return edition.files.get(format="pdf")


def copy_of(pdf: EditionFile) -> SignedCopy:
    return SignedCopy.objects.create(
        file=pdf, number=1, added=b" and a stamp", sha256="5" * 64, level="b-b", made_at=timezone.now()
    )


def round_page(sign_in: SignIn, role: str = "officer") -> str:
    return read(sign_in(role).get(reverse("report", args=[2566, 6]))).one("main").text


def test_a_page_of_a_site_without_a_certificate_says_nothing_of_signatures(
    pdf: EditionFile, sign_in: SignIn
) -> None:
    for page in (round_page(sign_in), read(Client().get(PUBLIC)).one("main").text):
        assert "ลายมือชื่อดิจิทัล" not in page


def test_who_signed_is_said_inside_and_outside(pdf: EditionFile, sign_in: SignIn) -> None:
    FileSignature.objects.create(file=pdf, level="b-b", signer="เทศบาลเมืองกองก้อย", problem="เซิร์ฟเวอร์ไม่ตอบ")
    for page in (round_page(sign_in), read(Client().get(PUBLIC)).one("main").text):
        assert "ลงลายมือชื่อดิจิทัลโดย เทศบาลเมืองกองก้อย (PAdES B-B)" in page
        assert "สำเนา PDF ที่เพิ่มลายมือชื่อ" not in page
    # What failed is for the office.
    assert "เซิร์ฟเวอร์ไม่ตอบ" in round_page(sign_in, "executive")
    assert "เซิร์ฟเวอร์ไม่ตอบ" not in read(Client().get(PUBLIC)).text


def test_the_newest_copy_is_handed_out_and_the_file_stays_what_it_is(
    pdf: EditionFile, sign_in: SignIn
) -> None:
    FileSignature.objects.create(file=pdf, problem="ใบรับรองหมดอายุ")
    addresses = (
        (sign_in("officer"), reverse("edition", args=[2566, 6, 1, "pdf"])),
        (Client(), reverse("public_download", args=["here", 2566, 6, "pdf"])),
    )
    for client, address in addresses:
        assert client.get(address, {"copy": "newest"}).status_code == 404
    copy_of(pdf)
    for client, address in addresses:
        response = client.get(address, {"copy": "newest"})
        assert response.content == b"%PDF- and a stamp"
        assert "-signed.pdf" in response.headers["Content-Disposition"]
        assert client.get(address).content == b"%PDF-"
    page = read(Client().get(PUBLIC))
    (link,) = [each for each in page.all("a") if "copy=newest" in each["href"]]
    assert Client().get(link["href"]).content == b"%PDF- and a stamp"
    # Nothing failed any more.
    assert "ใบรับรองหมดอายุ" not in round_page(sign_in)


def test_the_bundle_of_a_plan_has_the_newest_copy(plan: Plan, pdf: EditionFile) -> None:
    copy_of(pdf)
    plan.rounds.filter(months=6).update(state="approved")
    found = {extra.name: extra.content for extra in extras_of(plan)}
    assert found["รายงาน/รอบ 6 เดือน ฉบับที่ 1.pdf"] == b"%PDF-"
    assert found["รายงาน/รอบ 6 เดือน ฉบับที่ 1 สำเนาที่เพิ่มลายมือชื่อ.pdf"] == b"%PDF- and a stamp"
