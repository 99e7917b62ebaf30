"""Addresses of boxes, rounds, corners, reading room, paper registers and drifting books; the desk's urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

boxes = views("boxes")
checks = views("corners_checks")
corners = views("corners")
drifting = views("drifting")
inroom = views("inroom")
paper = views("paper")
urlpatterns = [
    path("in-room/", inroom.in_room, name="in_room"),
    path("in-room/list/", inroom.not_back, name="in_room_list"),
    path("in-room/scan", inroom.scan, name="in_room_scan"),
    path("in-room/undo", inroom.uncount, name="in_room_undo"),
    path("back-dated/", inroom.back_dated, name="back_dated"),
    path("back-dated/enter", inroom.enter_back_dated, name="back_dated_enter"),
    path("back-dated/undo", inroom.undo_back_dated, name="back_dated_undo"),
    path("boxes/", boxes.boxes, name="boxes"),
    path("boxes/begin", boxes.begin, name="box_begin"),
    path("boxes/rounds/", boxes.rounds, name="box_rounds"),
    path("boxes/rounds/plan", boxes.plan_round, name="box_round_plan"),
    path("boxes/rounds/<int:pk>/", boxes.round_page, name="box_round"),
    path("boxes/rounds/<int:pk>/change", boxes.change_round, name="box_round_change"),
    path("boxes/rounds/<int:pk>/slips/", boxes.round_slips, name="box_round_slips"),
    path("boxes/<uuid:pk>/", boxes.box, name="box"),
    path("boxes/<uuid:pk>/add", boxes.add, name="box_add"),
    path("boxes/<uuid:pk>/change", boxes.change, name="box_change"),
    path("boxes/<uuid:pk>/return", boxes.take_back, name="box_return"),
    path("boxes/<uuid:pk>/slip/", boxes.slip, name="box_slip"),
    path("corners/", corners.corners, name="corners"),
    path("corners/open", corners.open_corner, name="corner_open"),
    path("corners/<int:pk>/", corners.corner, name="corner"),
    path("corners/<int:pk>/scan", corners.scan, name="corner_scan"),
    path("corners/<int:pk>/change", corners.change, name="corner_change"),
    path("corners/<int:pk>/own", corners.receive_own, name="corner_own"),
    path("corners/<int:pk>/own/end", corners.end_own, name="corner_own_end"),
    path("corners/<int:pk>/check", checks.begin, name="corner_check_begin"),
    path("corners/moves/<uuid:pk>/", corners.move, name="corner_move"),
    path("corners/moves/<uuid:pk>/carry", corners.carry, name="corner_carry"),
    path("corners/checks/<int:pk>/", checks.page, name="corner_check"),
    path("corners/checks/<int:pk>/scan", checks.scan, name="corner_check_scan"),
    path("corners/checks/<int:pk>/change", checks.change, name="corner_check_change"),
    path("corners/checks/<int:pk>/report/", checks.report, name="corner_check_report"),
    path("paper/", paper.papers, name="papers"),
    path("paper/begin", paper.begin, name="paper_begin"),
    path("paper/classes/<int:pk>/", paper.printed, name="paper_print"),
    path("paper/<uuid:pk>/", paper.paper, name="paper"),
    path("paper/<uuid:pk>/change", paper.change, name="paper_change"),
    path("drifting/", drifting.drifts, name="drifts"),
    path("drifting/release", drifting.release, name="drift_release"),
    path("drifting/<int:pk>/", drifting.drift, name="drift"),
    path("drifting/<int:pk>/change", drifting.change, name="drift_change"),
    path("drifting/<int:pk>/card/", drifting.card, name="drift_card"),
]
