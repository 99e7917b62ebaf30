"""Shuxiang 书香: a library system for schools."""

__version__ = "0.1.0"
