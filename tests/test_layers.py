"""The house: which module may know which, how long one may be, and that none is in vain."""

import ast
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Final

import pytest

from custom_components.tapo_doctor import PLATFORMS

from .source import PACKAGE, ROOT, modules, name_of, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "custom_components.tapo_doctor"
# From the bottom up; a module knows only floors at its own height or below.
FLOORS: Final = ("the mind", "the senses", "the watch", "the faces")
# What Home Assistant looks up by its name, and set-up: nobody else knows these.
FACES: Final = (
    *(f"{platform}.py" for platform in PLATFORMS),
    "*_flow.py",
    "__init__.py",
    "announce.py",
    "diagnostics.py",
    "entity.py",
    "repairs.py",
    "services.py",
    "system_health.py",
    "trigger.py",
)
MOST_LINES: Final = 300
# Why a module is longer than that.
LONG: Final = {
    "chart.py": "what is known of a camera is one thing, each part read with the rest",
    "config_flow.py": "the steps of one dialog, which Home Assistant wants in one class",
    "debts.py": "a debt is one promise, from its writing down to its striking off",
    "doctor/clues.py": "the table of the mind's knowledge, read from top to bottom",
    "doctor/evidence.py": "the case format, a line for each field",
    "doctor/playbook.py": "the table of steps, and what holds for each of them",
    "doctor/questions.py": "the table of questions with their answers",
    "home.py": "what the cameras of a home share, and the order in which they get their turn",
    "memory.py": "a table: what is remembered of a camera, and how each line of it is read",
    "repairs.py": "the pages of one dialog, which Home Assistant wants in one class",
    "subentry_flow.py": "the steps of one dialog, which Home Assistant wants in one class",
}


def floor_of(path: str) -> str:
    """Say on which floor a module lives."""
    if path.startswith("doctor/"):
        return "the mind"
    if path.startswith("probes/"):
        return "the senses"
    return "the faces" if any(fnmatch(path, face) for face in FACES) else "the watch"


def path_of(dotted: str) -> str | None:
    """Return the file of a module of ours; None where it is none."""
    inner = dotted.removeprefix(NAME).strip(".").replace(".", "/")
    for path in (f"{inner}.py", f"{inner}/__init__.py", "__init__.py" if not inner else ""):
        if path in modules():
            return path
    return None


def imports_of(path: str, *, at_run_time: bool) -> Iterator[str]:
    """Name the modules of ours that a module imports."""
    tree = modules()[path]
    aside = {
        inner
        for node in nodes(ast.If, under=tree)
        if name_of(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    package = [NAME, *path.split("/")[:-1]]
    for node in nodes(ast.ImportFrom, under=tree):
        if at_run_time and node in aside:
            continue
        base = ".".join(package[: len(package) + 1 - node.level]) if node.level else ""
        whole = ".".join(part for part in (base, node.module or "") if part)
        if not whole.startswith(NAME):
            continue
        for alias in node.names:
            found = path_of(f"{whole}.{alias.name}") or path_of(whole)
            if found is not None and found != path:
                yield found


@pytest.mark.parametrize("path", modules())
def test_imports_run_one_way(path: str) -> None:
    """A mind that knows Home Assistant cannot be tried without it, nor probes without a screen."""
    height = FLOORS.index(floor_of(path))
    above = {
        other
        for other in imports_of(path, at_run_time=False)
        if FLOORS.index(floor_of(other)) > height
    }
    assert not above, f"{path} of {floor_of(path)} knows {above}"


def test_no_two_modules_need_each_other() -> None:
    """Which of the two is imported first would decide whether anything works."""
    graph = {path: set(imports_of(path, at_run_time=True)) for path in modules()}
    # A package's front door hands on what stands behind it.
    for path in graph:
        if path.endswith("__init__.py"):
            graph[path] = set()
    assert sum(map(len, graph.values())) > 100
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" needs ".join(error.args[1]))


def test_a_long_module_has_a_reason() -> None:
    """Nobody reads a thousand lines to change one."""
    lines = {path: (PACKAGE / path).read_text(encoding="utf-8").count("\n") for path in modules()}
    long = {path for path, count in lines.items() if count > MOST_LINES}
    assert long == set(LONG), "split it, or say in LONG why it is one thing"


# What Home Assistant and asyncio look up by name.
CALLED_BY_OTHERS: Final = (
    "CONFIG_SCHEMA",
    "PARALLEL_UPDATES",
    "TapoDoctorConfigFlow",
    "async_create_fix_flow",
    "async_get_config_entry_diagnostics",
    "async_get_device_diagnostics",
    "async_get_triggers",
    "async_register",
    "async_remove_entry",
    "async_setup*",
    "async_step_*",
    "async_unload_entry",
)


def definitions() -> Iterator[tuple[str, str]]:
    """Name every function, method, class and constant that others might use, with its file."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not any(
                    name_of(one) == "override" for one in node.decorator_list
                ):
                    yield path, name
                case ast.ClassDef(name=name):
                    yield path, name
        for node in tree.body:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ):
                    yield path, name


def mentions() -> set[str]:
    """Collect every name that is used, here and by the scripts; a definition is no use."""
    trees = [*modules().values()]
    trees += [ast.parse(path.read_text()) for path in sorted((ROOT / "scripts").glob("*.py"))]
    used = set()
    for tree in trees:
        used |= {node.attr for node in nodes(ast.Attribute, under=tree)}
        used |= {node.id for node in nodes(ast.Name, under=tree) if isinstance(node.ctx, ast.Load)}
    return used


def test_nothing_is_in_vain() -> None:
    """What nobody calls is read, translated and kept working all the same."""
    used = mentions()
    defined = set(definitions())
    assert len(defined) > 300
    unused = {
        f"{path}: {name}"
        for path, name in defined
        if name not in used
        and not name.startswith("__")
        and not any(fnmatch(name, pattern) for pattern in CALLED_BY_OTHERS)
    }
    assert not unused
