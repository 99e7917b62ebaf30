"""Addresses of the readers; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

readers = views("readers")
readers_acts = views("readers_acts")
urlpatterns = [
    path("readers/", readers.readers, name="readers"),
    path("readers/new/", readers_acts.new, name="reader_new"),
    path("readers/<int:pk>/", readers.reader, name="reader"),
    path("readers/<int:pk>/history/", readers.history, name="reader_history"),
    path("readers/<int:pk>/change", readers_acts.change, name="reader_change"),
    path("readers/<int:pk>/move", readers_acts.move, name="reader_move"),
    path("readers/<int:pk>/lost", readers_acts.lost, name="reader_lost"),
    path("readers/<int:pk>/card", readers_acts.card, name="reader_card"),
    path("readers/<int:pk>/leave", readers_acts.leave, name="reader_leave"),
    path("readers/<int:pk>/back", readers_acts.back, name="reader_back"),
    path("readers/<int:pk>/renew/<int:loan_pk>", readers_acts.renew, name="reader_renew"),
]
