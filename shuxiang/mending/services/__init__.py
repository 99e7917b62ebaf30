"""The acts of mending and binding; every door calls these."""

from shuxiang.mending.services.rounds import hold_afternoon, open_consignment, take_home
from shuxiang.mending.services.tasks import finish, mend_here, step_back, take_in

__all__ = [
    "finish",
    "hold_afternoon",
    "mend_here",
    "open_consignment",
    "step_back",
    "take_home",
    "take_in",
]
