"""Personnel files, measured: python -m tests.bench.personnel [--files 10000]; they are written, then landed."""

import argparse
import base64
import random
import tempfile
import time
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from data import landing
from data.store import Store
from tests import forms
from tests.bench import clock, table
from tests.bench.table import Row

PHOTO_BYTES = 30_000
POSTS = ("科员", "副镇长", "党委委员、副镇长", "党委副书记、镇长", "党委书记")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one table: a folder and an archive of the same files."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.personnel", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    files = parser.parse_args(arguments).files
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        table.show(files, list(_measured(Path(made), files)))


def _measured(root: Path, files: int) -> Iterable[Row]:
    folder, archive = written(root, files)
    for how, given in (("a folder", folder), ("a zip", archive)):
        seconds, memory, landed = clock.apart(landed_in, root / how, root / "units.csv", given)
        if landed != files:
            message = f"{landed} of {files} people landed from {how}."
            raise RuntimeError(message)
        yield Row("personnel files to Parquet", how, seconds, memory=memory)


def landed_in(root: Path, units: Path, given: Path) -> tuple[float, int, int]:
    """Seconds and memory to land the files beside their units, and how many people did."""
    store = Store(root)
    landing.land(store, [units])
    start = time.perf_counter()
    landing.land(store, [given])
    return time.perf_counter() - start, clock.peak(), store.manifest().rows("member")


def written(root: Path, files: int) -> tuple[Path, Path]:
    """A folder and an archive of so many forms, each with a photo and about twelve lines of career."""
    draw = random.Random(1)  # noqa: S311 - the same people in every run
    (root / "units.csv").write_text(forms.UNITS, encoding="utf-8")
    folder, archive = root / "forms", root / "forms.zip"
    folder.mkdir()
    photo = base64.b64encode(draw.randbytes(PHOTO_BYTES)).decode()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(files):
            content = _form(draw, number).replace(forms.PHOTO.encode(), photo.encode())
            (folder / f"{number}.lrmx").write_bytes(content)
            packed.writestr(f"{number}.lrmx", content)
    return folder, archive


def _form(draw: random.Random, number: int) -> bytes:
    birth = f"{1966 + number // 999 % 30}{1 + number // 29970 % 12:02d}15"
    career = ["1990.09--1994.07  某大学学生"]
    for at in range(10):
        unit = draw.choice(["甲县松林镇", "甲县柳溪乡", "乙县桐山镇", "外省某县某镇"])
        career.append(
            f"{1994 + 2 * at}.07--{1996 + 2 * at}.07  {unit}{draw.choice(POSTS)}（其间：1999.03--1999.06在党校学习）"
        )
    said = forms.person(
        XingMing=f"赵样{number % 2000}",
        ChuShengNianYue=birth[:6],
        ShenFenZheng=forms.id_number(birth, f"{number % 999:03d}"),
        JianLi="\n".join(career),
    )
    return forms.lrmx(said)


if __name__ == "__main__":
    main()
