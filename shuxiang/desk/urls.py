"""Addresses of the staff pages, all below /desk/."""

from django.urls import include, path

from shuxiang.desk.views import desk, home, hubs, manual, returns

app_name = "desk"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("scan", desk.scan, name="scan"),
    path("readers/<int:pk>/choose", desk.choose_reader, name="choose_reader"),
    path("titles/<int:pk>/lend", desk.lend_title, name="lend_title"),
    path("finish", desk.finish, name="finish"),
    path("loans/<int:pk>/return", desk.return_loan, name="return_loan"),
    path("loans/<int:pk>/renew", desk.renew, name="renew"),
    path("undo", desk.undo, name="undo"),
    path("counts", desk.figures_today, name="counts"),
    path("returns/", returns.returns, name="returns"),
    path("returns/scan", returns.scan, name="returns_scan"),
    path("returns/undo", returns.undo, name="returns_undo"),
    path("returns/end", returns.end, name="returns_end"),
    path("home/", home.home, name="home"),
    path("stock/", hubs.stock, name="stock"),
    path("lending/", hubs.lending, name="lending"),
    path("reconcile/", home.reconciliation, name="reconcile"),
    path("help/", manual.contents, name="manual"),
    path("help/<int:number>/", manual.page, name="manual_page"),
    path("", include("shuxiang.desk.urls_cataloguing")),
    path("", include("shuxiang.desk.urls_class")),
    path("", include("shuxiang.desk.urls_corners")),
    path("", include("shuxiang.desk.urls_kiosks")),
    path("", include("shuxiang.desk.urls_figures")),
    path("", include("shuxiang.desk.urls_holds")),
    path("", include("shuxiang.desk.urls_import")),
    path("", include("shuxiang.desk.urls_ledgers")),
    path("", include("shuxiang.desk.urls_stocktaking")),
    path("", include("shuxiang.desk.urls_mending")),
    path("", include("shuxiang.desk.urls_money")),
    path("", include("shuxiang.desk.urls_sources")),
    path("", include("shuxiang.desk.urls_places")),
    path("", include("shuxiang.desk.urls_weeding")),
    path("", include("shuxiang.desk.urls_rotation")),
    path("", include("shuxiang.desk.urls_visits")),
    path("", include("shuxiang.desk.urls_printing")),
    path("", include("shuxiang.desk.urls_helpers")),
    path("", include("shuxiang.desk.urls_year")),
    path("", include("shuxiang.desk.urls_readers")),
    path("", include("shuxiang.desk.urls_offline")),
]
