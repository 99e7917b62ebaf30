"""Addresses of self-service machines and of picture codes; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

kiosks = views("kiosks")
picture_codes = views("picture_codes")
urlpatterns = [
    path("kiosks/", kiosks.kiosks, name="kiosks"),
    path("kiosks/new", kiosks.kiosk_new, name="kiosk_new"),
    path("kiosks/history", kiosks.history, name="kiosk_history"),
    path("kiosks/<int:pk>/", kiosks.kiosk, name="kiosk"),
    path("kiosks/<int:pk>/code", kiosks.kiosk_code, name="kiosk_code"),
    path("kiosks/<int:pk>/revoke", kiosks.kiosk_revoke, name="kiosk_revoke"),
    path("codes/", picture_codes.codes, name="codes"),
    path("codes/<int:pk>/", picture_codes.codes_class, name="codes_class"),
    path("codes/<int:pk>/make", picture_codes.codes_make, name="codes_make"),
]
