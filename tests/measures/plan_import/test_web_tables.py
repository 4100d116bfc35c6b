"""Hostile HTML and text cost no more than honest ones, and what is hidden is not imported."""

import time
from contextlib import suppress
from typing import Final

import pytest

from measures.plan_import.parsing import Unreadable, parse, parse_text
from measures.plan_import.tables.reading import read_pasted
from tests.measures.plan_import.looks.texts import HEAD_LINE

YEAR: Final = 2566
HOSTILE: Final[dict[str, str]] = {
    "nested tables": "<table><tr><td>" * 5_000,
    "nested elements": "<table><tr><td>" + "<div>" * 100_000,
    "unclosed bold": "<table><tr><td>" + "<b>x" * 50_000,
    "a long style": '<table><tr><td><ol style="list-style:' + "a" * 1_000_000 + '!"><li>x</ol></table>',
    "wide cells": "<table>" + "<tr>" + "<td colspan=1000>x" * 2_000,
    "tall cells": "<table>" + ("<tr>" + "<td rowspan=65534>x" * 150) * 3_000,
    "many rows": "<table>" + "<tr><td>x" * 200_000,
    "many lists": "<table><tr><td>" + "<ol><li>" * 20_000,
    "lines without end": "<table><tr><td>" + "x<br>" * 100_000,
    "a style of classes": "<style>" + ".x{display:none}" * 100_000 + "</style><table><tr><td class=x>y",
    "attributes": "<table><tr><td " + "a=b " * 200_000 + ">x",
    "comments": "<table><tr><td>" + "<!--" * 200_000,
    "quotes": f"{HEAD_LINE}\n" + '"' * 500_000 + "\t" * 10,
    "open quotes": f"{HEAD_LINE}\n" + '"x\t' * 100 + '\n"y\t' * 50_000,
    "bars": "a | b\n--- | ---\n" + "|" * 500_000,
    "stars": "| a | b |\n|---|---|\n| " + "**" * 100_000 + "x |",
    "half lines": f"{HEAD_LINE}\n" + "x\ty\n" * 100_000,
    "spaces": ("x" + " " * 1_900 + "y  z  มาตรการ\n") * 1_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_ends_soon(name: str) -> None:
    begun = time.process_time()
    with suppress(Unreadable):
        parse_text(HOSTILE[name], YEAR)
    assert time.process_time() - begun < 10


def test_a_file_of_html_and_a_pasted_one_are_read_alike() -> None:
    page = "<html><table><tr><td>มาตรการ<td>ขั้นตอน<tr><td>ก<td>1. ข</table>"
    assert parse("แผน.xls", page.encode(), YEAR) == parse_text(page, YEAR)


def test_a_text_with_a_tag_is_text() -> None:
    (table,) = read_pasted("มาตรการ\tขั้นตอน\nใช้ <table> ในเว็บ\t1. ก\n")
    assert table.rows[1].cells[0].text == "ใช้ <table> ในเว็บ"


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">ลับ</span>',
        '<span style="mso-hide:all">ลับ</span>',
        "<span hidden>ลับ</span>",
        "<span class=h>ลับ</span>",
        "<script>ลับ</script>",
        "<!-- ลับ -->",
        "<del>ลับ</del>",
    ],
)
def test_what_is_hidden_is_not_imported(hidden: str) -> None:
    page = f"<style>.h {{ display: none }}</style><table><tr><td>เห็น{hidden}</table>"
    (table,) = read_pasted(page)
    assert table.rows[0].cells[0].text == "เห็น"
