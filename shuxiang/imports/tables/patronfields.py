"""The columns of lists of readers."""

from __future__ import annotations

from shuxiang.imports.tables import detectors as look
from shuxiang.imports.tables.fieldspec import FieldSpec
from shuxiang.imports.tables.fieldspec import described as _field

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
        "school_year",
        "学年 學年 学年度 school_year",
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
        "id_number",
        "身份证号 身份證號 身份证 身份證 身份证号码 身份證號碼 居民身份证号 居民身份证号码 公民身份号码 学生身份证号 "
        "身份证件号 身份证件号码 id_number id_card identity_number",
    ),
    _field(
        "phone",
        "联系电话 聯繫電話 电话 電話 电话号码 手机 手機 手机号 手机号码 手機號碼 联系方式 联系号码 家长电话 家长手机 "
        "家长联系电话 监护人电话 家庭电话 固定电话 phone telephone mobile phone_number contact",
    ),
    _field(
        "address",
        "家庭住址 家庭地址 住址 地址 现住址 户籍地址 户口所在地 联系地址 address home_address",
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
