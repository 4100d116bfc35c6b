"""Digital signatures in the PDF files of editions (PAdES), and what archives add to them later."""
