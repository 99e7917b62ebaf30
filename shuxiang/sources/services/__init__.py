"""The acts on other catalogues: look up, load and remove packs, keep the list of targets."""

from shuxiang.sources.services.loading import bring, remove
from shuxiang.sources.services.looking import LookedUp, Told, ask, look_up
from shuxiang.sources.services.targets import (
    TargetValues,
    move_target,
    remove_target,
    restore_target,
    save_target,
    switch_target,
)

__all__ = [
    "LookedUp",
    "TargetValues",
    "Told",
    "ask",
    "bring",
    "look_up",
    "move_target",
    "remove",
    "remove_target",
    "restore_target",
    "save_target",
    "switch_target",
]
