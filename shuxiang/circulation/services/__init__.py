"""The acts of circulation; every door calls these."""

from shuxiang.circulation.services.by_code import lend, take_back
from shuxiang.circulation.services.check_in import (
    CheckInResult,
    WhichReader,
    check_in,
    check_in_loan,
    check_in_record,
)
from shuxiang.circulation.services.check_out import NoCopyIn, check_out, check_out_record, preview_check_out
from shuxiang.circulation.services.pending import pending
from shuxiang.circulation.services.policies import default_policies, set_policy
from shuxiang.circulation.services.renew import mark_lost, renew
from shuxiang.circulation.services.replay import PastAct, Replay, Replayed, Stands, Verb, replay
from shuxiang.circulation.services.scan import Outcome, ScanResult, Sitting, scan, scan_record
from shuxiang.circulation.services.settling import dismiss_kept, reopen_kept, settle_kept
from shuxiang.circulation.services.undo import Undone, cancel_loan, reopen_loan, undo_act

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
    "WhichReader",
    "cancel_loan",
    "check_in",
    "check_in_loan",
    "check_in_record",
    "check_out",
    "check_out_record",
    "default_policies",
    "dismiss_kept",
    "lend",
    "mark_lost",
    "pending",
    "preview_check_out",
    "renew",
    "reopen_kept",
    "reopen_loan",
    "replay",
    "scan",
    "scan_record",
    "set_policy",
    "settle_kept",
    "take_back",
    "undo_act",
]
