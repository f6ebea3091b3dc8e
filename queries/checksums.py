"""Whether a build's file is still the one that was made: its SHA-256 stands beside it, as `sha256sum -c` reads it."""

import contextlib
from pathlib import Path

from data import digest, keeping

ENDING = ".sha256"


def of(path: Path) -> Path:
    """Where the checksum of a build stands."""
    return path.with_name(path.name + ENDING)


def write(path: Path, held: Path) -> None:
    """Write for `path` the checksum of the file that is about to be put there, which now is `held`."""
    keeping.put(of(path), f"{digest.of(held, afresh=True)}  {path.name}\n", plain=True)


def delete(path: Path) -> None:
    """Delete a file and its checksum; OSError where the system does not let go of the file."""
    path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        of(path).unlink(missing_ok=True)


def is_known(path: Path) -> bool:
    """Whether a file has a checksum; builds of earlier versions of the program have none."""
    return of(path).is_file()


def is_whole(path: Path, *, afresh: bool = False) -> bool:
    """Whether a file is there as it was made; one without a checksum is taken for whole. `afresh` hashes it anyway."""
    if digest.mark(path) is None:
        return False
    try:
        written = of(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return digest.of(path, afresh=afresh) == written.partition(" ")[0] != ""
