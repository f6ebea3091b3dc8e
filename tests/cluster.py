"""A standalone Spark of one master and two workers on this machine, and stores built on it.

`python -m tests.cluster MASTER STORE RULES …` builds stores one after another, each under the rules of a folder.
"""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.store import Store
from queries import building, spark
from tests.server import HOUSE

PATIENCE, SLOWEST = 120.0, 3600.0
LOOPBACK = "127.0.0.1"
SMALL = """
spark.driver.host                      127.0.0.1
spark.driver.bindAddress               127.0.0.1
spark.driver.memory                    1g
spark.executor.memory                  640m
spark.executor.cores                   1
spark.default.parallelism              2
spark.sql.shuffle.partitions           2
spark.sql.adaptive.enabled             false
spark.sql.codegen.wholeStage           false
spark.sql.codegen.factoryMode          NO_CODEGEN
spark.sql.lightweightPlanChangeValidation  false
spark.driver.extraJavaOptions          {java}
spark.executor.extraJavaOptions        {java}
"""
"""Few rows cost Spark its planning and compiling alone: two parts a step, and nothing compiled for it."""
JAVA = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the master is, and the environment in which its drivers run."""

    master: str
    environment: Mapping[str, str]
    log: Path

    def build(self, *stores: tuple[Store, Path]) -> None:
        """Build stores, each under the rules of a folder."""
        words = [str(word) for store, rules in stores for word in (store.root, rules)]
        command = [sys.executable, "-m", "tests.cluster", self.master, *words]
        subprocess.run(command, cwd=HOUSE, env=dict(self.environment), check=True, timeout=SLOWEST)


def missing() -> str | None:
    """What is needed to run Spark and is not there; None where all is."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: `make spark`"
    return None if shutil.which("java") else "Java 17 is not installed, which Spark needs"


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A master and two workers that write into `folder`, gone when the block ends."""
    (folder / "spark-defaults.conf").write_text(SMALL.format(java=JAVA), encoding="utf-8")
    environment = {
        **os.environ,
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_DAEMON_MEMORY": "192m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
        "SPARK_WORKER_DIR": str(folder),
    }
    master = f"spark://{LOOPBACK}:{_free_port()}"
    place = master.rsplit(":", 1)[1]
    with contextlib.ExitStack() as stack:
        log = folder / "master.log"
        _start(stack, environment, log, "master.Master", "--host", LOOPBACK, "--port", place, "--webui-port", "0")
        for worker in ("one", "two"):
            given = ["--host", LOOPBACK, "--cores", "1", "--memory", "1g", "--webui-port", "0", master]
            _start(stack, environment, folder / f"{worker}.log", "worker.Worker", *given)
        deadline = time.monotonic() + PATIENCE
        while log.read_text(encoding="utf-8").count("Registering worker") < 2:
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.5)
        yield Cluster(master, environment, log)


def _start(stack: contextlib.ExitStack, environment: Mapping[str, str], log: Path, name: str, *given: str) -> None:
    found = importlib.util.find_spec("pyspark")
    assert found
    assert found.origin
    file = stack.enter_context(log.open("wb"))
    command = [str(Path(found.origin).parent / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *given]
    process = subprocess.Popen(command, env=dict(environment), stdout=file, stderr=subprocess.STDOUT)
    stack.callback(process.wait)
    stack.callback(process.terminate)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":
    master, *words = sys.argv[1:]
    for root, rules in zip(words[::2], words[1::2], strict=True):
        building.build(Store(Path(root)), folder=Path(rules), maker=spark.maker(master))
