"""Addresses below /desk/ that have to do with signing in."""

from django.urls import path

from shuxiang.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("welcome", views.welcome, name="welcome"),
    path("enter/<str:token>", views.enter, name="enter"),
    path("password", views.change_password, name="change_password"),
    path("library", views.choose_library, name="choose_library"),
]
