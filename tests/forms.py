"""Personnel files of invented people, written as the programs in use write them, with what goes wrong in them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

PHOTO = "/9j/4AAQSkZJRgABAQEAYABg" + "QUJD" * 400
FAMILY = (
    "<Item><ChengWei>妻子</ChengWei><XingMing>周样家</XingMing>"
    "<GongZuoDanWeiJiZhiWu>某校教师</GongZuoDanWeiJiZhiWu></Item>"
)
HEALTH = "患样病"
REGION = "999999"
"""No region has this number, so no number made with it is anyone's."""
ORDER = (
    *("XingMing", "XingBie", "ChuShengNianYue", "MinZu", "JiGuan", "ChuShengDi", "RuDangShiJian"),
    *("CanJiaGongZuoShiJian", "DaoLingNianYue", "JianKangZhuangKuang", "XianRenZhiWu", "JianLi"),
    *("NianDuKaoHeJieGuo", "JiaTingChengYuan", "GaiGeQianRenZhiNianLingJieXian", "ShenFenZheng", "ZhaoPian", "Version"),
)
CAREER = """1996.09--2000.07  某大学中文系学生
2000.07--2005.09  甲县松林镇科员
                  （其间：2003.03--2004.03挂职任柳溪乡副乡长；2004.09--2006.07在省委党校学习）
2005.09--2010.03  甲县松林镇党委副书记、镇长（正科级）
2010.03--         示例市发展局党组成员、
                  副局长"""
UNITS = """单位编码,单位名称,上级单位编码,班子类别,单位性质
001,示例市,,市,
001.001,甲县,001,县（市、区）,
001.001.001,甲县委,001.001,县级领导班子,党委
001.001.002,松林镇,001.001,乡镇（街道）,
001.001.003,柳溪乡,001.001,乡镇（街道）,
001.001.004,甲县组织部,001.001,县直单位,党委
001.002,市发展局,001,市直单位,政府
001.003,乙县,001,县（市、区）,
001.003.001,桐山镇,001.003,乡镇（街道）,
001.001.006,松林镇政府,001.001,乡镇（街道）,政府
001.001.005,桐山镇,001.001,乡镇（街道）,
"""


def id_number(birth: str = "19780503", serial: str = "001", last: str = "") -> str:
    """A number of nobody with the right last sign, or with another one where `last` says so."""
    digits = REGION + birth + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    right = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11]
    return digits + (last or right)


def person(**said: str) -> dict[str, str]:
    """What the form of one invented man says, other than usual where given."""
    usual = {
        "XingMing": "赵样甲",
        "XingBie": "男",
        "ChuShengNianYue": "197805",
        "MinZu": "汉族",
        "RuDangShiJian": "200106",
        "CanJiaGongZuoShiJian": "200007",
        "DaoLingNianYue": "204105",
        "JianKangZhuangKuang": HEALTH,
        "XianRenZhiWu": "示例市发展局副局长",
        "JianLi": CAREER,
        "NianDuKaoHeJieGuo": "2023年度考核优秀；2024年度考核称职；2025年度考核优秀。",
        "GaiGeQianRenZhiNianLingJieXian": "改革前任职年龄界限为60岁",
        "ShenFenZheng": id_number(),
        "Version": "4.0.0.0",
    }
    return usual | said


def lrmx(said: Mapping[str, str], order: Sequence[str] = ORDER, *, more: str = "", head: str = "") -> bytes:
    """The form as XML, its tags in this order, the photo and the family in their places."""
    inside = "".join(f"<{tag}>{_inside(tag, said)}</{tag}>" for tag in order)
    return (head or '<?xml version="1.0" encoding="utf-8"?>').encode() + f"<Person>{inside}{more}</Person>".encode()


def _inside(tag: str, said: Mapping[str, str]) -> str:
    special = {"ZhaoPian": PHOTO, "JiaTingChengYuan": FAMILY}
    return special.get(tag) or escape(said.get(tag, "")).replace("\r", "&#xD;")


def lrm(said: Mapping[str, str]) -> bytes:
    """The form as the older record: GBK, quoted fields by place."""
    places = [""] * 33
    for place, tag in {0: "XingMing", 1: "XingBie", 2: "ChuShengNianYue", 3: "MinZu", 5: "RuDangShiJian"}.items():
        places[place] = said[tag]
    places[6], places[8], places[9] = HEALTH, said["CanJiaGongZuoShiJian"], "大学#学士@研究生#"
    places[17], places[19] = said["JianLi"].replace("\n", "\r\n"), said["NianDuKaoHeJieGuo"]
    places[20:25] = ["妻子", "周样家", "197901", "群众", "某校教师"]
    places[25] = said["XianRenZhiWu"]
    return ('"' + '","'.join(places) + '"\r\n').encode("gbk")


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """An archive of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def packed(files: Mapping[str, bytes]) -> bytes:
    """The bytes of an archive of these files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()
