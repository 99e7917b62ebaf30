"""Addresses of the catalogue: public ones below /l/CODE/, and the same pages in the frame of the staff."""

from django.urls import path

from shuxiang.opac import views
from shuxiang.opac.views import drifting, me

app_name = "opac"
urlpatterns = [
    path("", views.root, name="root"),
    path("l/<str:code>/", views.home, name="home"),
    path("l/<str:code>/search", views.search, name="search"),
    path("l/<str:code>/suggest", views.suggest, name="suggest"),
    path("l/<str:code>/records/<int:pk>", views.record, name="record"),
    path("l/<str:code>/records/<int:pk>/slip", views.slip, name="slip"),
    path("l/<str:code>/records/<int:pk>/qr.svg", views.qr, name="qr"),
    path("l/<str:code>/r/<int:pk>", views.short, name="short"),
    path("l/<str:code>/drifting/<int:number>", drifting.drift, name="drift"),
    path("l/<str:code>/me", me.me, name="me"),
    path("l/<str:code>/me/enter", me.me_enter, name="me_enter"),
    path("l/<str:code>/me/renew", me.me_renew, name="me_renew"),
    path("l/<str:code>/me/hold", me.me_hold, name="me_hold"),
    path("l/<str:code>/me/hold/cancel", me.me_hold_cancel, name="me_hold_cancel"),
    path("l/<str:code>/me/leave", me.me_leave, name="me_leave"),
    path("desk/find", views.staff_search, name="staff_search"),
    path("desk/find/records/<int:pk>", views.staff_record, name="staff_record"),
]
