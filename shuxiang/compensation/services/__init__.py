"""The acts of compensation; every door calls these."""

from shuxiang.compensation.services.opening import open_damaged, open_lost
from shuxiang.compensation.services.ruling import MOST_RULES, PolicyValues, save_policy, save_rules, take_over
from shuxiang.compensation.services.settling import NewVolume, pay, repaired, replace, waive
from shuxiang.compensation.services.striking import Withdrawn, withdraw_settled
from shuxiang.compensation.services.turning_up import turn_up
from shuxiang.compensation.services.undoing import step_back

__all__ = [
    "MOST_RULES",
    "NewVolume",
    "PolicyValues",
    "Withdrawn",
    "open_damaged",
    "open_lost",
    "pay",
    "repaired",
    "replace",
    "save_policy",
    "save_rules",
    "step_back",
    "take_over",
    "turn_up",
    "waive",
    "withdraw_settled",
]
