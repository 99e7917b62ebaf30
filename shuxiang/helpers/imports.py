"""Readers who help, or helped, are in use: an undone import or opening leaves them."""

from collections.abc import Iterable

from shuxiang.helpers.models import Helper
from shuxiang.patrons.imports import register_use


def _helping(patrons: Iterable[int]) -> set[int]:
    return set(Helper.objects.filter(patron__in=list(patrons)).values_list("patron_id", flat=True))


register_use(_helping)
