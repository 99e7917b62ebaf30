"""The acts of the stack room; move() is in services.move, for the acts of this room and of those above."""

from shuxiang.holdings.services.carrying import Way, carry_back_later, carry_later, foresee
from shuxiang.holdings.services.closing import close_year, next_year, resume_closings
from shuxiang.holdings.services.drafting import (
    ItemValues,
    add_items,
    add_items_many,
    draft_batch,
    write_down,
)
from shuxiang.holdings.services.holding import HeldTitle, HoldingValues, hold, hold_many, hold_titles
from shuxiang.holdings.services.labelling import assign_barcode, assign_barcodes, next_barcode
from shuxiang.holdings.services.many import (
    MOVED_ON,
    Settled,
    bring_many_home,
    mark_many_found,
    mark_many_missing,
    put_many_aside,
    put_many_back,
    undo_many,
)
from shuxiang.holdings.services.places import (
    Places,
    PlaceValues,
    default_places,
    ensure_location,
    remove_group,
    remove_place,
    save_group,
    save_place,
)
from shuxiang.holdings.services.placing import mark_found, mark_missing, put_aside, put_back, transfer
from shuxiang.holdings.services.posting import post_batch, resume_batches
from shuxiang.holdings.services.renumbering import change_call_number, undo_call_number
from shuxiang.holdings.services.restoring import Restored, restore, restore_items
from shuxiang.holdings.services.reversing import ReversalResult, SkippedItem, reverse_batch
from shuxiang.holdings.services.reviewing import release, set_aside
from shuxiang.holdings.services.voiding import void_batch
from shuxiang.holdings.services.withdrawing import Papers, Struck, withdraw, withdraw_chunk

__all__ = [
    "MOVED_ON",
    "HeldTitle",
    "HoldingValues",
    "ItemValues",
    "Papers",
    "PlaceValues",
    "Places",
    "Restored",
    "ReversalResult",
    "Settled",
    "SkippedItem",
    "Struck",
    "Way",
    "add_items",
    "add_items_many",
    "assign_barcode",
    "assign_barcodes",
    "bring_many_home",
    "carry_back_later",
    "carry_later",
    "change_call_number",
    "close_year",
    "default_places",
    "draft_batch",
    "ensure_location",
    "foresee",
    "hold",
    "hold_many",
    "hold_titles",
    "mark_found",
    "mark_many_found",
    "mark_many_missing",
    "mark_missing",
    "next_barcode",
    "next_year",
    "post_batch",
    "put_aside",
    "put_back",
    "put_many_aside",
    "put_many_back",
    "release",
    "remove_group",
    "remove_place",
    "restore",
    "restore_items",
    "resume_batches",
    "resume_closings",
    "reverse_batch",
    "save_group",
    "save_place",
    "set_aside",
    "transfer",
    "undo_call_number",
    "undo_many",
    "void_batch",
    "withdraw",
    "withdraw_chunk",
    "write_down",
]
