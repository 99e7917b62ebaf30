"""Addresses of the public catalogue."""

from django.urls import path

from shuxiang.opac import views

app_name = "opac"
urlpatterns = [
    path("", views.root, name="root"),
    path("l/<str:code>/", views.home, name="home"),
    path("l/<str:code>/search", views.search, name="search"),
    path("l/<str:code>/records/<int:pk>", views.record, name="record"),
]
