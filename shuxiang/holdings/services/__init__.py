"""The acts of the stack room; move() is in services.move, for the acts of this room and of those above."""

from shuxiang.holdings.services.drafting import (
    ItemValues,
    add_items,
    add_items_many,
    draft_batch,
    write_down,
)
from shuxiang.holdings.services.holding import HeldTitle, HoldingValues, hold, hold_many, hold_titles
from shuxiang.holdings.services.labelling import assign_barcode, assign_barcodes, next_barcode
from shuxiang.holdings.services.places import Places, default_places, ensure_location
from shuxiang.holdings.services.placing import mark_found, mark_missing, put_aside, put_back, transfer
from shuxiang.holdings.services.posting import post_batch, resume_batches
from shuxiang.holdings.services.reversing import ReversalResult, SkippedItem, reverse_batch
from shuxiang.holdings.services.voiding import void_batch
from shuxiang.holdings.services.withdrawing import withdraw

__all__ = [
    "HeldTitle",
    "HoldingValues",
    "ItemValues",
    "Places",
    "ReversalResult",
    "SkippedItem",
    "add_items",
    "add_items_many",
    "assign_barcode",
    "assign_barcodes",
    "default_places",
    "draft_batch",
    "ensure_location",
    "hold",
    "hold_many",
    "hold_titles",
    "mark_found",
    "mark_missing",
    "next_barcode",
    "post_batch",
    "put_aside",
    "put_back",
    "resume_batches",
    "reverse_batch",
    "transfer",
    "void_batch",
    "withdraw",
    "write_down",
]
