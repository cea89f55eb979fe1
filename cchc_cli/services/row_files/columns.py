"""The columns of rows files: their headings, and the headings of columns that hold nothing of a record."""

from __future__ import annotations

from typing import NamedTuple

from cchc_cli.domain.language.errors import Message, message
from cchc_cli.domain.language.text import fold


class Column(NamedTuple):
    """A column of rows files; `code` is its heading in English and its name in errors of `-f json`.

    Headings are compared in folded form, without what stands in parentheses. To add a column, add an entry of
    COLUMNS, and a field of the same name to `Draft`.
    """

    code: str
    word: Message
    """The heading in errors, in the user's language."""
    vietnamese: str
    others: tuple[str, ...] = ()
    """Further usual headings."""
    codes: tuple[str, ...] = ()
    """Headings of a column of codes: where a file has this and a column of names, the codes are read."""
    required: bool = False
    merges: bool = True
    """Whether a cell that is merged over several rows stands for each of them."""
    stripped: bool = True
    """Whether blanks around the text are removed."""


COLUMNS = (
    Column(
        "date",
        message("date"),
        "ngày",
        (
            "ngày thực hiện",
            "ngày, tháng",
            "ngày tháng",
            "ngày tháng năm",
            "ngày, tháng, năm",
            "ngày tháng thực hiện",
            "ngày phát",
            "ngày phát sóng",
            "ngày đăng",
            "ngày đăng tải",
            "ngày tổ chức",
            "ngày tuyên truyền",
            "ngày lắp đặt",
            "thời gian",
            "thời gian thực hiện",
            "thời gian phát sóng",
            "thời gian tổ chức",
            "thời điểm thực hiện",
            "day",
        ),
        required=True,
    ),
    Column(
        "agency",
        message("agency"),
        "cơ quan",
        (
            "đơn vị",
            "cơ quan, đơn vị",
            "tên đơn vị",
            "tên cơ quan",
            "tên cơ quan, đơn vị",
            "đơn vị thực hiện",
            "cơ quan thực hiện",
            "cơ quan, đơn vị thực hiện",
            "đơn vị báo cáo",
            "cơ quan, đơn vị, địa phương",
            "đơn vị, địa phương",
            "tên đơn vị, địa phương",
            "đơn vị chủ trì",
        ),
        ("mã cơ quan", "mã đơn vị", "agency’s code", "agency code"),
        required=True,
    ),
    Column(
        "activity",
        message("activity"),
        "hoạt động",
        (
            "nhiệm vụ",
            "tên nhiệm vụ",
            "tên hoạt động",
            "hoạt động tuyên truyền",
            "nội dung hoạt động",
            "nội dung nhiệm vụ",
            "nhiệm vụ, hoạt động",
            "hoạt động, nhiệm vụ",
        ),
        ("mã hoạt động", "mã nhiệm vụ", "activity’s code", "activity code"),
        required=True,
    ),
    Column(
        "amount",
        message("amount"),
        "số lượng",
        (
            "sl",
            "khối lượng",
            "thời lượng",
            "số phút",
            "số lần",
            "số lượt",
            "số buổi",
            "số cuộc",
            "số tin bài",
            "số lượng tin bài",
            "số tin",
            "số bài",
            "tỷ lệ",
            "tỉ lệ",
            "quantity",
        ),
        merges=False,
    ),
    Column(
        "form",
        message("form"),
        "hình thức",
        ("hình thức tuyên truyền", "hình thức thực hiện", "hình thức thể hiện", "kênh", "kênh tuyên truyền"),
        ("mã hình thức",),
    ),
    Column("repeat", message("repeat"), "phát lại", ("là phát lại",)),
    Column(
        "title",
        message("title"),
        "tiêu đề",
        (
            "tên tin bài",
            "tên bài",
            "tên tin",
            "tên chương trình",
            "tên chuyên mục",
            "tiêu đề tin bài",
            "tên tác phẩm",
        ),
        stripped=False,
    ),
    Column(
        "evidence",
        message("evidence"),
        "minh chứng",
        (
            "minh chứng, tài liệu kiểm chứng",
            "tài liệu kiểm chứng",
            "tài liệu minh chứng",
            "tài liệu chứng minh",
            "link minh chứng",
            "đường dẫn",
            "đường link",
            "link",
            "địa chỉ đăng tải",
        ),
    ),
    Column("note", message("note"), "ghi chú", ("ghi chú khác",), stripped=False),
    Column(
        "external_id",
        message("external_id"),
        "mã",
        (
            "external id",
            "mã bản ghi",
            "mã riêng",
            "mã ngoài",
            "mã riêng của đơn vị",
            "id of the agency’s own",
        ),
        merges=False,
    ),
)
"""All columns, in the order in which errors list them."""

CODES = [column.code for column in COLUMNS]
"""Their headings in English."""

VOIDED = "voided"
"""The heading of the column in which `history -f csv` says that a record was voided."""

TITLE_OR_ACTIVITY = frozenset(
    map(fold, ("nội dung", "nội dung thực hiện", "nội dung tuyên truyền", "nội dung công việc"))
)
"""Headings of the title where the file has a column of activities, and of the activity where it has none."""

AMOUNT_UNITS = {
    fold(heading): unit
    for heading, unit in (
        ("số phút", "phút"),
        ("số lần", "lần"),
        ("số lượt", "lượt"),
        ("số buổi", "buổi"),
        ("số cuộc", "cuộc"),
        ("số tin bài", "tin, bài"),
        ("số lượng tin bài", "tin, bài"),
        ("số tin", "tin"),
        ("số bài", "bài"),
        ("tỷ lệ", "%"),
        ("tỉ lệ", "%"),
    )
}
"""Headings of the amount that name its unit, in folded form."""

UNIT = frozenset(map(fold, ("đơn vị tính", "đvt", "đv tính")))
"""Headings of the column that names the unit of the amount beside it, in folded form."""

USUAL = (
    "STT",
    "TT",
    "Số TT",
    "Số thứ tự",
    "Thứ",
    "Thứ tự",
    "Trực thuộc",
    "Cơ quan chủ quản",
    "Người phụ trách",
    "Cán bộ phụ trách",
    "Người nhập",
    "Người nhập liệu",
    "Người báo cáo",
    "Người lập",
    "Người lập biểu",
    "Người thực hiện",
    "Người ghi",
    "Họ tên",
    "Họ và tên",
    "Chức vụ",
    "Số điện thoại",
    "Điện thoại",
    "SĐT",
    "Email",
    "Địa chỉ email",
    "Ký tên",
    "Chữ ký",
    "Ký nhận",
    "Dấu thời gian",
    "Timestamp",
    "Email Address",
)
"""Usual columns that hold nothing of a record. docs/json.md lists them."""

WRITTEN = (
    *("no", "id", "version", "author", "reason", "recorded_at", "late", "change", "unit"),
    *("agency_name", "activity_title", "form_name"),
    *("No.", "Identity", "Unit", "By", "Recorded", "Late"),
    *("Số", "Mã định danh", "Người ghi", "Ghi lúc", "Muộn"),
)
"""Columns beside those of a rows file in what this program writes: `history -f csv`, the report's workbook."""

LEFT_ALONE = frozenset(map(fold, (*USUAL, *WRITTEN)))
"""Headings of columns that are left alone, in folded form."""


def column_word(code: str) -> Message:
    """Give the heading of one of COLUMNS by its code, to be rendered in the user's language."""
    return next(column.word for column in COLUMNS if column.code == code)
