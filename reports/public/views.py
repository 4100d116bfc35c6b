"""Pages for everybody: what an agency has published, each report with its data. They ask for no account, keep
no session and write nothing, so that they answer whatever else goes on.
"""

import logging
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from core.http import NotFound, file_response, site_address, unchanged_answer
from core.text import only_text
from core.thai_calendar import long_date
from measures.evidence.downloads import evidence_response
from reports.document import schema
from reports.document.serialization import VERSION
from reports.models import Edition, Publication
from reports.public.selectors import (
    figures_of,
    get_public_evidence,
    public_edition,
    public_report,
    published_editions,
    published_rounds,
    publishing_agencies,
)
from reports.renderers import PICTURE, RendererUnavailable
from reports.renderers.change_table import CHANGE_SHEET
from reports.renderers.stored import content_key, stored_rendering
from reports.renderers.table import CHANGE_COLUMNS, COLUMNS, EVIDENCE_COLUMNS
from reports.rounds.changes_file import changes_response
from reports.rounds.downloads import edition_file, format_of, withdrawn_page
from reports.rounds.scans import scan_file
from reports.rounds.selectors import document_of
from reports.signed_scan.selectors import public_scan

logger = logging.getLogger(__name__)

AGENCIES: Final = 200
MAX_TEXT: Final = 100
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


@login_not_required
@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency that has published a report; ?text= looks for a name or a province."""
    text = request.GET.get("text", "")[:MAX_TEXT].strip()
    page = Paginator(publishing_agencies(text), AGENCIES).get_page(request.GET.get("page"))
    return render(request, "reports/public/agencies.html", {"page": page, "text": text})


@login_not_required
@require_safe
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    """The reports that an agency has published."""
    editions = published_editions(slug)
    newest = editions[0]
    context = {
        "agency": newest.round.plan.agency,
        "editions": editions,
        "figures": figures_of(newest, document_of(newest)),
    }
    return render(request, "reports/public/agency.html", context)


@login_not_required
@require_safe
def report(
    request: HttpRequest, slug: str, year: int, months: int, revision: int | None = None
) -> HttpResponse:
    """A published report: summary, measures, downloads."""
    found = public_report(slug, year, months, revision)
    args = [slug, year, months] + ([found.edition.revision] if found.superseded else [])
    picture_of = "public_edition_picture" if found.superseded else "public_picture"
    context: dict[str, Any] = {
        "agency": found.edition.round.plan.agency,
        "round": found.edition.round,
        "report": found,
        "figures": found.side_by_side[0],
        "here": site_address(request, request.path),
        "picture": site_address(request, reverse(picture_of, args=args)),
        "licence": LICENCE,
    }
    return render(request, "reports/public/report.html", context)


@login_not_required
@require_safe
def picture(
    request: HttpRequest, slug: str, year: int, months: int, revision: int | None = None
) -> HttpResponseBase:
    """The picture beside a link to a published report in a message; always the same for an edition."""
    edition, _ = public_edition(slug, year, months, revision)
    document = document_of(edition)
    key = content_key(document, PICTURE)
    etag = quote_etag(key)
    if unchanged := unchanged_answer(request, etag):
        return unchanged
    try:
        made = stored_rendering(key, document, PICTURE)
    except RendererUnavailable as error:
        # What to install is for who runs the site, not for who reads a report.
        logger.warning("No picture of a published report: %s", error)
        raise NotFound from error
    name = f"{slug}-{year}-{months}-r{edition.revision}{PICTURE.extension}"
    return file_response(
        made.content, PICTURE.content_type, name, cache="public, no-cache", etag=etag, as_attachment=False
    )


@login_not_required
@require_safe
def download(
    request: HttpRequest, slug: str, year: int, months: int, ending: str, revision: int | None = None
) -> HttpResponseBase:
    """A file of a published report."""
    edition, _ = public_edition(slug, year, months, revision)
    return edition_file(request, edition, format_of(ending), is_public=True)


@login_not_required
@require_safe
def signed_scan(request: HttpRequest, slug: str, year: int, months: int, revision: int) -> HttpResponseBase:
    """The scan of a published report that was signed by pen, where the agency offers it."""
    edition, _ = public_edition(slug, year, months, revision)
    scan = public_scan(edition)
    if scan is None:
        raise NotFound("ไม่มีสำเนาที่ลงนามในที่อยู่นี้")
    return scan_file(request, scan, is_public=True)


@login_not_required
@require_safe
def changes(request: HttpRequest, slug: str, year: int, ending: str) -> HttpResponse:
    """What changed from the six-month report to the twelve-month one, where both are published."""
    editions = [public_edition(slug, year, months)[0] for months in (6, 12)]
    for edition in editions:
        if edition.withdrawn:
            return withdrawn_page(request, edition, is_public=True)
    before, after = map(document_of, editions)
    return changes_response(before, after, ending, f"{slug}-{year}-changes", cache="public, no-cache")


@login_not_required
@require_safe
def evidence(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """A file that the agency shows to everybody, as evidence in a report that it has published."""
    response = evidence_response(request, get_public_evidence(slug, pk))
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@login_not_required
@require_safe
def data_dictionary(request: HttpRequest) -> HttpResponse:
    """What each column and field of the data means."""
    context = {
        "columns": (*COLUMNS, *CHANGE_COLUMNS),
        "change_columns": CHANGE_SHEET,
        "evidence_columns": EVIDENCE_COLUMNS,
        "kinds": schema.explained(),
        "newest": VERSION,
        "licence": LICENCE,
    }
    return render(request, "reports/public/data_dictionary.html", context)


@login_not_required
@require_safe
def report_schema(request: HttpRequest, version: int) -> HttpResponse:
    """The JSON Schema of a version of the report's JSON: the same for ever at its address."""
    text = schema.schema_text(version)
    if text is None:
        raise NotFound("ไม่มีรูปแบบข้อมูลรุ่นนี้")
    response = HttpResponse(text, content_type=schema.CONTENT_TYPE)
    response.headers["Cache-Control"] = "public, max-age=86400"
    # Programs on other sites read it too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


