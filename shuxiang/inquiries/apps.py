from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "shuxiang.inquiries"
    label = "inquiries"
