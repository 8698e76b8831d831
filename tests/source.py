"""The integration's own files, as the tests of rules read them."""

import ast
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from awesomeversion import AwesomeVersion, AwesomeVersionStrategy
from homeassistant.util.yaml import load_yaml_dict

import custom_components.tapo_doctor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACKAGE: Final = Path(custom_components.tapo_doctor.__file__).parent
ROOT: Final = PACKAGE.parents[1]


@cache
def modules() -> Mapping[str, ast.Module]:
    """Return the syntax tree of every module, by its path within the integration."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def nodes[N: ast.AST](kind: type[N], *, under: ast.AST | None = None) -> Iterator[N]:
    """Walk through all nodes of a kind, in the whole integration or under one of its nodes."""
    for tree in (under,) if under is not None else modules().values():
        yield from (node for node in ast.walk(tree) if isinstance(node, kind))


def name_of(node: ast.expr) -> str:
    """Return the last part of a name: `open` for both `open` and `path.open`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return name_of(inner)
    return ""


def json_of(name: str) -> dict[str, Any]:
    """Read a JSON file of the integration."""
    found: dict[str, Any] = json.loads((PACKAGE / name).read_text(encoding="utf-8"))
    return found


def yaml_of(name: str) -> dict[str, Any]:
    """Read a YAML file of the integration; one that is not there says nothing."""
    path = PACKAGE / name
    return load_yaml_dict(str(path)) if path.exists() else {}


def png_size(path: Path) -> tuple[int, int]:
    """Read a picture's width and height from its header."""
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def version(value: str) -> str:
    """Refuse what HACS and Home Assistant cannot compare with another version."""
    known = [AwesomeVersionStrategy.SEMVER, AwesomeVersionStrategy.CALVER]
    AwesomeVersion(value, ensure_strategy=known)
    return value
