"""Addresses of visits, lessons, slips and scores; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

books = views("visits_books")
lessons = views("lessons")
slips = views("slips")
visits = views("visits")
urlpatterns = [
    path("lessons/", lessons.week, name="lessons"),
    path("lessons/new", lessons.new, name="lesson_new"),
    path("lessons/register.pdf", lessons.register, name="lessons_register"),
    path("lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("lessons/<int:pk>/forget", lessons.forget, name="lesson_forget"),
    path("visits/", visits.visits, name="visits"),
    path("visits/class", visits.count_class, name="visits_class"),
    path("visits/correct", visits.correct, name="visits_correct"),
    path("visits/pause", visits.pause, name="visits_pause"),
    path("visits/doors/", visits.doors, name="visits_doors"),
    path("visits/doors/<int:pk>/", visits.door, name="visits_door"),
    path("visits/keys/<int:pk>/", visits.key, name="visits_key"),
    path("visits/gate/", books.gate, name="visits_gate"),
    path("visits/gate/take", books.gate_take, name="visits_gate_take"),
    path("visits/gate/<int:pk>/undo", books.gate_undo, name="visits_gate_undo"),
    path("visits/readings/", books.readings, name="visits_readings"),
    path("visits/readings/print.pdf", books.readings_print, name="visits_readings_print"),
    path("visits/readings/<int:pk>/remove", books.reading_remove, name="visits_reading_remove"),
    path("visitors/", books.visitors, name="visitors"),
    path("visitors/<int:pk>/remove", books.visitors_remove, name="visitors_remove"),
    path("slips/", slips.slips, name="slips"),
    path("slips/file.<form>", slips.slips_file, name="slips_file"),
    path("scores/", slips.scores, name="scores"),
    path("scores/print.pdf", slips.scores_print, name="scores_print"),
    path("scores/give", slips.give, name="scores_give"),
    path("scores/entries/<int:pk>/strike", slips.strike, name="scores_strike"),
    path("scores/criteria", slips.criterion_add, name="scores_criterion"),
    path("scores/criteria/<int:pk>/end", slips.criterion_end, name="scores_criterion_end"),
]
