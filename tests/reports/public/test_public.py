"""What everybody sees: published editions alone, and their data."""

import re
import sqlite3
from datetime import date, timedelta
from typing import Final
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, User
from core.file_kinds import size_text
from measures.models import Measure, Plan
from reports.document.serialization import VERSION
from reports.models import Edition, Publication, Round
from reports.new_year.services import open_year
from reports.public.views import PublicPages
from reports.renderers import FORMATS, RendererUnavailable
from reports.renderers.table import COLUMNS, EVIDENCE_COLUMNS
from reports.rounds.services import approve, publish, reopen, submit, unpublish
from tests.support.factories import make_agency, make_edition, make_evidence, make_measure
from tests.support.html import read
from tests.support.json_schema import Draft202012Validator, FormatChecker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("february", "nothing_written")]

PAGE: Final = "/public/here/2566/6/"


@pytest.fixture
def reader() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def round_(plan: Plan) -> Round:
    return plan.rounds.select_related("plan__agency").get(months=6)


@pytest.fixture
def edition(round_: Round, plan: Plan, people: dict[str, User]) -> Edition:
    """An approved edition that is not published."""
    measure = make_measure(plan, "ประกาศนโยบาย", status="in_progress", result="ประกาศแล้ว")
    proof = make_evidence(measure, "ประกาศ")
    proof.public = True
    proof.save()
    make_evidence(measure, "บันทึกภายใน")
    return approve(submit(round_, people["officer"]), people["executive"], f"https://ita.example.go.th{PAGE}")


@pytest.fixture
def published(edition: Edition, people: dict[str, User]) -> Edition:
    publish(edition, people["officer"])
    return edition


def corrected(round_: Round, people: dict[str, User]) -> Edition:
    reopen(round_, "แก้ตัวเลข")
    return approve(submit(round_, people["officer"]), people["executive"], "https://ita.example.go.th/")


def test_what_is_not_published_does_not_exist(edition: Edition, reader: Client) -> None:
    of_agency = (PAGE, f"{PAGE}report.pdf", f"{PAGE}1/", f"{PAGE}1/report.json", "/public/here/")
    for path in (*of_agency, "/public/nobody/"):
        assert reader.get(path).status_code == 404, path


def test_the_page_shows_the_report_and_only_public_evidence(published: Edition, reader: Client) -> None:
    page = read(reader.get(PAGE))
    assert page.all("meta", name="description")[0]["content"].startswith("องค์การบริหารส่วนตำบล here มีมาตรการ")
    text = page.text
    for words in ("ประกาศนโยบาย", "ประกาศแล้ว", "กองที่ 1", published.code, published.sha256):
        assert words in text
    assert [link.text for link in page.all("a", rel="noopener noreferrer nofollow")] == ["ประกาศ"]
    assert "บันทึกภายใน" not in text


def test_evidence_that_is_no_longer_public_disappears(published: Edition, reader: Client) -> None:
    Measure.objects.get().evidence.update(public=False)
    assert "ประกาศ" not in [link.text for link in read(reader.get(PAGE)).all("a")]


def test_the_downloads_are_the_stored_files(published: Edition, reader: Client) -> None:
    for name in FORMATS:
        response = reader.get(f"{PAGE}report.{name}")
        assert response.content == bytes(published.files.get(format=name).content)
        assert "attachment" in response["Content-Disposition"]
    assert reader.get(f"{PAGE}report.exe").status_code == 404


def test_a_superseded_revision_stays_readable_and_says_so(
    published: Edition, round_: Round, people: dict[str, User], reader: Client
) -> None:
    before = reader.get(f"{PAGE}1/report.pdf").content
    second = corrected(round_, people)
    # Not yet published: the first still counts.
    assert published.code in read(reader.get(PAGE)).text
    publish(second, people["officer"])
    assert second.code in read(reader.get(PAGE)).text
    assert "แก้ไขเพราะ แก้ตัวเลข" in read(reader.get(PAGE)).text
    old = read(reader.get(f"{PAGE}1/")).text
    assert "ฉบับที่ 1 นี้มีฉบับใหม่กว่าแล้ว" in old
    assert published.code in old
    assert reader.get(f"{PAGE}1/report.pdf").content == before
    assert reader.get(f"{PAGE}3/").status_code == 404


