"""What comes from outside when somebody, or a bad sector, means ill."""

import json
from collections.abc import Sequence  # noqa: TC003 (hypothesis reads it)
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

# Halves of characters come in JSON, and cannot be written to a file.
TEXTS = st.text(st.characters(exclude_categories=[]), max_size=20)
# Numbers at which arithmetic with time, floats and 64 bits ends.
NUMBERS = st.sampled_from([-1, 0, 1, 2**63, 10**19, 10**400, 1e308, float("inf"), float("nan")])
MOMENTS = st.sampled_from(
    [
        "2026-06-15T12:00:00+00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-06-15T12:00:00",
        "2026-06-15",
        "24:00",
        "²",
    ]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | NUMBERS | MOMENTS


def anything(*words: str) -> st.SearchStrategy[Any]:
    """Return any JSON at all, in which these words turn up, as names and as values."""
    plain = PLAIN | st.sampled_from(words) if words else PLAIN
    names = TEXTS | st.sampled_from(words) if words else TEXTS
    return st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
        max_leaves=10,
    )


def paths(data: Any, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Name every place in some JSON."""
    yield path
    if isinstance(data, dict):
        for name, value in data.items():
            yield from paths(value, *path, name)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from paths(value, *path, index)


@st.composite
def spoiled(draw: st.DrawFn, examples: Sequence[Any]) -> Any:
    """Take real data and put something else in one, two or three places of it."""
    data = json.loads(json.dumps(draw(st.sampled_from(examples))))
    for _ in range(draw(st.integers(1, 3))):
        places = [path for path in paths(data) if path]
        if not places:
            return draw(anything())
        *way, last = draw(st.sampled_from(places))
        inner = data
        for name in way:
            inner = inner[name]
        if draw(st.booleans()) and isinstance(inner, dict):
            inner[draw(TEXTS)] = inner.pop(last)
        else:
            inner[last] = draw(anything())
    return data
