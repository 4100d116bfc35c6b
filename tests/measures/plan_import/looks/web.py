"""Tables of HTML: copied from a page, Word, Excel and Google Sheets; files of HTML, also called .xls."""

from typing import Final

from measures.plan_import.parsing import Field
from tests.measures.plan_import.looks.documents import FIRST, HEAD, PHRASES, SECOND, A, B, Document, fact

KIND: Final = "ตารางหน้าเว็บ"
B2: Final = fact(B.title, [text for _, text in B.steps], B.parties, (B.due_text, B.due_on), B.status, "", 2)


def row(*cells: str, tag: str = "td", of: str = "") -> str:
    return f"<tr {of}>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def cells_of(of: object, steps: str = "", title: str = "", parties: str = "") -> list[str]:
    """The five cells of a measure as HTML."""
    assert isinstance(of, type(A))
    listed = "".join(f"<li>{text}</li>" for _, text in of.steps)
    return [
        title or of.title,
        steps or f"<ol>{listed}</ol>",
        parties or "<br>".join(of.parties),
        of.due_text,
        PHRASES[of.status],
    ]


def page(*rows: str, head: str = row(*HEAD, tag="th"), above: str = f"<p><b>{FIRST}</b></p>") -> str:
    return (
        f"<!doctype html><html><head><meta charset=utf-8></head><body>{above}"
        f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table></body></html>"
    )


def plain(*, steps: str = "", title: str = "", parties: str = "") -> str:
    return page(row(*cells_of(A, steps, title, parties)), row(*cells_of(B)))


def two_tables() -> str:
    head = row(*HEAD, tag="th")
    return (
        f"<div><h3>{FIRST}</h3><table>{head}{row(*cells_of(A))}</table>"
        f"<p><strong>{SECOND}</strong></p><table>{head}{row(*cells_of(B))}</table><p>ท้ายหน้า</p></div>"
    )


def merged() -> str:
    """Measures whose cells reach down over their steps, and a head of two rows."""
    head = (
        "<tr><th rowspan=2>มาตรการ</th><th rowspan=2>ขั้นตอน</th><th colspan=2>การดำเนินงาน</th>"
        "<th rowspan=2>ผลการดำเนินงาน</th></tr><tr><th>ผู้รับผิดชอบ</th><th>กำหนดแล้วเสร็จ</th></tr>"
    )
    rows = []
    for of in (A, B):
        title, _, party, due, status = cells_of(of)
        first, second = (text for _, text in of.steps)
        rows.append(
            f"<tr><td rowspan=2>{title}<td>1. {first}<td rowspan=2>{party}<td rowspan=2>{due}"
            f"<td rowspan=2>{status}</tr><tr><td>2. {second}</tr>"
        )
    return page(*rows, head=head)


def heading_rows() -> str:
    """Indicators as cells over the table, as wide as a page says and wider than the table is."""
    return page(
        f'<tr><td colspan="100">{FIRST}</td></tr>',
        row(*cells_of(A)),
        f'<tr><td colspan="5"><b>{SECOND}</b></td></tr>',
        row(*cells_of(B)),
        above="",
    )


def of_word() -> str:
    """The clipboard of Word: its lists are paragraphs, its numbers stand in elements of their own."""

    def steps(of: object) -> str:
        assert isinstance(of, type(A))
        return "".join(
            "<p class=MsoListParagraph style='margin:0;mso-list:l0 level1 lfo1'><![if !supportLists]>"
            f"<span lang=TH style='mso-list:Ignore'>{number}.<span style='font:7.0pt \"Times New Roman\"'>"
            f"&nbsp;&nbsp;&nbsp; </span></span><![endif]><span\n lang=TH>{text}<o:p></o:p></span></p>"
            for number, (_, text) in enumerate(of.steps, 1)
        )

    def cells(of: object) -> list[str]:
        title, _, party, due, status = cells_of(of)
        hidden = "<span style='display:none;mso-hide:all'>ซ่อนอยู่</span>"
        return [
            f"<p class=MsoNormal><b><span lang=TH>{title}</span></b>{hidden}<o:p></o:p></p>",
            steps(of),
            f"<p class=MsoNormal>{party}<o:p></o:p></p>",
            f"<p class=MsoNormal>{due}<span style='mso-spacerun:yes'>&nbsp; </span><o:p></o:p></p>",
            f"<p class=MsoNormal><!--[if x]>ไม่ใช่<![endif]-->{status}<del>ยังไม่</del></p>",
        ]

    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40"><head>'
        "<meta name=Generator content='Microsoft Word 15'>"
        "<!--[if gte mso 9]><xml><o:x>y</o:x></xml><![endif]-->"
        "<style>p.MsoNormal{margin:0cm}</style></head><body lang=EN-US><!--StartFragment-->"
        f"<p class=MsoNormal><b>{FIRST}</b></p><table class=MsoTableGrid border=1>"
        f"{row(*HEAD)}{row(*cells(A))}{row(*cells(B))}</table><!--EndFragment--></body></html>"
    )


