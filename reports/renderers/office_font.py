"""The typeface of Word documents and Excel workbooks, which have to do with what a machine has."""

from typing import Final

# The typeface that Thai documents are set in, and what stands in for it where it is not installed.
FONT: Final = "TH Sarabun New"
ALTERNATIVE: Final = "Sarabun"
# In points, of FONT. Every other size of a document follows from it.
TEXT_SIZE: Final = 14
