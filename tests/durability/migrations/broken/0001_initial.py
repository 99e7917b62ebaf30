from importlib import import_module

Migration = import_module("shuxiang.files.migrations.0001_initial").Migration
