"""Addresses of pupil librarians; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

helpers = views("helpers")
helpers_mine = views("helpers_mine")
helpers_work = views("helpers_work")
urlpatterns = [
    path("helpers/", helpers.helpers, name="helpers"),
    path("helpers/propose", helpers.propose, name="helpers_propose"),
    path("helpers/<int:pk>/appoint", helpers.appoint, name="helper_appoint"),
    path("helpers/<int:pk>/decline", helpers.decline, name="helper_decline"),
    path("helpers/<int:pk>/end", helpers.end, name="helper_end"),
    path("helpers/<int:pk>/card", helpers.card, name="helper_card"),
    path("helpers/training/", helpers_work.training, name="helpers_training"),
    path("helpers/training/<int:pk>/remove", helpers_work.remove_training, name="helpers_training_remove"),
    path("helpers/roster/", helpers_work.roster, name="helpers_roster"),
    path("helpers/roster/put", helpers_work.put, name="helpers_roster_put"),
    path("helpers/roster/<int:pk>/take", helpers_work.take, name="helpers_roster_take"),
    path("helpers/day/", helpers_work.day, name="helpers_day"),
    path("helpers/day/served", helpers_work.served, name="helpers_served"),
    path("helpers/day/<int:pk>/unserved", helpers_work.unserved, name="helpers_unserved"),
    path("helpers/work/", helpers_work.work, name="helpers_work"),
    path("helpers/<int:pk>/award", helpers_work.award, name="helper_award"),
    path("helpers/awards/<int:pk>/", helpers_work.certificate, name="helpers_certificate"),
    path("helpers/awards/<int:pk>/remove", helpers_work.unaward, name="helpers_unaward"),
    path("helpers/mine/", helpers_mine.mine, name="helpers_mine"),
    path("helpers/mine/here", helpers_mine.here, name="helpers_here"),
]
