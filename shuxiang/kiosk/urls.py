"""Addresses of the self-service machine. All it shows stands at one address, so that a browser's history tells nothing."""

from django.urls import path

from shuxiang.kiosk import views

app_name = "kiosk"
urlpatterns = [
    path("", views.kiosk, name="kiosk"),
    path("register", views.register, name="register"),
    path("scan", views.scan, name="scan"),
    path("classes", views.classes, name="classes"),
    path("class", views.choose_class, name="class"),
    path("reader", views.choose_reader, name="reader"),
    path("pictures", views.pictures, name="pictures"),
    path("renew", views.renew, name="renew"),
    path("hold", views.give_up_hold, name="hold"),
    path("photo", views.photo, name="photo"),
    path("stay", views.stay, name="stay"),
    path("left", views.left, name="left"),
    path("pinyin", views.pinyin, name="pinyin"),
]
