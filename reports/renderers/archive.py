"""What makes a PDF last and speak: the claims of PDF/A and PDF/UA, and table heads that machines can follow.

WeasyPrint writes PDF/A-3a by itself. What is added here, just before the file is written: language,
identifier, the names of pages; the claim of PDF/UA, which it cannot make in the same file; which cells a
table's heads are the heads of; that what is printed in the margins is no part of the text, but for the name
of a row that goes on from the page before.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

import pydyf

from core.thai_calendar import thai_digits

# PDF/A allows a property that it does not know only where the file describes it (ISO 19005-3, 6.6.2.3).
PDF_UA_CLAIM: Final = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


def finish_for_archive(pdf: Any, identifier: str = "", continued: Collection[int] = ()) -> None:
    """Complete a tagged PDF/A in Thai that WeasyPrint is about to write (a pydyf.PDF).

    Args:
        pdf: the file.
        identifier: by which the document can be told from any other; empty where it has none.
        continued: the pages, from 0, whose first margin text names the row of the table that goes on there.
    """
    metadata = _object(pdf, pdf.catalog["Metadata"])
    claims = _dublin_core(identifier) + PDF_UA_CLAIM
    metadata.stream = [b"\n".join(metadata.stream).replace(b"</rdf:RDF>", claims)]
    _label_pages(pdf)
    _name_attachments_once(pdf)
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    elements = _elements(pdf, root)
    _connect_heads(pdf, root, elements)
    for place in continued:
        _name_row(pdf, root, elements, place)
    _mark_margins(pdf, root, elements)


def _dublin_core(identifier: str) -> bytes:
    """Language and identifier of the document."""
    named = f"<dc:identifier>{escape(identifier)}</dc:identifier>" if identifier else ""
    return (
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
        f"<dc:language><rdf:Bag><rdf:li>th</rdf:li></rdf:Bag></dc:language>{named}</rdf:Description>"
    ).encode()


def _label_pages(pdf: Any) -> None:
    """A reader calls each page as it is printed: ๑, ๒, ๓."""
    labels = pydyf.Array()
    for place in range(len(pdf.page_references)):
        labels.extend((place, pydyf.Dictionary({"P": pydyf.String(thai_digits(place + 1))})))
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": labels})


def _name_attachments_once(pdf: Any) -> None:
    # WeasyPrint 70 finds each attachment twice: by its name, and as an object.
    if files := pdf.catalog.get("AF"):
        files[:] = dict.fromkeys(files)


def _elements(pdf: Any, root: Any) -> dict[bytes, Any]:
    """The elements of the structure by their references, in reading order."""
    found: dict[bytes, Any] = {}
    waiting = list(reversed(root["K"]))
    while waiting:
        reference = waiting.pop()
        element = _object(pdf, reference)
        if "S" not in element:
            # The annotation of a link hangs in the tree without being an element of it.
            continue
        found[reference] = element
        waiting.extend(kid for kid in reversed(element.get("K", ())) if isinstance(kid, bytes))
    return found


def _connect_heads(pdf: Any, root: Any, elements: Mapping[bytes, Any]) -> None:
    """Say of each head which way its cells lie, and of each cell which heads it has."""
    heads = [element for element in elements.values() if element["S"] == "/TH"]
    of_groups: dict[bytes, Any] = {}
    for head in heads:
        row = elements[head["P"]]
        head["A"]["Scope"] = "/Column" if elements[row["P"]]["S"] == "/THead" else "/Row"
        if len(row["K"]) == 1:
            of_groups[row["P"]] = head["ID"]
    # To WeasyPrint the head of a group of rows is one of the first column, for all groups on the page.
    for cell in (element for element in elements.values() if element["S"] == "/TD"):
        of_group = of_groups.get(elements[cell["P"]]["P"])
        of_column = [name for name in cell["A"]["Headers"] if name not in of_groups.values()]
        cell["A"]["Headers"][:] = of_column if of_group is None else [*of_column, of_group]
    # Cells name their heads, and a file with names has to have an index of them (ISO 32000-1, 14.7.2).
    index = pydyf.Dictionary({"Names": pydyf.Array()})
    for head in sorted(heads, key=lambda head: str(head["ID"].string)):
        index["Names"].extend((head["ID"], head.reference))
    pdf.add_object(index)
    root["IDTree"] = index.reference


def _name_row(pdf: Any, root: Any, elements: dict[bytes, Any], place: int) -> None:
    """Make the first margin text of a page the first that is read in the row that goes on there.

    The row's name stands on the page before; its cell on this one is empty.
    """
    page = pdf.page_references[place]
    texts = _object(pdf, root["ParentTree"])["Nums"][2 * place + 1]
    row = next(
        element
        for element in elements.values()
        if element["S"] == "/TR" and element["Pg"] == page and elements[element["P"]]["S"] == "/TBody"
    )
    cell = elements[row["K"][0]]
    reference = next(text for text in texts if text not in elements)
    name = _object(pdf, reference)
    name["P"] = cell.reference
    cell["K"].insert(0, reference)
    elements[reference] = name


def _mark_margins(pdf: Any, root: Any, elements: Mapping[bytes, Any]) -> None:
    """Mark what stands in the margins as furniture of the page (ISO 14289-1, 7.8).

    WeasyPrint marks it as text and leaves it out of the structure.
    """
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    for place, page in enumerate(pdf.page_references):
        texts = numbers[2 * place + 1]
        stream = _object(pdf, _object(pdf, page)["Contents"]).stream
        for position, properties in enumerate(stream):
            if not isinstance(properties, dict) or "MCID" not in properties:
                continue
            number = properties["MCID"]
            if texts[number] not in elements:
                texts[number] = "null"
                stream[position - 1] = "/Artifact"
                properties.clear()
                properties["Type"] = "/Pagination"


def _object(pdf: Any, reference: bytes) -> Any:
    """The object that a reference such as 12 0 R names."""
    return pdf.objects[int(reference.split()[0])]
