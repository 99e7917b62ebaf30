from django.apps import AppConfig


class LibrariesConfig(AppConfig):
    name = "shuxiang.libraries"
    label = "libraries"
