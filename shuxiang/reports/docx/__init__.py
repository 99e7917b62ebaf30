"""Papers as Word files in the conventions of GB/T 9704-2012, and what people wrote into them read back."""

from shuxiang.reports.docx.reading import Foreign, NotWord, read_controls
from shuxiang.reports.docx.tags import mark_of
from shuxiang.reports.docx.writing import write

__all__ = ["Foreign", "NotWord", "mark_of", "read_controls", "write"]
