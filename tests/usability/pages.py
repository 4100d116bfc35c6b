"""The main pages, whose weight, movement and speed are written down: name, person, address."""

from typing import Final

from tests.screenshots.pages import PRESENT, REAL

PAGES: Final = (
    ("Sign-in", "anonymous", "/login/"),
    ("Division's work", "staff", "/work/"),
    ("Measure", "staff", "/measures/{late}/"),
    ("Dashboard", "executive", "/dashboard/"),
    ("Plan", "officer", f"/plans/{PRESENT}/"),
    ("Editing the plan", "officer", f"/plans/{PRESENT}/edit/"),
    ("Editing a measure", "officer", "/measures/{late}/edit/"),
    ("Reports", "officer", "/reports/"),
    ("Round", "officer", f"/reports/{REAL}/6/"),
    ("All agencies", "overseer", "/overview/"),
    ("Published report", "anonymous", f"/public/kongkoi/{REAL}/6/"),
)
