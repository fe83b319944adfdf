"""A Spark session whose meaning of SQL is fixed by us, not by the cluster."""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from ..errors import ProjectError, SquiggleError

MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
"""Settings that decide what SQL means; the same everywhere, whatever a cluster has set."""

QUIET = {
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


LOCAL_SHARE = 0.4
"""The share of a machine's memory that Spark may use, where it runs inside the command."""


@contextmanager
def session(master: str, settings: Mapping[str, str]) -> Iterator[Any]:
    """Open a Spark session on `master`; it is closed in the end, unless it was there before.

    Raises SquiggleError where pyspark, Java or the master is missing, ProjectError where
    `settings` would change what SQL means.
    """
    for name, value in settings.items():
        if MEANING.get(name, value) != value:
            raise ProjectError(
                f"engine.settings: {name} is always {MEANING[name]!r}, so that figures are the "
                "same on every cluster; take it out"
            )
    is_remote = master.startswith("sc://")
    if not is_remote and not has_java():
        raise SquiggleError(
            "--engine spark: there is no Java on this machine; install Java 17 or newer (on "
            "Debian: apt install default-jre-headless) or set JAVA_HOME"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise SquiggleError(
                "--engine spark: pyspark is not installed; pip install 'journey-squiggle[spark]'"
            ) from None
        logging.getLogger("py4j").setLevel(logging.ERROR)
        said = {**({} if is_remote else QUIET), **settings, **MEANING}
        if master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            said.setdefault("spark.driver.memory", _memory())
        builder = SparkSession.builder.appName("squiggle")
        builder = builder.remote(master) if is_remote else builder.master(master)
        for name, value in said.items():
            builder = builder.config(name, value)
        try:
            if is_remote:
                _knock(master)
            was_there = SparkSession.getActiveSession() is not None
            spark = builder.getOrCreate()
        except ImportError as error:
            raise SquiggleError(
                f"--engine spark: Spark Connect lacks a library ({told(error)}); "
                "pip install 'journey-squiggle[spark]'"
            ) from None
        except Exception as error:
            raise SquiggleError(f"--engine spark: cannot reach {master}: {told(error)}") from None
        for name, value in MEANING.items():
            spark.conf.set(name, value)
        try:
            yield spark
        finally:
            if not was_there:
                spark.stop()


_CLASS = re.compile(r"^(: )?([\w.$]+(Exception|Error): )+|^\([\w.$]+\) ")


def told(error: Exception) -> str:
    """Return the first line of what Spark says, without the names of Java's classes.

    >>> told(Exception("[PATH_NOT_FOUND] Path does not exist\\nJVM stacktrace: …"))
    '[PATH_NOT_FOUND] Path does not exist'
    """
    lines = [line for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("An error occurred while calling"):
        del lines[0]
    return _CLASS.sub("", lines[0]) if lines else type(error).__name__


def _knock(master: str) -> None:
    """Raise OSError where nobody listens: Spark's own client would try for ten minutes."""
    place = urlsplit(master)
    if not getproxies():
        socket.create_connection((place.hostname, place.port or 15002), timeout=10).close()


def _memory() -> str:
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{max(1, round(LOCAL_SHARE * machine / 2**30))}g"


def has_java() -> bool:
    """Return whether a Java can be found here, as Spark looks for one."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else None) is not None
