"""The acts of corners, boxes, paper registers and what stands beside the property; every door calls these."""

from shuxiang.corners.services import boxes, checks, drifting, own, paper, places, rounds
from shuxiang.corners.services.lending import corner_scan

__all__ = ["boxes", "checks", "corner_scan", "drifting", "own", "paper", "places", "rounds"]
