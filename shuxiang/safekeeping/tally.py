"""What an upgrade must not change: rows of every table, sums of money, counts of every state. Works on any past schema."""

from django.apps.registry import Apps
from django.db import models
from django.db.models import Count, Sum

from shuxiang.safekeeping.dump import kept_models

STATES = {"account", "state", "verdict", "outcome", "kind", "source", "reason"}


def take_tally(registry: Apps) -> dict[str, int]:
    """{"holdings.item rows": 9945, "holdings.item account=shelf": 9826, "holdings.propertyline list_price_fen": …}."""
    tally: dict[str, int] = {}
    for model in kept_models(registry):
        label = model._meta.label_lower
        rows = model._base_manager.all()
        tally[f"{label} rows"] = rows.count()
        for field in model._meta.concrete_fields:
            if field.name.endswith("_fen"):
                total = rows.aggregate(total=Sum(field.name))["total"]
                tally[f"{label} {field.name}"] = int(total or 0)
            elif field.name in STATES and isinstance(field, models.CharField):
                for value, n in rows.values_list(field.name).annotate(n=Count("pk")).order_by(field.name):
                    tally[f"{label} {field.name}={value}"] = int(n)
    return tally


def differences(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Lines that changed; what only one side knows (a new or a dropped table or column) is not a change."""
    return [
        f"{key}: {before[key]} → {after[key]}"
        for key in sorted(before.keys() & after.keys())
        if before[key] != after[key]
    ]
