"""Foreign keys obey the drawing that imports obey."""

from django.apps import apps
from django.db.models import Model

from tests.architecture.source import storeys

OURS = "shuxiang."


def room_of(model: type[Model]) -> str | None:
    """The room a model lives in; None for models of libraries."""
    name = model._meta.app_config.name
    return name.removeprefix(OURS) if name.startswith(OURS) else None


def test_foreign_keys_point_down_or_stay_in_their_room() -> None:
    height = storeys()
    wrong = []
    seen = 0
    for model in apps.get_models(include_auto_created=True):
        room = room_of(model)
        if room is None:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if not getattr(field, "concrete", False) or not isinstance(target, type):
                continue
            other = room_of(target)
            if other is not None:
                seen += 1
            if other not in {None, room} and height[other or ""] <= height[room]:
                wrong.append(
                    f"{model._meta.label}.{field.name} points up or sideways to {target._meta.label}"
                )
    assert not wrong
    assert seen > 20  # the walk sees the foreign keys it judges


def test_every_room_with_models_is_in_the_drawing() -> None:
    rooms = {room for model in apps.get_models() if (room := room_of(model))}
    assert rooms <= storeys().keys()
