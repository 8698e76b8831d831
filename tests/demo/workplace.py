"""A folder for Home Assistant: a configuration with what the demo shows, and nothing else."""

import fcntl
import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from homeassistant.components.http.config import HTTP_STORAGE_SCHEMA

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "demo"
PREFERRED_PORT = 8123
USER = "demo"

CONFIGURATION = """\
homeassistant:
  name: Birchwood
  unit_system: metric
  time_zone: {time_zone}
  country: GB
  currency: EUR
  latitude: 52.5
  longitude: 13.4
  elevation: 34
  # Nobody but this machine reaches it, so nobody has to log in.
  auth_providers:
    - type: trusted_networks
      trusted_networks: [127.0.0.1]
      allow_bypass_login: true
    - type: homeassistant
config:
frontend:
history:
logbook:
recorder:
  commit_interval: 1
logger:
  default: warning
  logs:
    # A machine without them shows no video, which nobody wants to see here.
    haffmpeg: critical
    homeassistant.components.camera.img_util: critical
    custom_components.tapo_doctor: info
"""


class InUseError(Exception):
    """Another demo works in the same folder."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folder, the port, and the lock that keeps a second demo out."""

    folder: Path
    port: int
    lock: IO[str]

    @property
    def url(self) -> str:
        """Return where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Return the file with all that Home Assistant says."""
        return self.folder / "home-assistant.out"


def prepare(name: str, *, any_port: bool) -> Workplace:
    """Make the folder anew: what an earlier demo left there would only confuse."""
    FOLDER.mkdir(exist_ok=True)
    lock = (FOLDER / f"{name}.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as err:
        lock.close()
        raise InUseError from err
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    storage = folder / ".storage"
    storage.mkdir(parents=True)
    (folder / "configuration.yaml").write_text(CONFIGURATION.format(time_zone=_time_zone()))
    (folder / "custom_components").symlink_to(ROOT / "custom_components", target_is_directory=True)
    port = _free_port(0 if any_port else PREFERRED_PORT)
    _store(storage, "http", 2, _http(port), minor=2)
    # Discovery has to reach the simulated home, which lives on loopback.
    _store(storage, "core.network", 1, {"configured_adapters": ["lo"]})
    # The step that makes the user is done over the network; the others would want the internet.
    _store(storage, "onboarding", 4, {"done": ["core_config", "analytics", "integration"]})
    return Workplace(folder, port, lock)


def _time_zone() -> str:
    """Return this machine's, so that cards and browser agree about the time."""
    _, found, name = str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")
    return name if found else "UTC"


def _http(port: int) -> dict[str, Any]:
    wanted = HTTP_STORAGE_SCHEMA({"server_host": "127.0.0.1", "server_port": port})
    told = {"created_at": "2026-01-01T00:00:00+00:00", "error": None, "error_message": None}
    return {"stable": wanted | told, "pending": None, "yaml_migration_done": True}


def _store(storage: Path, key: str, version: int, data: dict[str, Any], *, minor: int = 1) -> None:
    """Write a file as Home Assistant's own Store would."""
    content = {"version": version, "minor_version": minor, "key": key, "data": data}
    (storage / key).write_text(json.dumps(content))


def _free_port(preferred: int) -> int:
    """Return the preferred port where it is free, or else any that is."""
    for port in (preferred, 0):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(sock.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
