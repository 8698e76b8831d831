"""Builds the archive that HACS unpacks: the integration's files, with their version stamped in."""

import argparse
import json
import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PACKAGE = Path(__file__).resolve().parent.parent / "custom_components" / "tapo_doctor"
MANIFEST = "manifest.json"
# The same files make the same archive, whenever it is built.
MOMENT = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    """Take a version, as a tag has it, and write the archive."""
    parser = argparse.ArgumentParser(prog="scripts/release", description=__doc__)
    parser.add_argument("version", type=version, metavar="VERSION")
    parser.add_argument("archive", type=Path, metavar="OUT.zip")
    arguments = parser.parse_args()
    with ZipFile(arguments.archive, "w") as archive:
        for path in files():
            name = path.relative_to(PACKAGE).as_posix()
            data = stamped(arguments.version) if name == MANIFEST else path.read_bytes()
            info = ZipInfo(name, MOMENT)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)


def version(tag: str) -> str:
    """Read a version such as 1.2.3, v1.2.3 or 1.2.3-beta.1."""
    found = re.fullmatch(r"v?(\d+\.\d+\.\d+(?:-?[a-z]+\.?\d+)?)", tag)
    if found is None:
        raise argparse.ArgumentTypeError(f"{tag} is no version")
    return found[1]


def files() -> list[Path]:
    """List what belongs to the integration, without what Python leaves behind."""
    return sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )


def stamped(number: str) -> bytes:
    """Return the manifest with this version."""
    manifest = json.loads((PACKAGE / MANIFEST).read_text(encoding="utf-8"))
    return (json.dumps({**manifest, "version": number}, indent=2) + "\n").encode()


if __name__ == "__main__":
    main()
