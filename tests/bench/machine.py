"""What this machine is, and what a process takes from it; from the kernel, without a library."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PACKAGES: Final = ("homeassistant", "python-kasa", "icmplib")
# Fields of /proc/<pid>/stat behind the name, which may hold blanks: user, system, and the
# same of children that have ended.
_TIMES: Final = slice(11, 15)


def cpu_seconds(process: int) -> float:
    """Say how much time it has spent on a processor, its ended children's included."""
    stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    return sum(map(int, stat.rpartition(")")[2].split()[_TIMES])) / _TICKS


def memory_mb(process: int) -> float:
    """Say how much memory it holds."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def describe() -> dict[str, str]:
    """Name the machine and what runs on it."""
    cores = os.cpu_count()
    return {
        "machine": f"{cores} cores, {_processor()}, Linux {platform.release()}",
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
