"""Parts of the pages by the words that people see, and keys pressed as they press them."""

from typing import Final

from playwright.sync_api import Locator, Page, expect

from measures.models import Measure

CLOCK: Final = r"เวลา \d\d:\d\d น\."
SAVED: Final = "บันทึกแล้ว เวลา "
LONGEST_WAY: Final = 120


def of_indicator(number: int) -> Measure:
    """The demonstration's only measure of an indicator; those of 2, 7 and 8 are in progress, and late."""
    return Measure.objects.get(indicator__number=number)


def result_field(within: Page | Locator) -> Locator:
    """Where the result of a measure is typed."""
    return within.get_by_label("ผลการดำเนินงาน (ไม่บังคับ)")


def reason_field(within: Page | Locator) -> Locator:
    """Where the reason is typed that a late or cancelled measure needs."""
    return within.locator("textarea[name=status_reason]")


def choose_status(within: Page | Locator, word: str) -> None:
    """Choose one of the statuses of the report form."""
    within.get_by_role("radio", name=word, exact=True).check()


def save_report(within: Page | Locator) -> None:
    """Press the report form's button."""
    within.get_by_role("button", name="บันทึกผล").click()


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the target has the focus."""
    for _ in range(LONGEST_WAY):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    # Says what was looked for.
    expect(target).to_be_focused()
