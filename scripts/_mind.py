"""Reaches the mind, its words and its case files without Home Assistant."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent / "custom_components" / "tapo_doctor"
# The mind is imported by itself: the package around it needs Home Assistant.
sys.path.insert(0, str(PACKAGE))

from doctor import Case, CaseError, read_case  # noqa: E402


class UnreadableError(Exception):
    """A file that holds no case; the message says why."""


def read_file(path: str | Path) -> Case:
    """Read a case file, or say in one line what is wrong with it."""
    return _read_case(_load(path))


def read_files(path: str) -> dict[str, Case]:
    """Read what may be a case file or a download of diagnostics, which holds several cases."""
    data = _load(path)
    cameras = data.get("cameras") if isinstance(data, dict) else None
    if not isinstance(cameras, list):
        return {path: _read_case(data)}
    return {
        f"{path}#{number}": _read_case(camera.get("case") if isinstance(camera, dict) else camera)
        for number, camera in enumerate(cameras, 1)
    }


def _load(path: str | Path) -> Any:
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"is not JSON ({error})") from error
    # Diagnostics of Home Assistant wrap what an integration gives into a field of this name.
    return data["data"] if isinstance(data, dict) and "data" in data else data


def _read_case(data: Any) -> Case:
    try:
        return read_case(data)
    except CaseError as error:
        raise UnreadableError(str(error)) from error


def words() -> dict[str, dict[str, Any]]:
    """Read what the mind's keys are called on the screen."""
    file = PACKAGE / "translations" / "en.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    options = {name: entry.get("options", {}) for name, entry in told.get("selector", {}).items()}
    # Causes and certainty are the states of an entity, and have their words there.
    diagnosis = told["entity"]["sensor"]["diagnosis"]
    certainty = diagnosis["state_attributes"]["certainty"]["state"]
    return {**options, "cause": diagnosis["state"], "certainty": certainty}


def end_with_the_reader() -> None:
    """End quietly when whoever reads the output has seen enough, as `head` has."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
