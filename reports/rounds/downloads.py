"""The report of a round as a file: as things stand, or as an edition keeps it."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.access import can_see_private_evidence
from accounts.background.limits import TooManyJobs, TooMuchAtOnce, heavy_answer, too_many
from accounts.request import Request
from core.http import NotFound, file_response, unchanged_answer
from reports.access import get_round, pick_edition
from reports.document.facts import ReportDocument
from reports.document.redaction import private_lines
from reports.document.schema import CONTENT_TYPE, version_of
from reports.document.version import content_version
from reports.models import Edition, EditionFile, Round, SignedCopy
from reports.renderers import FORMATS, Format, Rendered, RendererUnavailable
from reports.renderers.stored import content_key, stored_before, stored_rendering
from reports.rounds.draft_files import address_of_draft, is_for_a_worker
from reports.rounds.known_drafts import has_its_seal, keep_key, known_key
from reports.rounds.pictures import pictures_for
from reports.rounds.selectors import as_seen_by, document_in_force, document_of, edition_in_force
from reports.signatures.selectors import newest_copy

NEWEST: Final = "newest"
NO_COPY: Final = "ไฟล์นี้ไม่มีสำเนาที่มีลายมือชื่อเพิ่ม"
TELLS_PRIVATE: Final = "ไฟล์ของฉบับนี้มีรายละเอียดของหลักฐานที่ไม่เผยแพร่ จึงเปิดได้เฉพาะคนของหน่วยงาน"


@require_safe
def download(request: Request, year: int, months: int, ending: str) -> HttpResponseBase:
    """The report of a round as a file: as approved, else as submitted, else as things stand.

    What the browser has already is not sent again, and what was laid out already is not laid out again.
    """
    round_ = get_round(request, year, months)
    report_format = format_of(ending)
    if edition := edition_in_force(round_):
        edition.round = round_
        _check_readable(request, edition)
        return edition_file(request, edition, report_format, is_public=False)
    return _draft(request, round_, report_format)


@require_safe
def edition_download(
    request: Request, year: int, months: int, revision: int, ending: str
) -> HttpResponseBase:
    """One edition as a file, also an older one."""
    edition = pick_edition(get_round(request, year, months), revision)
    _check_readable(request, edition)
    return edition_file(request, edition, format_of(ending), is_public=False)


def _check_readable(request: Request, edition: Edition) -> None:
    """Editions from before private evidence was left out tell of it, and their files stay as they are.

    Raises:
        NotFound: to who may not see private evidence, unless everybody may have the file.
    """
    if edition.published_at or can_see_private_evidence(request.user, edition.round.plan.agency):
        return
    if private_lines(document_of(edition)):
        raise NotFound(TELLS_PRIVATE)


def format_of(ending: str) -> Format:
    """The file format with an ending; which there are is the renderers' business.

    Raises:
        NotFound: there is none.
    """
    if ending not in FORMATS:
        raise NotFound(f"ไม่มีรายงานแบบ .{ending}")
    return FORMATS[ending]


def edition_file(
    request: HttpRequest, edition: Edition, report_format: Format, *, is_public: bool
) -> HttpResponseBase:
    """A stored file of an edition, byte for byte; the browser keeps it, for it never changes. ?copy=newest
    asks for the copy of it to which a signature or a newer time stamp was added.

    Where a correction withdrew it, a page that says so (410), also to who has the file already.

    Raises:
        NotFound: there is no such copy.
    """
    if edition.withdrawn:
        return withdrawn_page(request, edition, is_public=is_public)
    file: EditionFile | SignedCopy | None
    wants_copy = request.GET.get("copy") == NEWEST
    if wants_copy:
        file = newest_copy(edition.pk, report_format.name)
        if file is None:
            raise NotFound(NO_COPY)
    else:
        file = edition.files.only("sha256").filter(format=report_format.name).first()
    if file is None:
        return _not_made_yet(request, edition, report_format, is_public=is_public)
    if (unchanged := unchanged_answer(request, quote_etag(file.sha256))) is not None:
        return unchanged
    round_ = edition.round
    name = f"{round_.plan.agency.slug}-{round_.plan.fiscal_year}-{round_.months}-r{edition.revision}"
    # Publishing can be taken back: nobody between the site and the reader keeps it unasked.
    cache = "public, no-cache" if is_public else "private, no-cache"
    response = file_response(
        bytes(file.content),
        report_format.content_type,
        f"{name}{'-signed' if wants_copy else ''}{report_format.extension}",
        cache=cache,
        etag=quote_etag(file.sha256),
    )
    return _described(response, report_format)


def withdrawn_page(request: HttpRequest, edition: Edition, *, is_public: bool) -> HttpResponse:
    """Says (410) that a correction has withdrawn the files of an edition."""
    frame = "reports/public/error.html" if is_public else "error.html"
    context = {"edition": edition, "is_public": is_public, "frame": frame}
    response = render(request, "reports/rounds/withdrawn.html", context, status=410)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _not_made_yet(
    request: HttpRequest, edition: Edition, report_format: Format, *, is_public: bool
) -> HttpResponse:
    """A page that says so (503). It is not made on demand: an edition's file is made once, by one worker."""
    frame = "reports/public/error.html" if is_public else "error.html"
    context = {"edition": edition, "format": report_format, "is_public": is_public, "frame": frame}
    response = render(request, "reports/rounds/not_made_yet.html", context, status=503)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Retry-After"] = "10"
    return response


