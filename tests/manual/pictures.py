"""Which pictures the manual has: of whose page, how large, and what is done before it is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.screenshots.pages import APPROVED, PASTED, PRESENT, REAL, SUBMITTED, open_all, paste_a_plan

ON_A_DESK: Final = {"width": 1280, "height": 760}
ON_A_PHONE: Final = {"width": 390, "height": 720}


@dataclass(frozen=True)
class Subject:
    """One picture."""

    person: str
    path: str
    narrow: bool = False
    prepare: Callable[[Page], None] | None = None
    sent: Mapping[str, str] | None = None
    """What has to be sent to the address to see the page without a browser."""

    @property
    def viewport(self) -> dict[str, int]:
        return ON_A_PHONE if self.narrow else ON_A_DESK


def show_the_work(page: Page) -> None:
    """Without what stands above it."""
    page.locator("h1").evaluate("heading => heading.scrollIntoView()")


def show_evidence_form(page: Page) -> None:
    open_all(page)
    page.locator("form.evidence-form").first.evaluate("form => form.scrollIntoView()")


SUBJECTS: Final = {
    "sign-in": Subject("anonymous", "/login/"),
    "public-report": Subject("anonymous", f"/public/kongkoi/{REAL}/6/"),
    "staff-work": Subject("staff", "/work/", narrow=True),
    "staff-measure": Subject("staff", "/measures/{late}/", narrow=True, prepare=show_the_work),
    "staff-evidence": Subject("staff", "/measures/{late}/", narrow=True, prepare=show_evidence_form),
    "officer-import": Subject(
        "officer", "/plans/import/", prepare=paste_a_plan, sent={"year": str(PRESENT), "text": PASTED}
    ),
    "officer-edit": Subject("officer", "/measures/{late}/edit/"),
    "officer-dashboard": Subject("officer", "/dashboard/"),
    "officer-plan": Subject("officer", f"/plans/{PRESENT}/"),
    "officer-round": Subject("officer", f"/reports/{PRESENT}/6/"),
    "executive-dashboard": Subject(f"executive-{APPROVED}", "/dashboard/"),
    "executive-approve": Subject(f"executive-{SUBMITTED}", f"/reports/{PRESENT - 1}/12/"),
    "overseer-overview": Subject("overseer", "/overview/"),
    "admin-people": Subject("admin", "/admin/accounts/user/"),
}
