"""An agency's own Word template: what it may say, what is refused with which sentence, what it may cost."""

import io
from zipfile import ZipFile

import pytest
from docx import Document

from accounts.models import User
from core.budget import TooMuchWork
from core.locking import StaleEdit
from reports.models import PaperTemplate
from reports.publication_pack import filling, papers, services
from reports.publication_pack.facts import BLANK
from reports.publication_pack.fields import EXAMPLE, LIST_NAME, values_of
from reports.publication_pack.filling import Unfillable, fill
from reports.publication_pack.problems import BadTemplate, check_template, sentence_of
from reports.publication_pack.selectors import template_choices, templates_in_force
from reports.publication_pack.services import choose_template, examine_template
from tests.support.factories import make_agency
from tests.support.word import lines, with_parts, word

NAME = "{{ ชื่อหน่วยงาน }}"
VALUES = values_of(EXAMPLE)


def why(*paragraphs: str) -> tuple[str, str]:
    """Why a template of these paragraphs is not filled in, and what is named."""
    return why_not(word(*paragraphs))


def why_not(template: bytes, values: filling.Values = VALUES) -> tuple[str, str]:
    with pytest.raises(Unfillable) as refused:
        fill(template, values)
    return refused.value.why, refused.value.name


def test_fields_conditions_and_rows_are_filled_in() -> None:
    made = word(
        f"เรียน {NAME}",
        "{%p if เหตุผลที่แก้ไข %}",
        "แก้ไขเพราะ {{ เหตุผลที่แก้ไข }}",
        "{%p else %}",
        "ฉบับแรก",
        "{%p endif %}",
        f"{{%p for แถว in {LIST_NAME} %}}",
        "{{ loop.index }} {{ แถว.มาตรการ }}: {{ แถว.สถานะ }}",
        "{%p endfor %}",
    )
    assert lines(fill(made, VALUES)) == [
        f"เรียน {EXAMPLE.agency}",
        "ฉบับแรก",
        *(f"{place} {row.title}: {row.status}" for place, row in enumerate(EXAMPLE.rows, 1)),
    ]


def test_rows_of_a_table_are_filled_in() -> None:
    made = Document()
    made.add_paragraph(NAME)
    table = made.add_table(rows=3, cols=2)
    table.cell(0, 0).text = f"{{%tr for แถว in {LIST_NAME} %}}"
    table.cell(1, 0).text, table.cell(1, 1).text = "{{ แถว.มาตรการ }}", "{{ แถว.ผู้รับผิดชอบ }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    out = io.BytesIO()
    made.save(out)
    rows = [text for row in EXAMPLE.rows for text in (row.title, row.parties)]
    assert lines(fill(out.getvalue(), VALUES)) == [EXAMPLE.agency, *rows]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ชื่อหน่วยงาน}}",
        "{{ ชื่อ\u200bหน่วยงาน }}",
        "{{\u00a0ชื่อหน่วยงาน\u00a0}}",
        "{{ ชื่อหน่วยงาน\ufeff }}",
    ],
)
def test_what_word_puts_into_a_tag_unseen_does_no_harm(tag: str) -> None:
    assert lines(fill(word(tag), VALUES)) == [EXAMPLE.agency]


def test_sara_am_may_be_written_in_two_signs_and_sara_ae_too() -> None:
    assert lines(fill(word("{{ ตํา\u0e40\u0e40หน่งผู้อนุมัติ }}"), VALUES)) == [EXAMPLE.approver_post]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__ }}",
        "{{ ชื่อหน่วยงาน.__class__.__mro__ }}",
        "{{ ชื่อหน่วยงาน['__class__'] }}",
        "{{ ชื่อหน่วยงาน|attr('__class__') }}",
        "{{ ().__class__.__bases__[0].__subclasses__() }}",
        "{{ lipsum.__globals__ }}",
        "{{ ชื่อหน่วยงาน.format }}",
        "{{ ชื่อหน่วยงาน.upper() }}",
        "{{ '%s' % ชื่อหน่วยงาน }}",
        "{{ ชื่อหน่วยงาน * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ ชื่อหน่วยงาน ~ ชื่อหน่วยงาน }}",
        "{{ [1] * 9 }}",
        "{{ range(1000000000) }}",
        "{{ 1 if ชื่อหน่วยงาน else 2 }}",
        "{% for x in range(1000000000) %}x{% endfor %}",
        f"{{% for x in {LIST_NAME} recursive %}}{{{{ loop(x) }}}}{{% endfor %}}",
        f"{{% for x in {LIST_NAME} %}}{{% for y in {LIST_NAME} %}}1{{% endfor %}}{{% endfor %}}",
        f"{{% for ชื่อหน่วยงาน in {LIST_NAME} %}}x{{% endfor %}}",
        "{% set x = 1 %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% block x %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape false %}{{ ชื่อหน่วยงาน }}{% endautoescape %}",
        "{% call x() %}{% endcall %}",
        "{% with x = 1 %}{% endwith %}",
    ],
)
def test_nothing_but_fields_conditions_and_rows_is_run(tag: str) -> None:
    found, _ = why(NAME, tag)
    assert found in {"refused", "syntax"}


