"""Addresses of the class desk and of photographed barcodes; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.views import classdesk, photo

urlpatterns = [
    path("class/", classdesk.choose, name="classes"),
    path("class/<int:pk>/", classdesk.class_desk, name="class_desk"),
    path("class/<int:pk>/scan", classdesk.class_scan, name="class_scan"),
    path("class/<int:pk>/pick", classdesk.class_pick, name="class_pick"),
    path("class/<int:pk>/drop", classdesk.class_drop, name="class_drop"),
    path("class/<int:pk>/loans/<int:loan_pk>/return", classdesk.class_return, name="class_return"),
    path("class/<int:pk>/loans/<int:loan_pk>/renew", classdesk.class_renew, name="class_renew"),
    path("class/<int:pk>/undo", classdesk.class_undo, name="class_undo"),
    path("class/<int:pk>/end", classdesk.class_end, name="class_end"),
    path("photo/", photo.photo, name="photo"),
]
