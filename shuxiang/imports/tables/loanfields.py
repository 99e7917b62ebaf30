"""The columns of loan histories: one row per act, or one row per loan with both times."""

from __future__ import annotations

from shuxiang.imports.tables import detectors as look
from shuxiang.imports.tables.fieldspec import FieldSpec
from shuxiang.imports.tables.fieldspec import described as _field

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
        strict=True,
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
