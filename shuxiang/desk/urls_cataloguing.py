"""Addresses of the cataloguing desk; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

cataloguing = views("cataloguing")
cataloguing_batches = views("cataloguing_batches")
cataloguing_merge = views("cataloguing_merge")
cataloguing_record = views("cataloguing_record")
cataloguing_set = views("cataloguing_set")
cataloguing_marc = views("cataloguing_marc")
urlpatterns = [
    path("cataloguing/", cataloguing.start, name="cataloguing"),
    path("cataloguing/elsewhere", cataloguing.elsewhere, name="cataloguing_elsewhere"),
    path("cataloguing/twins", cataloguing.twins, name="cataloguing_twins"),
    path("cataloguing/undo/<uuid:pk>", cataloguing.undo, name="cataloguing_undo"),
    path("cataloguing/titles/new", cataloguing_record.new, name="cataloguing_new"),
    path("cataloguing/titles/<int:pk>/", cataloguing_record.record, name="cataloguing_record"),
    path("cataloguing/titles/<int:pk>/history", cataloguing_record.history, name="cataloguing_history"),
    path("cataloguing/titles/<int:pk>/set", cataloguing_set.choose, name="cataloguing_set"),
    path("cataloguing/titles/<int:pk>/marc", cataloguing_marc.marc_editor, name="cataloguing_marc"),
    path("cataloguing/marc/new", cataloguing_marc.marc_new, name="cataloguing_marc_new"),
    path("cataloguing/titles/<int:pk>/merge", cataloguing_merge.merge, name="cataloguing_merge"),
    path("cataloguing/titles/<int:pk>/split", cataloguing_merge.split, name="cataloguing_split"),
    path("cataloguing/batches/", cataloguing_batches.listing, name="batches"),
    path("cataloguing/batches/open", cataloguing_batches.open_batch, name="batch_open"),
    path("cataloguing/batches/<int:pk>/", cataloguing_batches.batch, name="batch"),
    path("cataloguing/batches/<int:pk>/erase", cataloguing_batches.erase, name="batch_erase"),
    path("cataloguing/batches/<int:pk>/post", cataloguing_batches.post, name="batch_post"),
    path("cataloguing/batches/<int:pk>/discard", cataloguing_batches.discard, name="batch_discard"),
    path("cataloguing/batches/<int:pk>/reverse", cataloguing_batches.reverse_page, name="batch_reverse"),
]
