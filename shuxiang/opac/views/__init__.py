"""The catalogue: reading only, no session, no reader's name."""

from shuxiang.opac.views.finding import search, staff_search, suggest
from shuxiang.opac.views.opening import home, root
from shuxiang.opac.views.records import qr, record, short, slip, staff_record

__all__ = [
    "home",
    "qr",
    "record",
    "root",
    "search",
    "short",
    "slip",
    "staff_record",
    "staff_search",
    "suggest",
]
