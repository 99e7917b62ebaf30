from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "shuxiang.files"
    label = "files"
