"""Papers as Word files in the conventions of GB/T 9704-2012, and what people wrote into them read back.

python-docx and lxml are loaded with the first paper, not when the program starts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shuxiang.reports.docx.reading import Foreign, NotWord, read_controls
    from shuxiang.reports.docx.tags import mark_of
    from shuxiang.reports.docx.writing import write

__all__ = ["Foreign", "NotWord", "mark_of", "read_controls", "write"]
_HOMES = {
    "Foreign": "reading",
    "NotWord": "reading",
    "read_controls": "reading",
    "mark_of": "tags",
    "write": "writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
