"""A person's hand, which counts what it does: each press, each field filled and each choice is one action."""

import re
from typing import Final

from playwright.sync_api import FilePayload, Locator, Page

PATIENCE_MS: Final = 20_000
# As the browser does it: the page hears of it first, then the text stands in the field.
PASTE: Final = """(field, text) => {
  field.focus();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  if (!field.dispatchEvent(event)) return;
  field.value = text;
  field.dispatchEvent(new InputEvent("input", {bubbles: true, inputType: "insertFromPaste"}));
}"""


class Hand:
    """Does on a page what a person does. Reading, scrolling and waiting cost nothing here.

    Args:
        patience_ms: how long it waits for what it is to press, fill or see.
    """

    def __init__(self, page: Page, patience_ms: int = PATIENCE_MS) -> None:
        self.page = page
        self.patience_ms = patience_ms
        self.actions = 0

    def press(self, target: Locator) -> None:
        """A button, a link, a tick box or what a label belongs to."""
        self.actions += 1
        target.first.click(timeout=self.patience_ms)

    def button(self, words: str, within: Page | Locator | None = None) -> None:
        """The first button with these words, a regular expression."""
        self.press((within or self.page).get_by_role("button", name=re.compile(words)))

    def link(self, words: str, within: Page | Locator | None = None) -> None:
        """The first link of the page's content with these words, a regular expression."""
        self.press((within or self.page.locator("main")).get_by_role("link", name=re.compile(words)))

    def room(self, words: str) -> None:
        """An entry of the menu."""
        self.press(self.page.get_by_role("navigation").get_by_role("link", name=re.compile(words)))

    def fill(self, target: Locator, text: str) -> None:
        """A field."""
        self.actions += 1
        target.first.fill(text, timeout=self.patience_ms)

    def paste(self, target: Locator, text: str) -> None:
        """Into a field, as from a document."""
        self.actions += 1
        target.first.evaluate(PASTE, text)

    def choose(self, target: Locator, label: str) -> None:
        """An entry of a list."""
        self.actions += 1
        target.first.select_option(label=label, timeout=self.patience_ms)

    def hand_in(self, target: Locator, file: FilePayload) -> None:
        """A file that is chosen."""
        self.actions += 1
        target.first.set_input_files(file, timeout=self.patience_ms)

    def sees(self, words: str) -> None:
        """Wait until the page says something; nothing is done."""
        self.page.get_by_text(re.compile(words)).first.wait_for(state="visible", timeout=self.patience_ms)
