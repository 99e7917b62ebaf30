"""Addresses of stocktaking; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

stocktaking = views("stocktaking")
stocktaking_heaps = views("stocktaking_heaps")
stocktaking_papers = views("stocktaking_papers")
stocktaking_scan = views("stocktaking_scan")
urlpatterns = [
    path("stocktaking/", stocktaking.stocktakes, name="stocktakes"),
    path("stocktaking/open", stocktaking.begin, name="stocktake_begin"),
    path("stocktaking/<int:pk>/", stocktaking.stocktake, name="stocktake"),
    path("stocktaking/<int:pk>/now", stocktaking.now, name="stocktake_now"),
    path("stocktaking/<int:pk>/close", stocktaking.close, name="stocktake_close"),
    path("stocktaking/<int:pk>/reopen", stocktaking.reopen, name="stocktake_reopen"),
    path("stocktaking/<int:pk>/abandon", stocktaking.abandon, name="stocktake_abandon"),
    path("stocktaking/<int:pk>/scanner", stocktaking_scan.begin, name="stocktake_scanner"),
    path("stocktaking/<int:pk>/file", stocktaking_scan.bring, name="stocktake_file"),
    path("stocktaking/scanners/<int:pk>/", stocktaking_scan.stream, name="stocktake_stream"),
    path("stocktaking/scanners/<int:pk>/now", stocktaking_scan.now, name="stocktake_stream_now"),
    path("stocktaking/scanners/<int:pk>/scan", stocktaking_scan.scan, name="stocktake_scan"),
    path("stocktaking/scanners/<int:pk>/undo", stocktaking_scan.undo, name="stocktake_unscan"),
    path("stocktaking/scanners/<int:pk>/order", stocktaking_papers.order, name="stocktake_order"),
    path("stocktaking/<int:pk>/heaps/<str:heap>/", stocktaking_heaps.heap, name="stocktake_heap"),
    path(
        "stocktaking/<int:pk>/heaps/<str:heap>/preview", stocktaking_heaps.preview, name="stocktake_preview"
    ),
    path("stocktaking/<int:pk>/heaps/<str:heap>/settle", stocktaking_heaps.settle, name="stocktake_settle"),
    path("stocktaking/settled/<uuid:pk>/", stocktaking_heaps.settlement, name="stocktake_settlement"),
    path("stocktaking/settled/<uuid:pk>/now", stocktaking_heaps.now, name="stocktake_settlement_now"),
    path("stocktaking/settled/<uuid:pk>/undo", stocktaking_heaps.undo, name="stocktake_settlement_undo"),
    path("stocktaking/<int:pk>/report/", stocktaking_papers.report, name="stocktake_report"),
    path("stocktaking/<int:pk>/report.docx", stocktaking_papers.word_file, name="stocktake_report_file"),
    path("stocktaking/<int:pk>/compare/", stocktaking_papers.compared, name="stocktake_compare"),
]
