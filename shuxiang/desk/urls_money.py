"""Addresses of urging, the outbox, compensation, the cash book and the service desk; the desk's own urls include them."""

from django.urls import path

from shuxiang.desk.lazily import views

cash = views("cash")
compensation = views("compensation")
compensation_rules = views("compensation_rules")
inquiries = views("inquiries")
outbox = views("outbox")
urging = views("urging")
urging_contacts = views("urging_contacts")
urlpatterns = [
    path("urging/", urging.urging, name="urging"),
    path("urging/classes/<int:key>/", urging.group, name="urging_group"),
    path("urging/classes/<int:key>/send", urging.send, name="urging_send"),
    path("urging/slips/", urging.slips, name="urging_slips"),
    path("urging/wall/", urging.wall, name="urging_wall"),
    path("urging/mark", urging.mark, name="urging_mark"),
    path("urging/rounds/", urging.rounds, name="urging_rounds"),
    path("urging/rounds/<int:pk>/take-back", urging.take_back, name="urging_take_back"),
    path("urging/loans/<int:pk>/", urging.loan, name="urging_loan"),
    path("urging/contacts/", urging_contacts.contacts, name="urging_contacts"),
    path("urging/contacts/save", urging_contacts.save, name="urging_contact_save"),
    path("urging/contacts/names", urging_contacts.wall_names, name="urging_wall_names"),
    path("urging/contacts/<int:pk>/forget", urging_contacts.forget, name="urging_contact_forget"),
    path("urging/contacts/<int:pk>/send", urging.send_reader, name="urging_send_reader"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/sender/", outbox.sender, name="outbox_sender"),
    path("outbox/test", outbox.test, name="outbox_test"),
    path("outbox/<int:pk>/<slug:act>", outbox.turn, name="outbox_turn"),
    path("compensation/", compensation.compensation, name="compensation"),
    path("compensation/ended/", compensation.ended, name="compensation_ended"),
    path("compensation/scan", compensation.scan, name="compensation_scan"),
    path("compensation/volumes/<int:pk>/", compensation.volume, name="compensation_volume"),
    path("compensation/volumes/<int:pk>/damaged", compensation.damaged, name="compensation_damaged"),
    path("compensation/loans/<int:pk>/", compensation.loan, name="compensation_loan"),
    path("compensation/loans/<int:pk>/lost", compensation.lost, name="compensation_lost"),
    path("compensation/cases/<int:pk>/", compensation.case, name="compensation_case"),
    path("compensation/cases/<int:pk>/notice/", compensation.notice, name="compensation_notice"),
    path("compensation/cases/<int:pk>/act/<slug:name>", compensation.act, name="compensation_act"),
    path("compensation/settled/", compensation.settled, name="compensation_settled"),
    path("compensation/settled/strike", compensation.strike, name="compensation_strike"),
    path("compensation/rules/", compensation_rules.rules, name="compensation_rules"),
    path("compensation/rules/take-over", compensation_rules.take_over, name="compensation_take_over"),
    path("compensation/rules/save", compensation_rules.save, name="compensation_save_rules"),
    path("compensation/rules/policy", compensation_rules.policy, name="compensation_policy"),
    path("cash/", cash.cash, name="cash"),
    path("cash/receive", cash.receive, name="cash_receive"),
    path("cash/hand-over", cash.hand_over, name="cash_hand_over"),
    path("cash/file", cash.file, name="cash_file"),
    path("cash/closings/", cash.closings, name="cash_closings"),
    path("cash/close", cash.close, name="cash_close"),
    path("cash/entries/<int:pk>/", cash.receipt, name="cash_receipt"),
    path("cash/entries/<int:pk>/reverse", cash.reverse, name="cash_reverse"),
    path("inquiries/", inquiries.inquiries, name="inquiries"),
    path("inquiries/ask", inquiries.ask, name="inquiries_ask"),
    path("inquiries/file", inquiries.file, name="inquiries_file"),
    path("inquiries/<int:pk>/", inquiries.inquiry, name="inquiry"),
    path("inquiries/<int:pk>/answer", inquiries.answer, name="inquiry_answer"),
    path("inquiries/<int:pk>/act/<slug:act>", inquiries.turn, name="inquiry_turn"),
]