def of_excel() -> str:
    """The clipboard of Excel, or a file called .xls: hidden columns and rows, line ends as <br>."""

    def cells(of: object) -> list[str]:
        assert isinstance(of, type(A))
        steps = "<br style='mso-data-placement:same-cell'>".join(
            f"{number}. {text}" for number, (_, text) in enumerate(of.steps, 1)
        )
        return [cells_of(of)[0], steps, *cells_of(of)[2:]]

    hidden = "<td class=xl70>ลับ</td></tr>"
    rows = [row(*each).replace("</tr>", hidden) for each in (HEAD, cells(A), cells(B))]
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv=Content-Type content="text/html; charset=windows-874">'
        "<style><!--\n.xl65\n\t{mso-number-format:General;}\n.xl70\n\t{display:none;}\n--></style></head><body>"
        f"<table border=0><col width=64><tr><td colspan=5 class=xl65>{FIRST}</td></tr>{rows[0]}{rows[1]}"
        f"<tr style='display:none'>{row(*cells(B))[5:]}{rows[2]}</table></body></html>"
    )


def of_sheets() -> str:
    """The clipboard of Google Sheets: no head or body, line ends as <br>, one span over all."""
    head = row(*HEAD)
    steps = [
        "<br/>".join(f"{number}) {text}" for number, (_, text) in enumerate(of.steps, 1)) for of in (A, B)
    ]
    return (
        '<meta charset="utf-8"><google-sheets-html-origin>'
        '<style type="text/css"><!--td {border: 1px solid #ccc;}'
        "br {mso-data-placement:same-cell;}--></style>"
        '<table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0">'
        '<colgroup><col width="100"/></colgroup><tbody>'
        f'<tr><td colspan="5" data-sheets-value="x">{FIRST}</td></tr>'
        f"{head}{row(*cells_of(A, steps[0]))}{row(*cells_of(B, steps[1]))}</tbody></table>"
    )


def laid_out() -> str:
    """A page that lays everything out in a table, with the plan and a small table in a cell inside of it."""
    inner = f"<table><tr><td>1. {A.steps[0][1]}</td></tr><tr><td>2. {A.steps[1][1]}</td></tr></table>"
    plan = f"<table>{row(*HEAD)}{row(*cells_of(A, inner))}{row(*cells_of(B))}</table>"
    return f"<html><table><tr><td>เมนู</td><td><h2>{FIRST}</h2>{plan}</td></tr></table></html>"


def months() -> str:
    """Bars below months, as coloured cells."""
    head = (
        "<tr><th rowspan=2>มาตรการ<th rowspan=2>ขั้นตอน<th rowspan=2>ผู้รับผิดชอบ<th colspan=4>ระยะเวลา 2566"
        "<th rowspan=2>ผลการดำเนินงาน</tr><tr><th>ม.ค.<th>ก.พ.<th>มี.ค.<th>เม.ย.</tr>"
    )
    title, steps, party, _, status = cells_of(A)
    bar = "<td style='background-color: rgb(0, 176, 80)'></td>"
    blank = "<td style='background-color: rgb(255, 255, 255)'>&nbsp;</td>"
    rows = f"<tr><td>{title}<td>{steps}<td>{party}{blank}{bar}{bar}{blank}<td>{status}</tr>"
    return page(rows, head=head)


def ragged() -> str:
    """A row that has lost a cell, in a table without the cells' ends."""
    cells = cells_of(B)
    return page(row(*cells_of(A)), row(cells[0], cells[1], cells[3], cells[4]))


def no_head() -> str:
    return page(row(*cells_of(A)), row(*cells_of(B)), head="")


