"""DuckDB as the house opens it: where a key is in force, its files and whatever it lays aside on the disk are sealed.

DuckDB writes nothing sealed without OpenSSL, which comes with the extension httpfs; that is installed with the house,
signed by DuckDB, and loaded from where it lies, never from a network.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import duckdb
import duckdb_extension_httpfs

from data import sealing
from data.sealing import Seal

Settings = Mapping[str, str | bool | int | float | list[str]]
OPENSSL = Path(duckdb_extension_httpfs.__file__).parent / "extensions" / f"v{duckdb.__version__}"
FILE = "build"
"""What a sealed file is called by those who ask it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """A file that is read: `cursor` gives a new one, which finds its tables by their schema and name."""

    connection: duckdb.DuckDBPyConnection
    use: str = ""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another cursor, with temporary views of its own."""
        cursor = self.connection.cursor()
        if self.use:
            cursor.execute(self.use)
        return cursor


def aside(spills: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory, which may lay on the disk, in the folder `spills` if given, what memory does not hold."""
    if sealing.key() is not None:
        return _with_openssl(spills)
    return duckdb.connect(config={"temp_directory": str(spills)} if spills else {})


def in_memory() -> duckdb.DuckDBPyConnection:
    """A database that is in memory only where a key is in force; opened at once, for what is small."""
    return duckdb.connect() if sealing.key() is None else duckdb.connect(config={"temp_directory": ""})


def written(path: Path) -> duckdb.DuckDBPyConnection:
    """A new file that is built, or one that is built on."""
    seal = sealing.of(path)
    return duckdb.connect(path) if seal is None else _attached(path, seal)


def read(path: Path, settings: Settings) -> Opened:
    """A file that is only read, under settings that nobody changes any more."""
    seal = sealing.of(path)
    if seal is None:
        return Opened(duckdb.connect(path, read_only=True, config=dict(settings)))
    connection = _attached(path, seal, "read_only")
    for name, value in settings.items():
        connection.execute(f"set {name} = {value}")
    return Opened(connection, f"use {FILE}")


def beside(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach another file to a connection that writes one, to be read under a name."""
    _attach(connection, path, name, sealing.of(path), "read_only")


def upon(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach another file to a connection, to be altered under a name."""
    _attach(connection, path, name, sealing.of(path))


def turned(path: Path, to: Path, seal: Seal | None) -> None:
    """Copy a file into a new one under another seal, or none."""
    with _with_openssl(to.with_name(f"{to.name}.tmp")) as connection:
        _attach(connection, path, "turned", sealing.of(path), "read_only")
        _attach(connection, to, FILE, seal)
        connection.execute(f"copy from database turned to {FILE}; checkpoint {FILE}")


def _attached(path: Path, seal: Seal, *more: str) -> duckdb.DuckDBPyConnection:
    connection = _with_openssl(path.with_name(f"{path.name}.tmp"))
    _attach(connection, path, FILE, seal, *more)
    connection.execute(f"use {FILE}")
    return connection


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, seal: Seal | None, *more: str) -> None:
    place = str(path).replace("'", "''")
    given = ", ".join([*([f"encryption_key '{seal.warehouse_key}'"] if seal else []), *more])
    connection.execute(f"attach '{place}' as {name} {f'({given})' if given else ''}")


def _with_openssl(spills: Path | None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"temp_file_encryption": True})
    extension = str(OPENSSL / "httpfs.duckdb_extension").replace("'", "''")
    connection.execute(f"load '{extension}'")
    if spills:
        connection.execute("set temp_directory = $place", {"place": str(spills)})
    return connection
