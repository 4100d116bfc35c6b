"""What makes a PDF last: the claims of PDF/A and PDF/UA.

WeasyPrint writes PDF/A-3a by itself. What is added here, just before the file is written: language,
identifier, the names of pages, and the claim of PDF/UA, which it cannot make in the same file.
"""

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


def finish_for_archive(pdf: Any, identifier: str = "") -> None:
    """Complete a PDF/A in Thai that WeasyPrint is about to write (a pydyf.PDF).

    Args:
        pdf: the file.
        identifier: by which the document can be told from any other; empty where it has none.
    """
    metadata = _object(pdf, pdf.catalog["Metadata"])
    claims = _dublin_core(identifier) + PDF_UA_CLAIM
    metadata.stream = [b"\n".join(metadata.stream).replace(b"</rdf:RDF>", claims)]
    _label_pages(pdf)
    _name_attachments_once(pdf)


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


def _object(pdf: Any, reference: bytes) -> Any:
    """The object that a reference such as 12 0 R names."""
    return pdf.objects[int(reference.split()[0])]