def old_excel() -> bytes:
    """A file called .xls in the code page of Windows."""
    return of_excel().encode("cp874")


NESTED: Final = "<ol><li>{}<ol type=a><li>{}</li></ol></li></ol>"
SUB: Final = fact(steps=((1, "จัดทำร่างประกาศ"), (2, "เสนอผู้บริหารลงนาม")))
TICKED: Final = fact(status="done")


def ticked() -> str:
    head = row(*HEAD[:4], "ดำเนินการแล้ว", "ยังไม่ดำเนินการ", tag="th")
    return page(
        row(*cells_of(A)[:4], "<input type=checkbox checked>", "<input type=checkbox>"),
        head=head,
    )


def with_choice() -> str:
    """A form: the status is the chosen one of a list."""
    choice = "<select><option>ยังไม่ดำเนินการ</option><option selected>ดำเนินการแล้วเสร็จ</option></select>"
    return page(row(*cells_of(A)[:4], choice), row(*cells_of(B)))


BOTH: Final = (A, B)
DOCUMENTS: Final = (
    Document(
        KIND, "เว็บ ย่อหน้าในช่อง", lambda: plain(steps="<p>1. จัดทำร่างประกาศ</p><p>2. เสนอผู้บริหารลงนาม</p>"), BOTH
    ),
    Document(
        KIND,
        "เว็บ div ในช่อง",
        lambda: plain(steps="<div>๑. จัดทำร่างประกาศ</div><div>๒. เสนอผู้บริหารลงนาม</div>"),
        BOTH,
    ),
    Document(KIND, "เว็บ br ในช่อง", lambda: plain(steps="1) จัดทำร่างประกาศ<br>2) เสนอผู้บริหารลงนาม"), BOTH),
    Document(KIND, "เว็บ รายการมีเลข", plain, BOTH),
    Document(
        KIND,
        "เว็บ รายการสองระดับ",
        lambda: page(row(*cells_of(SUB, NESTED.format(*(t for _, t in SUB.steps))))),
        (SUB,),
    ),
    Document(
        KIND,
        "เว็บ ตัวหนาและ span",
        lambda: plain(title=f"<span><b>{A.title[:9]}</b>{A.title[9:]}</span>"),
        BOTH,
    ),
    Document(
        KIND,
        "เว็บ ข้อความซ่อน",
        lambda: plain(title=f"{A.title}<span style='display: none'>x</span><span hidden>y</span>"),
        BOTH,
    ),
    Document(KIND, "เว็บ หัวข้อระหว่างตาราง", two_tables, (A, B2)),
    Document(KIND, "เว็บ ผสานช่อง", merged, BOTH),
    Document(KIND, "เว็บ หัวข้อเป็นแถว", heading_rows, (A, B2)),
    Document(KIND, "คลิปบอร์ด Word", of_word, BOTH),
    Document(KIND, "คลิปบอร์ด Excel", of_excel, BOTH),
    Document(KIND, "เว็บเป็น.xls", old_excel, BOTH),
    Document(KIND, "เว็บ.html", lambda: plain().encode(), BOTH),
    Document(KIND, "เว็บ UTF-16.html", lambda: plain().encode("utf-16"), BOTH),
    Document(KIND, "คลิปบอร์ด Google Sheets", of_sheets, BOTH),
    Document(KIND, "เว็บ ตารางจัดหน้า", laid_out, BOTH),
    Document(
        KIND,
        "เว็บ แถบสีใต้เดือน",
        months,
        (fact(due=("ก.พ. - มี.ค. 2566", A.due_on)),),
        frozenset({(0, Field.DUE)}),
    ),
    Document(KIND, "เว็บ แถวขาดช่อง", ragged, BOTH, frozenset({(1, Field.PARTIES)})),
    Document(KIND, "เว็บ ไม่มีหัวตาราง", no_head, (), stops=True),
    Document(KIND, "เว็บ ช่องเลือก", with_choice, BOTH),
    Document(KIND, "เว็บ กล่องเครื่องหมาย", ticked, (A,)),
    Document(
        KIND,
        "เว็บ บรรทัดใน pre",
        lambda: plain(steps="<pre>1. จัดทำร่างประกาศ\n2. เสนอผู้บริหารลงนาม</pre>"),
        BOTH,
    ),
)