class NewEditions(Feed[Edition, Edition]):
    """An Atom feed of what was published lately, of one agency or of all."""

    feed_type = Atom1Feed
    language = "th"

    def get_object(self, request: HttpRequest, slug: str = "") -> Any:
        return slug

    def title(self, slug: Any) -> str:
        return "รายงานมาตรการส่งเสริมคุณธรรมและความโปร่งใสที่เผยแพร่ล่าสุด"

    def link(self, slug: Any) -> str:
        return reverse("public_agency", args=[slug]) if slug else reverse("public")

    def items(self, slug: Any) -> QuerySet[Edition]:
        found = Edition.objects.published().select_related("round__plan__agency", "publication")
        if slug:
            found = found.filter(round__plan__agency__slug=slug)
        return found.defer("document").order_by("-publication__published_at")[:50]

    def item_title(self, item: Any) -> str:
        plan = item.round.plan
        return only_text(
            f"{plan.agency.name} ปีงบประมาณ พ.ศ. {plan.fiscal_year} รอบ {item.round.months} เดือน"
            f" ฉบับที่ {item.revision}{' (' + plan.sample_note + ')' if plan.is_sample else ''}"
        )

    def item_description(self, item: Any) -> str:
        return only_text(f"อนุมัติเมื่อ {long_date(item.approved_at)} โดย {item.approved_by}")

    def item_link(self, item: Edition) -> str:
        return public_path(item)

    def item_pubdate(self, item: Edition) -> datetime:
        return item.publication.published_at

    def item_guid(self, item: Edition) -> str:
        return f"urn:ita-tracker:{item.code}"


class PublicPages(Sitemap[dict[str, Any]]):
    """The published reports for search engines: of each round its one address, so many to a page."""

    # Search engines read 50,000 from one file and no more.
    limit = 10_000

    def items(self) -> QuerySet[Publication, dict[str, Any]]:
        return published_rounds()

    def location(self, item: dict[str, Any]) -> str:
        return reverse("public_report", args=[item["agency"], item["year"], item["months"]])

    def lastmod(self, item: dict[str, Any]) -> datetime:
        newest: datetime = item["newest"]
        return newest


def public_path(edition: Edition) -> str:
    """The address of an edition's round on this site."""
    plan = edition.round.plan
    return reverse("public_report", args=[plan.agency.slug, plan.fiscal_year, edition.round.months])


@login_not_required
@require_safe
def feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What was published lately, by one agency or by all, as Atom."""
    return NewEditions()(request, slug=slug)


@login_not_required
@require_safe
def site_map(request: HttpRequest) -> HttpResponseBase:
    """The published reports, for search engines: a list of pages (?p=2) where one page cannot hold them."""
    pages = 1 if "p" in request.GET else PublicPages().paginator.num_pages
    if pages == 1:
        return sitemap(request, {"reports": PublicPages})
    here = request.build_absolute_uri(reverse("sitemap"))
    listed = [{"location": f"{here}?p={page}"} for page in range(1, pages + 1)]
    return render(request, "sitemap_index.xml", {"sitemaps": listed}, content_type="application/xml")
