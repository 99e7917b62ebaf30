"""Addresses of weeding and of the review of titles; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

hub = views("weeding.hub")
lists = views("weeding.lists")
papers = views("weeding.papers")
reviews = views("weeding.reviews")
urlpatterns = [
    path("weeding/", hub.hub, name="weeding"),
    path("weeding/rules/common", hub.common_rules, name="weeding_common_rules"),
    path("weeding/rules/new", hub.rule_new, name="weeding_rule_new"),
    path("weeding/rules/<int:pk>/", hub.rule, name="weeding_rule"),
    path("weeding/rules/<int:pk>/remove", hub.rule_remove, name="weeding_rule_remove"),
    path("weeding/propose", hub.propose, name="weeding_propose"),
    path("weeding/begin", hub.begin, name="weeding_begin"),
    path("weeding/kept/", hub.kept, name="weeding_kept"),
    path("weeding/kept/release", hub.release, name="weeding_release"),
    path("weeding/conditions/", hub.conditions, name="weeding_conditions"),
    path("weeding/lists/<uuid:pk>/", lists.weeding_list, name="weeding_list"),
    path("weeding/lists/<uuid:pk>/progress", lists.progress, name="weeding_progress"),
    path("weeding/lists/<uuid:pk>/weigh", lists.weigh, name="weeding_weigh"),
    path("weeding/lists/<uuid:pk>/add", lists.add, name="weeding_add"),
    path("weeding/lists/<uuid:pk>/approve", lists.approve, name="weeding_approve"),
    path("weeding/lists/<uuid:pk>/reopen", lists.reopen, name="weeding_reopen"),
    path("weeding/lists/<uuid:pk>/discard", lists.discard, name="weeding_discard"),
    path("weeding/lists/<uuid:pk>/strike", lists.strike, name="weeding_strike"),
    path("weeding/lists/<uuid:pk>/take-back", lists.take_back, name="weeding_take_back"),
    path("weeding/lists/<uuid:pk>/paper", papers.paper, name="weeding_paper"),
    path("weeding/lists/<uuid:pk>/word", papers.word, name="weeding_word"),
    path("weeding/lists/<uuid:pk>/workbook", papers.workbook, name="weeding_workbook"),
    path("weeding/reviews/", reviews.reviews, name="weeding_reviews"),
    path("weeding/reviews/<uuid:pk>/", reviews.review, name="weeding_review"),
    path("weeding/reviews/<uuid:pk>/progress", reviews.review_progress, name="weeding_review_progress"),
    path("weeding/reviews/<uuid:pk>/decide", reviews.decide, name="weeding_decide"),
]
