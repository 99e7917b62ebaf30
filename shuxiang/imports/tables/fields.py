"""The columns that lists of books, readers and loans have, with every wording met so far.

Wordings come from ledgers, school systems' exports (domain paper 2.2, 3.5, 4, 6.3), union-catalogue forms and the
lists of real schools. They are compared after `mapping.normal`: case, blanks, brackets and units do not matter, and
Traditional characters are listed beside Simplified ones where they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shuxiang.imports.tables import detectors as look

Detector = Callable[[str], float]
"""How much one non-empty cell looks like the field: 0.0 (cannot be) to 1.0 (surely)."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One thing a row may tell. `synonyms` are column titles; `detector` judges cells when the title does not help.

    `guess_by_content` is False where the detector may only confirm or refute a title: many columns hold small
    numbers or short words.
    """

    name: str
    synonyms: tuple[str, ...]
    detector: Detector | None = None
    required: bool = False
    guess_by_content: bool = False


def _field(name: str, words: str, detector: Detector | None = None, **options: bool) -> FieldSpec:
    """`words` are separated by blanks; an underscore stands for a blank inside a wording."""
    return FieldSpec(name, tuple(word.replace("_", " ") for word in words.split()), detector, **options)


BOOK_FIELDS: tuple[FieldSpec, ...] = (
    _field(
        "isbn",
        "ISBN ISBN号 ISBN码 ISBN编号 ISBN13 ISBN-13 ISBN10 ISBN-10 ISBN/ISSN 标准书号 標準書號 "
        "国际标准书号 國際標準書號 书号 書號 国际书号 标准号 标准编号 图书ISBN ISBN_number",
        look.isbn,
        guess_by_content=True,
    ),
    _field(
        "title",
        "书名 書名 题名 題名 书籍名 書籍名 书籍名称 書籍名稱 图书名称 圖書名稱 图书名 圖書名 正题名 "
        "正題名 书刊名 书刊名称 书刊名稱 文献名称 文献题名 馆藏名称 书目名称 资料名称 資料名稱 "
        "題名/作者 名称 名稱 品名 书目 篇名 题名与责任者 刊名 教材名称 title book_title name_of_book "
        "titre titulo",
        look.title,
        required=True,
        guess_by_content=True,
    ),
    _field(
        "subtitle",
        "副书名 副書名 副题名 副題名 副标题 副標題 其他题名 其它题名信息 其他题名信息 subtitle "
        "sub_title other_title",
    ),
    _field(
        "authors",
        "作者 著者 编著者 編著者 编者 編者 责任者 責任者 第一责任者 第一责任说明 责任说明 作者名 "
        "主要责任者 主编 主編 著译者 著作者 译者 譯者 作者/译者 编著 著 author authors creator writer "
        "by auteur auteurs",
        look.author,
    ),
    _field(
        "publisher",
        "出版社 出版者 出版单位 出版單位 出版商 出版发行者 出版機構 出版机构 出版社名称 版本 发行者 "
        "publisher publishing_house press editeur éditeur",
        look.publisher,
        guess_by_content=True,
    ),
    _field(
        "publication",
        "出版信息 出版项 出版發行項 出版发行项 出版资料 出版資料 publication imprint",
    ),
    _field(
        "pub_place",
        "出版地 出版地点 出版地點 出版城市 place_of_publication place",
    ),
    _field(
        "pub_date",
        "出版日期 出版年 出版年月 出版时间 出版時間 出版年份 出版年度 印刷日期 出版 版年 出版发行年 "
        "年份 publication_date pub_date publication_year year published date_published "
        "original_publication_year pubdate annee_de_publication",
        look.year_or_date,
    ),
    _field(
        "edition",
        "版次 版本项 版本說明 版本说明 版别 版次项 edition",
    ),
    _field(
        "pages",
        "页数 頁數 页码 頁碼 页 总页数 總頁數 页数或卷册数 pages page_count extent number_of_pages",
        look.pages,
    ),
    _field(
        "price",
        "价格 價格 定价 定價 单价 單價 书价 書價 图书价格 圖書價格 码价 碼價 码洋 原价 原價 册价格 "
        "冊價格 流通单册价 单册价 每册定价 单册价格 图书定价 标价 标价金额 获得方式 零售价 price "
        "list_price unit_price",
        look.price,
        guess_by_content=True,
    ),
    _field(
        "set_price",
        "套价 套價 全套价格 全套定价 套书价 总定价 set_price price_of_set",
        look.price,
    ),
    _field(
        "paid_price",
        "实洋 實洋 实价 實價 进价 進價 购价 購價 购买价 到书价 订购价 实付 实付价 折后价 采购价 採購價 "
        "paid paid_price cost",
        look.price,
    ),
    _field(
        "copies",
        "册数 冊數 本数 本數 数量 數量 馆藏本数 館藏本數 馆藏册数 馆藏数量 复本数 複本數 副本数 复本 "
        "複本 库存 库存数 库存量 在库数 册 本 入库数量 总册数 入藏册数 订数 copies quantity qty "
        "number_of_copies stock count",
        look.small_number,
    ),
    _field(
        "clc",
        "分类号 分類號 中图分类号 中圖分類號 中图法分类号 中图法 中图分类 中图号 图书分类号 类号 類號 "
        "分类 分類 分类号码 图书分类 图书类别 类别 类目 大类 clc clc_number class_number classification "
        "class_no",
        look.clc,
    ),
    _field(
        "call_number",
        "索书号 索書號 索取号 索取號 排架号 排架號 书标 書標 书标号 call_number callnumber call_no "
        "shelf_mark shelfmark cote",
        look.call_number,
    ),
    _field(
        "book_number",
        "书次号 書次號 种次号 種次號 种次 著者号 著者號 作者号 辅助号 辅助区分号 book_number "
        "author_number cutter",
        look.code,
    ),
    _field(
        "barcode",
        "条码 條碼 条码号 條碼號 条形码 條形碼 条形码号 图书条码 圖書條碼 册条码 册条码号 馆藏条码 "
        "馆藏条码号 文献条码 文献条码号 图书条码号 条码编号 barcode item_barcode bar_code item_number "
        "copy_barcode",
        look.code,
    ),
    _field(
        "accession_number",
        "登录号 登錄號 登记号 登記號 个别登记号 個別登記號 财产号 財產號 财产登记号 登帐号 登账号 "
        "图书编号 圖書編號 书籍编号 书编号 图书登记号 入藏号 馆藏号 资产编号 总登记号 财产编号 流水号 "
        "登录号码 accession_number accession_no accession",
        look.code,
    ),
    _field(
        "set_volumes",
        "每套册数 套册数 一套册数 套內册数 全套册数 volumes_in_set",
        look.small_number,
    ),
    _field(
        "location",
        "馆藏地点 館藏地點 馆藏地 馆藏地址 馆藏位置 馆藏室 书籍位置 書籍位置 存放位置 存放地点 存放地 "
        "架位 架位号 架号 书架 書架 书架号 位置 所在位置 地点 书架位置 藏书地点 藏书室 馆藏部门 室 "
        "location shelf shelving_location shelf_location stock_area branch",
    ),
    _field(
        "series",
        "丛书 叢書 丛书名 叢書名 丛书名称 丛编 叢編 丛编项 丛书题名 系列 系列名 套书名 series "
        "series_title collection",
    ),
    _field(
        "volume",
        "卷册 卷冊 卷次 分册 分冊 分册号 分辑号 卷期 册次 卷号 卷 卷册号 分卷号 volume volume_number "
        "vol part",
    ),
    _field(
        "volume_title",
        "分册名 分冊名 分册题名 分卷名 分辑名 part_title volume_title",
    ),
    _field(
        "size",
        "开本 開本 尺寸 大小 规格 規格 size dimensions format_size",
    ),
    _field(
        "binding",
        "装帧 裝幀 装订 裝訂 装订形式 装帧形式 装帧方式 binding",
    ),
    _field(
        "summary",
        "内容简介 內容簡介 简介 簡介 内容提要 內容提要 提要 摘要 文摘 图书简介 内容摘要 图书内容简介 "
        "内容 summary abstract description synopsis",
        look.long_text,
    ),
    _field(
        "subjects",
        "主题 主題 主题词 主題詞 主题标目 关键词 關鍵詞 关键字 标签 標籤 subject subjects keywords "
        "subject_headings tags",
    ),
    _field(
        "audience",
        "适用对象 適用對象 读者对象 讀者對象 使用对象 适读年级 适合年级 适用年级 适读年龄 阅读对象 学段 "
        "年级段 audience age_group target_audience",
    ),
    _field(
        "pinyin_annotated",
        "注音 拼音 是否注音 注音版 带拼音 注音读物 pinyin annotated",
        look.flag,
    ),
    _field(
        "picture_book",
        "绘本 繪本 图画书 是否绘本 picture_book",
        look.flag,
    ),
    _field(
        "reference",
        "工具书 是否工具书 不外借 仅供室内阅览 reference not_for_loan",
        look.flag,
    ),
    _field(
        "language",
        "语种 語種 语言 語言 文种 文種 作品语种 正文语种 language language_code lang langue",
        look.language,
    ),
    _field(
        "medium",
        "文献类型 文獻類型 资料类型 文献形式 载体 载体类型 图书类型 册类型 item_type material_type "
        "medium document_type",
    ),
    _field(
        "acquisition_kind",
        "来源 來源 来源方式 采购方式 入藏方式 获取方式 图书来源 书籍来源 来源渠道 渠道 购置方式 "
        "获得方式 source acquisition_source how_acquired",
    ),
    _field(
        "supplier",
        "供应商 供應商 书商 書商 馆配商 供货商 供书单位 supplier vendor",
    ),
    _field(
        "fund",
        "经费来源 經費來源 经费 资金来源 fund funding",
    ),
    _field(
        "donor",
        "捐赠人 捐贈人 捐赠者 捐书人 赠书人 赠送者 donor donated_by",
    ),
    _field(
        "accession_date",
        "登记日期 登記日期 入藏日期 入库日期 入庫日期 入馆日期 登录日期 入账日期 入帐日期 购置日期 "
        "购买日期 购买时间 购入日期 购书日期 购书时间 入库时间 登记时间 验收日期 accession_date "
        "date_acquired date_added acquired_on",
        look.date,
    ),
    _field(
        "batch_number",
        "批次 批次号 批号 总括登记号 總括登記號 总括号 入库批次 批 batch batch_number",
    ),
    _field(
        "document_number",
        "单据号 單據號 发票号 發票號 凭证号 凭单号 单据编号 订单号 invoice invoice_number document_number",
    ),
    _field(
        "issn",
        "ISSN ISSN号 国际标准刊号 刊号",
        look.issn,
        guess_by_content=True,
    ),
    _field(
        "cn_number",
        "CN号 国内统一刊号 统一刊号 CN CN刊号 国内刊号",
    ),
    _field(
        "status",
        "状态 狀態 馆藏状态 图书状态 流通状态 在馆状态 册状态 是否在馆 可借状态 status item_status",
    ),
    _field(
        "rfid",
        "RFID RFID标签 电子标签 芯片号 标签号 uid rfid_tag",
    ),
    _field(
        "library",
        "馆名 館名 学校 學校 学校名称 学校代码 所属馆 馆代码 馆藏单位 所属学校 所属单位 library school "
        "library_code",
    ),
    _field(
        "control_number",
        "控制号 控制號 记录号 记录控制号 书目号 书目记录号 系统号 MARC号 bib_number record_number "
        "control_number rcn",
    ),
    _field(
        "note",
        "备注 備註 附注 附註 说明 說明 备考 注释 注 一般性附注 note notes remark remarks comment comments",
    ),
)


PATRON_FIELDS: tuple[FieldSpec, ...] = (
    _field(
        "card",
        "借书号 借書號 借书证号 借書證號 借书证 借阅证号 借閱證號 借阅证 读者证号 讀者證號 读者证 "
        "读者证条码 读者证条码号 证号 證號 卡号 卡號 读者卡号 读者号 读者编号 读者条码 读者条码号 "
        "读者条形码 证条码号 一卡通号 一卡通卡号 校园卡号 校园卡 IC卡号 图书证号 借书卡号 借书编号 编号 "
        "條碼 条码 条码号 card card_number card_no library_card barcode patron_barcode borrower_number "
        "borrower_no borrower_id reader_id cardnumber",
        look.code,
        required=True,
    ),
    _field(
        "name",
        "姓名 读者姓名 讀者姓名 学生姓名 學生姓名 教师姓名 读者 讀者 读者名 名字 借书人 借阅人 名称 "
        "full_name name reader_name patron_name student_name",
        look.person_name,
        required=True,
        guess_by_content=True,
    ),
    _field(
        "sex",
        "性别 性別 男女 sex gender",
        look.sex,
        guess_by_content=True,
    ),
    _field(
        "unit",
        "单位 單位 班级 班級 班 班名 班级名称 班級名稱 所在班级 所属班级 行政班 行政班级 读者单位 "
        "讀者單位 读者班级 所在单位 部门 部門 所属部门 科室 教研组 单位/班级 班级/部门 年级班级 "
        "年级/班级 class class_name unit department homeroom form",
        look.class_label,
        guess_by_content=True,
    ),
    _field(
        "grade",
        "年级 年級 所在年级 入学年级 年级名称 学级 grade year_group grade_level",
    ),
    _field(
        "category",
        "读者类型 讀者類型 读者类别 讀者類別 读者级别 读者种类 类型 類型 类别 類別 身份 人员类别 "
        "人员类型 借阅类型 category patron_category patron_type reader_type type",
        look.patron_category,
    ),
    _field(
        "status",
        "状态 狀態 借书权限 借書權限 借阅权限 借阅状态 证状态 证件状态 卡状态 权限 读者状态 status "
        "card_status state",
        look.card_status,
        guess_by_content=True,
    ),
    _field(
        "quota",
        "借书额度 借書額度 额度 可借册数 可借數 可借数 最大借书量 最大借阅数 最大可借册数 借阅册数限制 "
        "限借册数 借书限额 借书数量 限额 quota max_loans loan_limit limit",
        look.small_number,
    ),
    _field(
        "student_no",
        "学号 學號 学籍号 學籍號 全国学籍号 校内学号 工号 教工号 职工号 学工号 student_no "
        "student_number student_id staff_no",
    ),
    _field(
        "joined_on",
        "办证日期 辦證日期 发证日期 發證日期 注册日期 办理日期 建立日期 办证时间 发卡日期 登记日期 "
        "开户日期 joined registered_on date_added created registration_date",
        look.date,
    ),
    _field(
        "expires_on",
        "失效日期 有效期 有效期至 截止日期 到期日期 证件有效期 失效期 expires expiry expiry_date valid_until",
        look.date,
    ),
    _field(
        "entry_year",
        "入学年份 入學年份 入学年 入学年度 届 届别 级 级别 entry_year cohort",
        look.year_or_date,
    ),
    _field(
        "birth_on",
        "出生日期 出生年月 生日 birth_date birthday date_of_birth",
        look.date,
    ),
    _field(
        "old_card",
        "旧证号 舊證號 原证号 原卡号 旧卡号 old_card old_card_number previous_card",
    ),
    _field(
        "deposit",
        "押金 押金金额 deposit",
        look.price,
    ),
    _field(
        "library",
        "馆名 館名 学校 學校 学校名称 学校代码 所属馆 所属学校 library school library_code",
    ),
    _field(
        "note",
        "备注 備註 附注 附註 说明 說明 注释 note notes remark remarks comment",
    ),
)


LOAN_FIELDS: tuple[FieldSpec, ...] = (
    _field(
        "time",
        "时间 時間 日期 操作时间 操作時間 操作日期 发生时间 发生日期 流通时间 流通日期 处理时间 "
        "记录时间 登记时间 登记日期 time date datetime timestamp event_time transaction_date",
        look.instant,
        guess_by_content=True,
    ),
    _field(
        "lent_time",
        "借出时间 借出時間 借出日期 借书时间 借書時間 借书日期 借書日期 借阅时间 借閱時間 借阅日期 "
        "借閱日期 外借时间 外借日期 借期 checkout check_out_date checkout_date issued issue_date "
        "issuedate loan_date lent_at borrowed_at lent_on date_issued",
        look.instant,
    ),
    _field(
        "returned_time",
        "还书时间 還書時間 还书日期 還書日期 归还时间 歸還時間 归还日期 歸還日期 还回时间 还回日期 "
        "实还日期 实际归还日期 实际还书日期 还期 return returned return_date returned_at checkin "
        "checkin_date date_returned returned_on",
        look.instant,
    ),
    _field(
        "due",
        "还书期限 還書期限 应还日期 應還日期 应还时间 应还 借阅期限 借閱期限 期限 应归还日期 到期日 "
        "到期日期 到期时间 借期天数 借阅天数 限还日期 due due_date due_on loan_period period",
        look.period_or_date,
    ),
    _field(
        "action",
        "动作 動作 操作 操作类型 操作類型 操作名称 业务类型 业务 流通类型 流通操作 借还 借还标志 "
        "借还类型 借阅状态 行为 类型 状态 事件 action operation event transaction_type event_type type",
        look.loan_action,
        guess_by_content=True,
    ),
    _field(
        "card",
        "借书号 借書號 借书证号 借書證號 借书证 借阅证号 借閱證號 借阅证 读者证号 讀者證號 读者证 "
        "读者证条码 读者证条码号 证号 證號 卡号 卡號 读者卡号 读者号 读者编号 读者条码 读者条码号 "
        "读者条形码 证条码号 一卡通号 校园卡号 图书证号 借书卡号 借书编号 card card_number card_no "
        "library_card patron_barcode borrower_number borrower_no borrower_id reader_id cardnumber 学号",
        look.code,
    ),
    _field(
        "name",
        "姓名 读者姓名 讀者姓名 学生姓名 學生姓名 借阅人 借閱人 借书人 借書人 读者 讀者 读者名 借阅者 "
        "name reader_name patron_name student_name borrower",
        look.person_name,
    ),
    _field(
        "unit",
        "单位 單位 班级 班級 读者单位 讀者單位 读者班级 所在班级 所属班级 班级名称 部门 所在单位 class "
        "class_name unit department",
        look.class_label,
        guess_by_content=True,
    ),
    _field(
        "isbn",
        "ISBN ISBN号 ISBN码 ISBN13 ISBN-13 标准书号 標準書號 国际标准书号 书号 書號",
        look.isbn,
        guess_by_content=True,
    ),
    _field(
        "barcode",
        "条码 條碼 条码号 條碼號 条形码 條形碼 图书条码 圖書條碼 图书条码号 册条码 册条码号 文献条码 "
        "文献条码号 馆藏条码 馆藏条码号 图书编号 登录号 登錄號 财产号 个别登记号 barcode item_barcode "
        "item_number item accession_number copy_barcode",
        look.code,
    ),
    _field(
        "title",
        "书名 書名 题名 題名 书籍名称 書籍名稱 书籍名 图书名称 圖書名稱 图书名 借阅书名 文献题名 书刊名 "
        "文献名称 所借图书 title book_title titre",
        look.title,
        guess_by_content=True,
    ),
    _field(
        "authors",
        "作者 著者 责任者 責任者 author authors",
        look.author,
    ),
    _field(
        "call_number",
        "索书号 索書號 索取号 排架号 call_number callnumber",
        look.call_number,
    ),
    _field(
        "price",
        "价格 價格 单价 單價 定价 定價 书价 册价格 price",
        look.price,
    ),
    _field(
        "copies",
        "数量 數量 册数 冊數 本数 借阅册数 quantity copies",
        look.small_number,
    ),
    _field(
        "location",
        "书籍位置 書籍位置 馆藏地点 館藏地點 馆藏地 馆藏位置 存放位置 架位 书架 位置 存放地点 流通地点 "
        "location shelf shelf_location branch branch_out stock_area",
    ),
    _field(
        "branch_in",
        "还书地点 归还地点 还回地点 还书馆 branch_in return_branch",
    ),
    _field(
        "operator",
        "操作员 操作員 经手人 經手人 工作人员 馆员 办理人 经办人 operator staff librarian",
    ),
    _field(
        "library",
        "馆名 館名 学校 學校 学校名称 学校代码 所属馆 library school library_code",
    ),
    _field(
        "note",
        "备注 備註 附注 说明 note notes remark remarks comment",
    ),
)
