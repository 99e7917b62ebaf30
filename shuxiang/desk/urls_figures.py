"""Addresses of the figures and the reports; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

figures = views("figures")
summary = views("summary")
urlpatterns = [
    path("figures/", figures.dashboard, name="figures"),
    path("figures/all/", figures.every_figure, name="figures_all"),
    path("figures/<str:code>/", figures.figure, name="figure"),
    path("figures/<str:code>/target", figures.set_target, name="figure_target"),
    path("reports/term-summary/", summary.summary, name="summary"),
    path("reports/term-summary/file", summary.word_file, name="summary_file"),
    path("reports/term-summary/part", summary.keep_part, name="summary_part"),
    path("reports/term-summary/sign", summary.sign, name="summary_sign"),
]