def test_unpublishing_hides_the_page_and_keeps_the_edition(
    published: Edition, round_: Round, reader: Client
) -> None:
    assert reader.get(PAGE).status_code == 200
    assert unpublish(round_)
    assert reader.get(PAGE).status_code == 404
    assert Edition.objects.get().code == published.code
    assert not unpublish(round_)


def test_lists_feeds_and_the_map_for_search_engines(published: Edition, reader: Client) -> None:
    assert "องค์การบริหารส่วนตำบล here" in read(reader.get(reverse("public"))).text
    listed = read(reader.get("/public/here/")).one("ul", "listed-links")
    assert [link["href"] for link in listed.all("a")] == [PAGE]
    assert "วันครบกำหนด" in read(reader.get(reverse("data_dictionary"))).text
    atom = "{http://www.w3.org/2005/Atom}"
    for path in ("/public/feed.xml", "/public/here/feed.xml"):
        feed = ElementTree.fromstring(reader.get(path).content)  # noqa: S314 - we wrote it
        (entry,) = feed.iter(f"{atom}entry")
        assert entry.findtext(f"{atom}id") == f"urn:ita-tracker:{published.code}"
        link = entry.find(f"{atom}link")
        assert link is not None
        assert link.attrib["href"].endswith(PAGE)
    places = ElementTree.fromstring(reader.get("/sitemap.xml").content)  # noqa: S314
    assert [place.text for place in places.iter() if place.tag.endswith("loc")] == [
        f"http://testserver{PAGE}"
    ]


def test_the_page_is_a_dataset_for_search_engines(published: Edition, reader: Client) -> None:
    page = read(reader.get(PAGE))
    (dataset,) = page.all("div", itemtype="https://schema.org/Dataset")
    told = {element["itemprop"] for element in dataset.walk() if "itemprop" in element.attributes}
    assert {"name", "description", "creator", "license", "distribution", "temporalCoverage"} <= told


