"""The acts of circulation; every door calls these."""

from shuxiang.circulation.services.by_code import lend, renew_by_code, take_back
from shuxiang.circulation.services.check_in import (
    CheckInResult,
    WhichReader,
    check_in,
    check_in_loan,
    check_in_record,
)
from shuxiang.circulation.services.check_out import NoCopyIn, check_out, check_out_record, preview_check_out
from shuxiang.circulation.services.holds import (
    cancel_hold,
    fetch,
    move_hold,
    place_hold,
    preview_hold,
    put_back,
    tend,
)
from shuxiang.circulation.services.pending import pending
from shuxiang.circulation.services.policies import default_policies, remove_policy, set_policy
from shuxiang.circulation.services.recalls import Wanted, foresee_recall, recall, reverse_recall
from shuxiang.circulation.services.renew import mark_lost, renew
from shuxiang.circulation.services.replay import PastAct, Replay, Replayed, Stands, Verb, replay
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting, scan, scan_record
from shuxiang.circulation.services.settling import dismiss_kept, forget_dismissed, reopen_kept, settle_kept
from shuxiang.circulation.services.undo import Undone, cancel_loan, reopen_loan, undo_act
from shuxiang.circulation.services.vacations import remove_vacation, save_vacation

__all__ = [
    "CheckInResult",
    "NoCopyIn",
    "Outcome",
    "PastAct",
    "Replay",
    "Replayed",
    "ScanResult",
    "Sitting",
    "Stands",
    "Undone",
    "Verb",
    "Wanted",
    "WhichReader",
    "cancel_hold",
    "cancel_loan",
    "check_in",
    "check_in_loan",
    "check_in_record",
    "check_out",
    "check_out_record",
    "default_policies",
    "dismiss_kept",
    "fetch",
    "foresee_recall",
    "forget_dismissed",
    "lend",
    "mark_lost",
    "move_hold",
    "pending",
    "place_hold",
    "preview_check_out",
    "preview_hold",
    "put_back",
    "recall",
    "remove_policy",
    "remove_vacation",
    "renew",
    "renew_by_code",
    "reopen_kept",
    "reopen_loan",
    "replay",
    "reverse_recall",
    "save_vacation",
    "scan",
    "scan_record",
    "set_policy",
    "settle_kept",
    "take_back",
    "tend",
    "undo_act",
]
