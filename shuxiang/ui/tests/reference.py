"""Context of the reference page parts.html, which shows every part at once. All names are invented."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import RequestContext, Template

from shuxiang.ui.charts import Bar, Point

PAGE = Path(__file__).with_name("parts.html")


class PriceForm(forms.Form):
    class_number = forms.CharField(label="分类号", help_text="种次号自动给：4")
    price = forms.DecimalField(label="定价", widget=forms.TextInput({"inputmode": "decimal"}))
    kind = forms.ChoiceField(label="来源", choices=[("b", "购入"), ("g", "捐赠")])
    property = forms.ChoiceField(
        label="财产",
        widget=forms.RadioSelect,
        choices=[("y", "入帐"), ("n", "不入帐")],
        help_text="注销的不算",
    )
    original = forms.BooleanField(label="要原件", required=False)


CLASSES = [
    ("A", "马列主义", 212),
    ("B", "哲学", 418),
    ("C", "社科", 96),
    ("D", "政治", 318),
    ("E", "军事", 402),
    ("F", "经济", 74),
    ("G", "文体", 1436),
    ("H", "语言", 688),
    ("I", "文学", 6384),
    ("J", "艺术", 524),
    ("K", "史地", 1042),
    ("N", "科学", 492),
    ("O", "数理化", 406),
    ("P", "天地", 712),
    ("Q", "生物", 784),
    ("R", "医药", 176),
    ("S", "农业", 132),
    ("T", "工业", 468),
    ("U", "交通", 112),
    ("V", "航天", 188),
    ("X", "环境", 236),
    ("Z", "综合", 712),
]


def context() -> dict[str, Any]:
    form = PriceForm({"class_number": "I242.49", "price": "十六块八", "kind": "b"})
    form.is_valid()
    return {
        "library_name": "柳溪镇中心小学图书馆",
        "library_phone": "206",
        "nav_items": [("/desk/", "流通台", False), ("/figures/", "数字", True)],
        "week_number": 7,
        "today": datetime.date(2026, 10, 15),
        "account_name": "沈书意",
        "sign_out_url": "/out",
        "form": form,
        "reasons": [
            SimpleNamespace(kind="refuse", text="不能借。", fact="这张证已挂失。"),
            SimpleNamespace(kind="ask", text="要问一句。", fact="有 1 册晚了 2 天。"),
            SimpleNamespace(kind="noted", text="还期提前到 1 月 15 日。"),
            SimpleNamespace(kind="done", text="已还。", fact="放到 33 号架。"),
        ],
        "states": [
            ("in", "在架"),
            ("out", "借出"),
            ("away", "修补中"),
            ("late", "逾期 3 天"),
            ("ok", "达到"),
            ("short", "差 0.44"),
        ],
        "kinds": ["done", "ask", "refuse", "noted"],
        "facts": [("在借", 3, "/ 3 册"), ("逾期", 0, "册"), ("本学期借过", 14, "册")],
        "covers": [
            ("夏洛的网", "I712.84"),
            ("奇妙的昆虫世界", "Q96"),
            ("漫游电世界", "O441"),
            ("100航天探秘", "V4"),
            ("学生时代应该知道的60条成长箴言", "B821"),
            ("Charlotte's Web", "I712"),
            ("<b>无类</b>", ""),
        ],
        "bars": [
            Bar("三（1）班", 12.15, 7.7),
            Bar("五（1）班", 11.5, 7.92),
            Bar("二（1）班", 9.03, 6.72),
            Bar("六（1）班", 8.3, 7.92),
            Bar("一（2）班", 6.08, None),
        ],
        "points": [
            Point("9月", 402),
            Point("10月", 498),
            Point("11月", 571),
            Point("12月", 548),
            Point("1月", 325),
            Point("2月", 142, "寒假"),
            Point("3月", 688),
            Point("4月", 731),
            Point("5月", 764),
            Point("6月", 742),
            Point("7月", 141),
        ],
        "spines": CLASSES,
        "minus": -26,
        "nothing": None,
        "page": Paginator(range(2662), 20).get_page(3),
    }


def render(request: HttpRequest) -> str:
    return Template(PAGE.read_text(encoding="utf-8")).render(RequestContext(request, context()))