@pytest.mark.parametrize(
    "name", ["self", "cycler", "joiner", "namespace", "dict", "request", "config", "loop"]
)
def test_there_is_nothing_but_the_fields(name: str) -> None:
    assert why(f"{{{{ {name} }}}}") == ("unknown", name)


def test_a_wrong_field_is_named_and_the_right_one_offered() -> None:
    said = sentence_of(*why(NAME, "{{ ชื่อหน่วยงาม }}"))
    assert "“ชื่อหน่วยงาม”" in said
    assert "อาจหมายถึง “ชื่อหน่วยงาน”" in said


@pytest.mark.parametrize(
    ("tag", "named"),
    [
        (f"{{{{ {LIST_NAME} }}}}", LIST_NAME),
        ("{% for x in ชื่อหน่วยงาน %}{% endfor %}", "ชื่อหน่วยงาน"),
        (f"{{% for x in {LIST_NAME} %}}{{{{ x.ราคา }}}}{{% endfor %}}", "x.ราคา"),
        (f"{{% for x in {LIST_NAME} %}}{{{{ x }}}}{{% endfor %}}", "x"),
        ("{{ ชื่อหน่วยงาน|upper }}", "ชื่อหน่วยงาน |"),
        ("ใกล้ {{ ชื่อหน่วยงาน", "{{ ชื่อหน่วยงาน"),
        ("{% if ชื่อหน่วยงาน %}ก", "{% if ชื่อหน่วยงาน %}"),
    ],
)
def test_every_mistake_is_a_thai_sentence_that_names_it(tag: str, named: str) -> None:
    said = sentence_of(*why(tag))
    assert f"“{named}" in said
    assert not any(word in said for word in ("unexpected", "expected", "undefined", "Error"))


def test_a_file_without_a_field_is_refused() -> None:
    with pytest.raises(BadTemplate, match="ไม่พบช่องข้อมูล"):
        examine_template(word("บันทึกข้อความ"))


def test_a_field_in_the_foot_of_a_page_is_looked_at_as_well() -> None:
    made = Document(io.BytesIO(word(NAME)))
    made.sections[0].footer.paragraphs[0].text = "{{ ''.__class__ }}"
    out = io.BytesIO()
    made.save(out)
    assert why_not(out.getvalue())[0] == "refused"


def test_what_stands_in_the_files_properties_is_looked_at_as_well() -> None:
    made = Document(io.BytesIO(word(NAME)))
    made.core_properties.title = "{{ ''.__class__ }}"
    out = io.BytesIO()
    made.save(out)
    assert why_not(out.getvalue())[0] == "refused"


RELATION = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"'
    ' Target="{}" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("word__vbaProject_dot_bin", "x", "มาโคร"),
        (
            "word___rels__document_dot_xml_dot_rels",
            RELATION.format("attachedTemplate", "https://evil.example/a"),
            "ภายนอก",
        ),
        (
            "word___rels__document_dot_xml_dot_rels",
            RELATION.format("image", "//evil.example/a.png"),
            "ภายนอก",
        ),
        ("word__embeddings__a_dot_bin", "x", "OLE"),
        ("word__activeX__a_dot_bin", "x", "ActiveX"),
        ("word__extra_dot_xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DTD"),
        ("word__huge_dot_xml", f"<x>{' ' * 6_000_000}</x>", "ใหญ่ผิดปกติ"),
    ],
)
def test_a_file_that_acts_by_itself_is_refused(name: str, text: str, said: str) -> None:
    made = with_parts(word(NAME), **{name: text})
    if "huge" in name:
        made = packed(made)
    with pytest.raises(BadTemplate, match=said):
        check_template(made)


