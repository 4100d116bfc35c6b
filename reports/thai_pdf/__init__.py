"""Thai text in PDF that every reader can search, copy and read aloud.

Why it is needed: while a Thai line is shaped, SARA AM (ำ) is split in two, tone marks move before its first
half, and marks are raised one by one. A PDF keeps one text for each glyph, so the pieces of ำ end up with
the text of something else, and raised marks look like a line of their own to some readers. Common tools
lose a third of the words of a Thai page that way (Kozea/WeasyPrint issue 2841, LaurenzV/krilla issue 411).

What is done about it: the font is given a glyph for every Thai cluster, that is a consonant with all its
marks. Each is a composite of the very outlines and offsets that shaping the cluster gives, so that a page
looks the same; but a cluster is drawn by one glyph, and one glyph has one text: that of its letter. A glyph
without width or ink after it says the marks, because PDF.js takes whatever says a mark for one without width.
Two steps:

    regular = cluster_font(Path("Sarabun-Regular.ttf").read_bytes(), "Our Thai")
    # serve regular.data as the font "Our Thai" when laying out, then
    document.write_pdf(finisher=ToUnicodeFinisher({"Our-Thai": regular}))

Besides: fonts that were made already (made.py), signs that the font lacks (signs.py), a dictionary by which
lines end between words (dictionary.py), and what no line may end in (kept.py).

The package needs fontTools and uharfbuzz, and knows nothing of Django or of reports. WeasyPrint's own types
are not imported: its finisher hook hands over the pydyf objects.
"""

from reports.thai_pdf.font import ClusterFont, cluster_font
from reports.thai_pdf.made import made_font
from reports.thai_pdf.naming import renamed
from reports.thai_pdf.tounicode import ToUnicodeFinisher

__all__ = ["ClusterFont", "ToUnicodeFinisher", "cluster_font", "made_font", "renamed"]
