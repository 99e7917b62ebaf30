"""The acts of stocktaking; every door calls these."""

from shuxiang.stocktaking.services.closing import close, reopen
from shuxiang.stocktaking.services.files import bring_file
from shuxiang.stocktaking.services.opening import Extent, abandon, begin_stream, open_stocktake
from shuxiang.stocktaking.services.scanning import Answer, scan, unscan
from shuxiang.stocktaking.services.settling import settle
from shuxiang.stocktaking.services.undoing import NOT_UNDONE, undo_settlement

__all__ = [
    "NOT_UNDONE",
    "Answer",
    "Extent",
    "abandon",
    "begin_stream",
    "bring_file",
    "close",
    "open_stocktake",
    "reopen",
    "scan",
    "settle",
    "undo_settlement",
    "unscan",
]
