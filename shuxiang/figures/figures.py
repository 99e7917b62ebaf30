"""What the ground itself is counted by, where the registry looks for the figures of every room."""

from shuxiang.figures import ground

__all__ = ["ground"]
