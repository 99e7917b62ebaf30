"""The columns of lists of books: catalogues, accession registers, purchase lists."""

from __future__ import annotations

from shuxiang.imports.tables import detectors as look
from shuxiang.imports.tables.fieldspec import FieldSpec
from shuxiang.imports.tables.fieldspec import described as _field

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
        "parallel_title",
        "并列题名 並列題名 并列书名 外文题名 外文书名 parallel_title",
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
        "出版社 出版者 出版单位 出版單位 出版商 出版发行者 出版機構 出版机构 出版社名称 发行者 "
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
        strict=True,
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
