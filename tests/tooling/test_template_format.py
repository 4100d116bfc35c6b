"""The check that lint makes of templates: short lines, few tags on each, and what every partial takes."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]


def loaded() -> ModuleType:
    loader = SourceFileLoader("check_templates", str(ROOT / ".ci" / "check-templates"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


CHECK: Final = loaded()


def test_templates_keep_the_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert (CHECK.main([]), capsys.readouterr().out) == (0, "")


@pytest.mark.parametrize(
    "text",
    [
        "<p>" + "ก" * 118 + "\n",
        "<p><b><i>x</i></b></p>\n",
        "<ul>\n\t<li>x</li>\n</ul>\n",
        "<ul>\n   <li>x</li>\n</ul>\n",
        "<p>x</p> \n",
        "<p>x</p>",
    ],
)
def test_the_format_notices_what_is_wrong(text: str) -> None:
    assert list(CHECK.wrong_lines("page.html", text))


def test_a_tag_in_a_comment_is_no_tag() -> None:
    assert not list(CHECK.wrong_lines("page.html", "{# <a><b><i> #}<p>{{ x }}</p>\n"))


@pytest.mark.parametrize("text", ["<p>x</p>\n", "{# A paragraph. #}\n<p>x</p>\n", "<p>x</p>{# Takes x. #}\n"])
def test_a_partial_without_its_contract_is_noticed(text: str) -> None:
    assert list(CHECK.wrong_partial("_part.html", text))