def test_the_page_is_small_asks_little_and_leaves_nothing_with_the_reader(
    published: Edition, round_: Round, plan: Plan, people: dict[str, User], reader: Client
) -> None:
    for place in range(2, 11):
        make_measure(plan, "มาตรการ" * 20, position=place, status="done", result="ดำเนินการแล้ว" * 15)
    publish(corrected(round_, people), people["officer"])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = reader.get(PAGE)
    assert len(read(response).all("li", "public-measure")) == 10
    assert len(queries) <= 6
    assert len(response.content) <= 31_000
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db(transaction=True)
def test_the_page_answers_while_the_database_is_locked_for_writing(
    published: Edition, reader: Client
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("readers never wait for a writer on PostgreSQL")
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        assert reader.get(PAGE).status_code == 200
        assert reader.get(f"{PAGE}report.pdf").status_code == 200
    finally:
        other.close()


# --- What a page says of itself, and of the years before ------------------------------------------------


def test_the_figures_of_the_page_add_up(
    published: Edition, round_: Round, plan: Plan, people: dict[str, User], reader: Client
) -> None:
    for place, status in enumerate(("done", "cancelled", "done"), 2):
        make_measure(plan, position=place, status=status, status_reason="ยุบรวม")
    make_measure(plan, position=9, status="in_progress", due_on=date(2023, 1, 1), status_reason="รองบประมาณ")
    publish(corrected(round_, people), people["officer"])
    tiles = [tile.text for tile in read(reader.get(PAGE)).one("ul", "summary-tiles").all("li")]
    assert tiles[0].startswith("2 / 5 มาตรการแล้วเสร็จ")
    assert tiles[1].startswith("3 ยังไม่แล้วเสร็จ กำลังดำเนินการ 2 · ยกเลิก 1")
    assert tiles[2].startswith("1 ล่าช้า")
    assert tiles[3].startswith("1 หลักฐานที่เปิดเผย")


def test_a_measure_shows_its_steps_and_which_are_done(
    published: Edition, round_: Round, plan: Plan, people: dict[str, User], reader: Client
) -> None:
    step = Measure.objects.get().steps.get(position=1)
    step.done_on = date(2023, 1, 9)
    step.save()
    publish(corrected(round_, people), people["officer"])
    steps = read(reader.get(PAGE)).one("li", "public-measure").one("details")
    assert steps.one("summary").text == "ขั้นตอน 1/2"
    assert [line.text for line in steps.all("li")] == ["1. ขั้นที่ 1 แล้วเสร็จ 9 ม.ค. 2566", "2. ขั้นที่ 2"]


def test_the_files_say_how_large_they_are(published: Edition, reader: Client) -> None:
    files = [line.text for line in read(reader.get(PAGE)).one("ul", "files").all("li")]
    sizes = {file.format: size_text(len(bytes(file.content))) for file in published.files.all()}
    assert files == [f"{found.label} {sizes[found.name]}" for found in FORMATS.values()]


def test_the_years_before_stand_beside_the_report(
    published: Edition, agency: Agency, reader: Client, plan: Plan
) -> None:
    assert not read(reader.get(PAGE)).all("table", "public-years")
    for year in (2562, 2563, 2564, 2565, 2567):
        before = open_year(agency, year)
        make_measure(before, status="done", due_on=None)
        make_edition(before.rounds.select_related("plan__agency").get(months=6))
    rows = read(reader.get(PAGE)).one("table", "public-years").one("tbody").all("tr")
    # Its own, and the three before it; what came later is no comparison.
    assert [row.one("th").text for row in rows] == ["2566", "2565", "2564", "2563"]
    assert [cell.text for cell in rows[1].all("td")] == ["1/1", "0"]
    assert not rows[0].one("th").all("a")
    rounds = [link.text for link in read(reader.get(PAGE)).one("nav", "hero-rounds").all("a")]
    assert rounds[0] == "2567 รอบ 6 เดือน"
    assert len(rounds) == 6


def test_many_years_ask_no_more_queries(published: Edition, agency: Agency, reader: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            reader.get(PAGE)
        return len(queries)

    alone = asked()
    for year in (2562, 2563, 2564, 2565):
        before = open_year(agency, year)
        make_edition(before.rounds.select_related("plan__agency").get(months=6))
    assert asked() == alone <= 6


# --- The picture that a message shows beside a link -----------------------------------------------------


def test_a_message_finds_title_text_and_picture(
    published: Edition, reader: Client, settings: Settings
) -> None:
    def told() -> dict[str, str]:
        named = read(reader.get(PAGE)).all("meta")
        return {
            meta.get("property") or meta.get("name"): meta.get("content")
            for meta in named
            if meta.get("property").startswith("og:") or meta.get("name").startswith("twitter:")
        }

    assert told()["og:title"] == "องค์การบริหารส่วนตำบล here รายงาน ITA รอบ 6 เดือน ปีงบประมาณ พ.ศ. 2566"
    assert told()["og:description"] == "แล้วเสร็จ 0 จาก 1 มาตรการ"
    assert told()["og:image"] == f"http://testserver{PAGE}share.png"
    assert told()["twitter:card"] == "summary_large_image"
    settings.PUBLIC_URL = "https://ita.example.go.th"
    assert told()["og:image"] == f"https://ita.example.go.th{PAGE}share.png"
    assert told()["og:url"] == f"https://ita.example.go.th{PAGE}"
    response = reader.get(f"{PAGE}share.png")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert reader.get(f"{PAGE}share.png", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_what_the_machine_lacks_for_a_picture_is_not_told_to_everybody(
    published: Edition, reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unavailable(*_: object) -> None:
        raise RendererUnavailable("apt-get install libfribidi0")

    monkeypatch.setattr("reports.public.views.stored_rendering", unavailable)
    response = reader.get(f"{PAGE}share.png")
    assert response.status_code == 404
    assert "apt-get" not in response.content.decode()
    assert "apt-get install libfribidi0" in caplog.text


def test_a_picture_is_of_its_edition_and_of_what_is_published(
    published: Edition, round_: Round, people: dict[str, User], reader: Client
) -> None:
    first = reader.get(f"{PAGE}share.png").content
    make_measure(round_.plan, position=2, status="done")
    publish(corrected(round_, people), people["officer"])
    assert reader.get(f"{PAGE}share.png").content != first
    assert reader.get(f"{PAGE}1/share.png").content == first
    old = read(reader.get(f"{PAGE}1/"))
    assert old.all("meta", property="og:image")[0]["content"].endswith(f"{PAGE}1/share.png")
    unpublish(round_)
    assert reader.get(f"{PAGE}share.png").status_code == 404
    assert reader.get(f"{PAGE}1/share.png").status_code == 404


# --- Finding an agency, and what to do where nothing is found -------------------------------------------


def test_agencies_are_found_by_name_and_province(published: Edition, reader: Client) -> None:
    other = make_agency("other")
    Agency.objects.filter(pk=other.pk).update(province="น่าน")
    Agency.objects.filter(slug="here").update(province="แม่ฮ่องสอน")
    make_agency("unpublished")
    for year in (2564, 2565):
        make_edition(open_year(other, year).rounds.select_related("plan__agency").get(months=6))
    others = (reverse("public"), reverse("public_check"), reverse("public_log"))
    for text, found in {
        "": ["other", "here"],
        "here": ["here"],
        "อบต. HERE": ["here"],
        "แม่ฮ่องสอน": ["here"],
        "ตำบล น่าน": ["other"],
        "กระบี่": [],
        "%": [],
    }.items():
        page = read(reader.get(reverse("public"), {"text": text}))
        assert page.one("input", name="text").value == text
        links = [link["href"] for link in page.one("main").all("a") if link["href"] not in others]
        assert links == [f"/public/{slug}/" for slug in found], text
        if "other" in found:
            assert "จังหวัดน่าน · 2 รายงาน ล่าสุดปีงบประมาณ 2565" in page.text
        if not found:
            assert f"ไม่พบหน่วยงานที่มีคำว่า “{text}”" in page.text


@pytest.mark.parametrize("path", ["/public/here/2565/6/", f"{PAGE}7/", "/public/here/nothing/"])
def test_who_finds_nothing_is_told_what_there_is(published: Edition, reader: Client, path: str) -> None:
    response = reader.get(path)
    assert response.status_code == 404
    main = read(response).one("main")
    assert [link["href"] for link in main.all("a")] == [PAGE, "/public/here/", "/public/"]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("path", ["/public/nobody/", "/public/elsewhere/2566/6/", "/public/%00/"])
def test_of_who_has_published_nothing_nothing_is_told(
    people: dict[str, User], published: Edition, reader: Client, path: str
) -> None:
    response = reader.get(path)
    assert response.status_code == 404
    assert [link["href"] for link in read(response).one("main").all("a")] == ["/public/"]


def test_private_evidence_is_for_nobody(published: Edition, reader: Client) -> None:
    private = Measure.objects.get().evidence.get(title="บันทึกภายใน")
    assert reader.get(reverse("public_evidence", args=["here", private.pk])).status_code == 404


# --- The map for search engines -----------------------------------------------------------------------


def publish_year(plan: Plan, revisions: int = 1) -> None:
    """The published editions of a plan's six-month round."""
    round_ = plan.rounds.get(months=6)
    for revision in range(1, revisions + 1):
        edition = Edition.objects.create(
            round=round_,
            revision=revision,
            code=f"{plan.fiscal_year}-{revision}",
            document="{}",
            sha256="0" * 64,
            approved_by="นายก",
            approved_at=timezone.now(),
            correction="แก้ตัวเลข" if revision > 1 else "",
        )
        Publication.objects.create(edition=edition, published_at=timezone.now() + timedelta(days=revision))


def tree_of(reader: Client, query: str = "") -> ElementTree.Element:
    response = reader.get(f"/sitemap.xml{query}")
    assert response["Content-Type"] == "application/xml"
    return ElementTree.fromstring(response.content)  # noqa: S314 - we wrote it


def texts(tree: ElementTree.Element, tag: str) -> list[str]:
    return [element.text or "" for element in tree.iter() if element.tag.endswith(f"}}{tag}")]


def test_the_map_reads_no_edition_and_asks_the_same_for_any_number(agency: Agency, reader: Client) -> None:
    asked: list[int] = []
    for year in (2560, 2561, 2562, 2563):
        publish_year(open_year(agency, year), revisions=3)
        with CaptureQueriesContext(connection) as queries:
            assert len(texts(tree_of(reader), "loc")) == year - 2559
        asked.append(len(queries))
        assert not [
            query["sql"] for query in queries if re.search("document|approved_by|sha256", query["sql"])
        ]
    assert set(asked) == {3}
    # Of three revisions the day of the newest.
    assert set(texts(tree_of(reader), "lastmod")) == {f"{timezone.now() + timedelta(days=3):%Y-%m-%d}"}


def test_a_long_map_has_pages_and_a_list_of_them(
    agency: Agency, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PublicPages.limit <= 50_000
    monkeypatch.setattr(PublicPages, "limit", 2)
    for year in (2560, 2561, 2562):
        publish_year(open_year(agency, year))
    listed = tree_of(reader)
    assert listed.tag.endswith("}sitemapindex")
    assert texts(listed, "loc") == [f"http://testserver/sitemap.xml?p={page}" for page in (1, 2)]
    found = [address for page in (1, 2) for address in texts(tree_of(reader, f"?p={page}"), "loc")]
    assert found == [f"http://testserver/public/here/{year}/6/" for year in (2560, 2561, 2562)]
    for query in ("?p=3", "?p=x", "?p=-1", "?p=" + "9" * 5_000):
        assert reader.get(f"/sitemap.xml{query}").status_code == 404


# --- What the data means ----------------------------------------------------------------------------


def test_the_page_explains_columns_and_fields_and_links_the_schema(reader: Client) -> None:
    page = read(reader.get(reverse("data_dictionary")))
    address = reverse("report_schema", args=[VERSION])
    assert address == f"/public/data-dictionary/report-{VERSION}.schema.json"
    assert address in [link["href"] for link in page.all("a")]
    for key in (*(column.key for column in (*COLUMNS, *EVIDENCE_COLUMNS)), "log_head", "obstacles_public"):
        assert key in page.text
    assert "ข้อ 1.10" in page.text


def test_every_version_has_its_schema_at_an_address_that_stays(reader: Client) -> None:
    for version in range(1, VERSION + 1):
        answer = reader.get(f"/public/data-dictionary/report-{version}.schema.json")
        assert answer.headers["Content-Type"] == "application/schema+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        Draft202012Validator.check_schema(answer.json())
    for version in (0, VERSION + 1):
        assert reader.get(f"/public/data-dictionary/report-{version}.schema.json").status_code == 404


def test_a_published_json_names_its_schema_and_is_what_it_says(published: Edition, reader: Client) -> None:
    answer = reader.get(f"{PAGE}report.json")
    address, *rest = answer.headers["Link"].split("; ")
    assert rest == ['rel="describedby"', 'type="application/schema+json"']
    schema = reader.get(address.strip("<>")).json()
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())
    assert "Link" not in reader.get(f"{PAGE}report.csv").headers
