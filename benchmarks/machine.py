"""The machine a benchmark ran on, and its memory."""

import os
import platform
import resource
from datetime import UTC, datetime
from pathlib import Path

import psutil

MEGABYTE = 1_000_000


def machine() -> dict[str, str | int]:
    """Processor, cores, memory, Python and time, for the JSON."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count() or 0,
        "memory_mb": round(psutil.virtual_memory().total / MEGABYTE),
        "python": platform.python_version(),
        "system": platform.platform(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def load_average() -> str:
    """Processes that ran or waited to run over the last minute; more than `cores` means that others were in the way."""
    return f"{os.getloadavg()[0]:.2f}"


def cpu_model() -> str:
    """Name of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def resident() -> float:
    """Resident memory of this process in MB."""
    return float(psutil.Process().memory_info().rss) / MEGABYTE


def peak() -> float:
    """The highest resident memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def resident_with_children(pid: int) -> float:
    """Resident memory of a process and its descendants in MB; pages they share are counted once for each."""
    process = psutil.Process(pid)
    members = [process, *process.children(recursive=True)]
    return sum(float(member.memory_info().rss) for member in members) / MEGABYTE
