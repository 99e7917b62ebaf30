"""Addresses of holds, recalls, lending rules, holidays and blocks; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

blocks = views("blocks")
holds = views("holds")
holds_placing = views("holds_placing")
policies = views("policies")
recalls = views("recalls")
vacations = views("vacations")
urlpatterns = [
    path("holds/", holds.holds, name="holds"),
    path("holds/ended/", holds.ended, name="holds_ended"),
    path("holds/tidy", holds.tidy, name="holds_tidy"),
    path("holds/place/", holds_placing.placing, name="holds_place"),
    path("holds/place/do", holds_placing.place, name="holds_place_do"),
    path("holds/titles/<int:pk>/", holds.title_queue, name="holds_title"),
    path("holds/<int:pk>/cancel", holds.cancel, name="hold_cancel"),
    path("holds/<int:pk>/move", holds.move, name="hold_move"),
    path("holds/<int:pk>/fetch", holds.fetch, name="hold_fetch"),
    path("holds/<int:pk>/put-back", holds.put_back, name="hold_put_back"),
    path("recalls/", recalls.recalls, name="recalls"),
    path("recalls/preview/", recalls.preview, name="recall_preview"),
    path("recalls/do", recalls.call_in, name="recall_do"),
    path("recalls/<int:pk>/", recalls.recall_page, name="recall"),
    path("recalls/<int:pk>/slips/", recalls.slips, name="recall_slips"),
    path("recalls/<int:pk>/reverse", recalls.reverse_it, name="recall_reverse"),
    path("policies/", policies.policies, name="policies"),
    path("policies/row/", policies.row, name="policy_row"),
    path("policies/remove", policies.remove, name="policy_remove"),
    path("policies/try/", policies.try_out, name="policy_try"),
    path("policies/vacations/", vacations.vacations, name="vacations"),
    path("policies/vacations/new/", vacations.new, name="vacation_new"),
    path("policies/vacations/<int:pk>/", vacations.change, name="vacation"),
    path("policies/vacations/<int:pk>/remove", vacations.remove, name="vacation_remove"),
    path("policies/blocks/", blocks.blocks, name="blocks"),
    path("policies/blocks/<int:pk>/lift", blocks.lift, name="block_lift"),
]
