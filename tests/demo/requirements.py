"""Print what Home Assistant would fetch from PyPI at its first start, for setup to do it before.

Read from the manifests of the Home Assistant that is installed: no list of ours to grow old.
"""

import json
import sys
from pathlib import Path

from homeassistant import bootstrap, components

# The integrations that demo and bench set up; Home Assistant's own default ones come on top.
CONFIGURED = frozenset({"config", "history", "logbook", "ping", "recorder", "tplink"})


def requirements(domains: frozenset[str]) -> set[str]:
    """Return what the integrations ask for, with those that they depend on."""
    wanted: set[str] = set()
    waiting, seen = set(domains), set[str]()
    while waiting:
        domain = waiting.pop()
        seen.add(domain)
        manifest = _manifest(domain)
        wanted.update(manifest.get("requirements", ()))
        # What an integration only follows is loaded for its platforms' sake where it is set up.
        waiting.update(set(manifest.get("dependencies", ())) - seen)
    return wanted


def _manifest(domain: str) -> dict[str, list[str]]:
    """Return the manifest of an integration of Home Assistant's."""
    path = Path(components.__path__[0], domain, "manifest.json")
    manifest: dict[str, list[str]] = json.loads(path.read_text())
    return manifest


def main() -> None:
    """Print the requirements, one a line."""
    defaults = bootstrap.CORE_INTEGRATIONS | bootstrap.DEFAULT_INTEGRATIONS
    sys.stdout.writelines(f"{line}\n" for line in sorted(requirements(CONFIGURED | defaults)))


if __name__ == "__main__":
    main()
