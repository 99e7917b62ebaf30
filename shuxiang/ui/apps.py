from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look: tokens, parts, base templates. Knows no other room."""

    name = "shuxiang.ui"
    label = "ui"
