"""Letters and summaries as accessible PDF (PDF/A-2a and PDF/UA-1) through Typst.

``render`` compiles one of the templates in ``pdf/templates`` in a process of its own that is killed when it takes too
long; what a person typed goes in as data, never as markup, and what the fonts cannot show is replaced first.
"""

from stadhuis.kit.pdf.render import PdfError, printable, render, render_many

__all__ = ["PdfError", "printable", "render", "render_many"]
