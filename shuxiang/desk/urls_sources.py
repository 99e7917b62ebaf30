"""Addresses of other catalogues, classes and call numbers; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

callnumbers = views("callnumbers")
packs = views("packs")
sources = views("sources")
urlpatterns = [
    path("sources/", sources.sources, name="sources"),
    path("sources/look", sources.look, name="sources_look"),
    path("sources/packs/bring", packs.bring, name="pack_bring"),
    path("sources/packs/<uuid:pk>/", packs.pack, name="pack"),
    path("sources/packs/<uuid:pk>/progress", packs.progress, name="pack_progress"),
    path("sources/packs/<uuid:pk>/remove", packs.remove, name="pack_remove"),
    path("sources/servers/new", sources.target_new, name="target_new"),
    path("sources/servers/<int:pk>/", sources.target, name="target"),
    path("sources/servers/<int:pk>/act", sources.target_act, name="target_act"),
    path("call-numbers/", callnumbers.classes, name="call_numbers"),
    path("call-numbers/class/", callnumbers.one_class, name="call_numbers_class"),
    path("call-numbers/titles/<int:pk>/", callnumbers.call_number, name="call_number"),
    path("call-numbers/undo", callnumbers.undo, name="call_number_undo"),
]