def _draft(request: Request, round_: Round, report_format: Format) -> HttpResponseBase:
    """What is not approved. As long as no row changes, the document need not be built to find its file."""
    private = can_see_private_evidence(request.user, round_.plan.agency)
    version = content_version(round_)
    asked = version, private, report_format.name
    if key := known_key(asked):
        if (unchanged := unchanged_answer(request, quote_etag(key))) is not None:
            return unchanged
        if rendered := stored_before(key):
            return _answer(round_, report_format, rendered, key)
    # Read again after the version was taken: what changed in between would be kept under the newer one.
    round_ = Round.objects.select_related("plan__agency").get(pk=round_.pk)
    document = as_seen_by(request.user, round_, document_in_force(round_))
    key = content_key(document, report_format)
    # Of a document that was built while something changed, nobody can say of which rows it is.
    if has_its_seal(document, round_) and content_version(round_) == version:
        keep_key(asked, key)
    return _made(request, round_, document, report_format, key)


def _made(
    request: Request, round_: Round, document: ReportDocument, report_format: Format, key: str
) -> HttpResponseBase:
    if (unchanged := unchanged_answer(request, quote_etag(key))) is not None:
        return unchanged
    try:
        rendered = stored_before(key)
        if rendered is None and is_for_a_worker(document, report_format):
            return redirect(address_of_draft(round_, key, report_format, request.user))
        if rendered is None:
            with heavy_answer(request.user):
                rendered = stored_rendering(key, document, report_format, pictures_for)
    except (TooManyJobs, TooMuchAtOnce) as limit:
        return too_many(request, limit)
    except RendererUnavailable as error:
        return render(request, "reports/rounds/unavailable.html", {"what": str(error)}, status=503)
    return _answer(round_, report_format, rendered, key)


def _answer(round_: Round, report_format: Format, rendered: Rendered, key: str) -> HttpResponse:
    name = f"{round_.plan.agency.slug}-{round_.plan.fiscal_year}-{round_.months}"
    # A draft changes with every report: the browser asks each time, and no proxy keeps it.
    response = file_response(
        rendered.content,
        report_format.content_type,
        f"{name}{report_format.extension}",
        cache="private, no-cache",
        etag=quote_etag(key),
    )
    return _described(response, report_format)


def _described(response: HttpResponse, report_format: Format) -> HttpResponse:
    """Tell programs where the schema of a report's JSON is (JSON Schema 2020-12, 9.5.1.1)."""
    if report_format.name == "json":
        address = reverse("report_schema", args=[version_of(response.content)])
        response.headers["Link"] = f'<{address}>; rel="describedby"; type="{CONTENT_TYPE}"'
    return response
