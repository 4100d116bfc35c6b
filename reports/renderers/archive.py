"""What makes a PDF last and speak: the claims of PDF/A and PDF/UA, and table heads that machines can follow.

WeasyPrint writes PDF/A-3a by itself. It cannot claim PDF/UA in the same file, and it does not say of which
cells a table's head is the head; both are added here, just before the file is written.
"""

from typing import Any, Final

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


def finish_for_archive(pdf: Any) -> None:
    """Complete a tagged PDF/A that WeasyPrint is about to write (a pydyf.PDF)."""
    metadata = pdf.objects[_number(pdf.catalog["Metadata"])]
    metadata.stream = [b"\n".join(metadata.stream).replace(b"</rdf:RDF>", PDF_UA_CLAIM)]
    for entry in pdf.objects:
        if isinstance(entry, dict) and entry.get("S") == "/TH":
            entry["A"]["Scope"] = "/Column" if _is_in_table_head(pdf, entry) else "/Row"


def _is_in_table_head(pdf: Any, cell: Any) -> bool:
    row = pdf.objects[_number(cell["P"])]
    return bool(pdf.objects[_number(row["P"])]["S"] == "/THead")


def _number(reference: bytes) -> int:
    """The number of the object that a reference names: 12 of "12 0 R"."""
    return int(reference.split()[0])