def packed(data: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "ว่างเปล่า"),
        (b"%PDF-1.7", "ไม่ใช่ Word"),
        (b"PK\x03\x04" + b"x" * 2_000_000, "ใหญ่เกิน"),
        (b"PK\x03\x04x", "ไฟล์อาจเสีย"),
        (b"PK\x05\x06" + bytes(18), "ไม่ใช่ Word"),
    ],
)
def test_what_is_no_word_file_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadTemplate, match=said):
        check_template(data)


def test_a_command_that_fields_complete_is_found_in_what_was_made() -> None:
    """A comment of Jinja's in the middle of a word: whoever looks at the template alone finds no command."""
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText>DDE{# #}AUTO c:</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    made = word(NAME, "HERE")
    with ZipFile(io.BytesIO(made)) as archive:
        text = archive.read("word/document.xml").decode()
    hidden = with_parts(made, word__document_dot_xml=text.replace("<w:r><w:t>HERE</w:t></w:r>", field))
    with pytest.raises(BadTemplate, match="DDE"):
        examine_template(hidden)


def test_an_honest_template_is_filled_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "fill", None)
    assert lines(examine_template(word(f"{NAME} {{{{ ผู้รายงาน }}}}"))) == [f"{EXAMPLE.agency} {BLANK}"]


def test_a_mistake_is_told_by_the_process_as_well() -> None:
    with pytest.raises(BadTemplate, match="“ไม่มี”"):
        examine_template(word("{{ ไม่มี }}"))


def test_what_takes_too_long_or_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MEMORY", 32 * 1024 * 1024)
    with pytest.raises(BadTemplate, match="ใหญ่หรือใช้เวลานานผิดปกติ"):
        examine_template(word(NAME))

    def never_ends(*_: object, **__: object) -> str:
        raise TooMuchWork

    monkeypatch.setattr(papers, "in_child", never_ends)
    with pytest.raises(BadTemplate, match="ใหญ่หรือใช้เวลานานผิดปกติ"):
        examine_template(word(NAME))


def test_a_document_grows_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    long = values_of(EXAMPLE) | {LIST_NAME: [{"มาตรการ": "ก" * 1000}] * 1000}
    row = f"{{% for x in {LIST_NAME} %}}{'{{ x.มาตรการ }}' * 20}{{% endfor %}}"
    assert why_not(word(row), long)[0] == "size"
    monkeypatch.setattr(filling, "MAX_TAGS", 5)
    assert why(NAME * 6) == ("size", "")


def test_what_comes_of_a_template_is_no_larger_than_a_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_PAPER", 1000)
    with pytest.raises(BadTemplate, match="ใหญ่หรือใช้เวลานานผิดปกติ"):
        examine_template(word(NAME))


@pytest.mark.django_db
def test_the_newest_choice_holds_and_the_systems_template_can_come_back(people: dict[str, User]) -> None:
    officer = people["officer"]
    agency = officer.agency
    assert agency is not None
    assert not templates_in_force(agency)
    choose_template(agency, "memo", 0, officer, "บันทึก.docx", b"1")
    with pytest.raises(StaleEdit):
        choose_template(agency, "memo", 0, officer, "อื่น.docx", b"2")
    choose_template(agency, "memo", 1, officer, "ใหม่.docx", b"2")
    assert {kind: bytes(each.content) for kind, each in templates_in_force(agency).items()} == {"memo": b"2"}
    choose_template(agency, "memo", 2, officer, "", b"")
    assert not templates_in_force(agency)
    chosen = template_choices(agency)["memo"]
    assert chosen is not None
    assert (chosen.version, chosen.is_own) == (3, False)
    # All of them stay, and are this agency's alone.
    assert PaperTemplate.objects.filter(agency=agency).count() == 3
    assert not any(template_choices(make_agency("there")).values())
