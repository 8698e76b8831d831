"""Makes evidence for tests: by hand from the case format, or any at all by its types."""

import string
from dataclasses import fields, is_dataclass
from enum import StrEnum
from types import NoneType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    TypeAliasType,
    get_args,
    get_origin,
    get_type_hints,
)

from hypothesis import settings
from hypothesis import strategies as st

from custom_components.tapo_doctor.doctor import Evidence, diagnose, read_case
from custom_components.tapo_doctor.doctor.codec import Between
from custom_components.tapo_doctor.doctor.signs import read_signs

if TYPE_CHECKING:
    from custom_components.tapo_doctor.doctor import Diagnosis
    from custom_components.tapo_doctor.doctor.sign import Sign

# The same examples on every machine, and no stopwatch: a failure here is a fault, not the weather.
calm = settings(derandomize=True, deadline=None, max_examples=50, database=None)

# Words that decide something, so that chance finds them.
_TEXTS = ("Home", "Guest", "C210", "D230", "Device blocked for 9 seconds", "-40211", "1.4.3", "")


def evidence(**sections: Any) -> Evidence:
    """Read evidence from sections in the case format."""
    return read_case({"format": 1, **sections}).evidence


def signs(**sections: Any) -> set[Sign]:
    """Read the signs from sections in the case format."""
    return set(read_signs(evidence(**sections)))


def diagnosis(**sections: Any) -> Diagnosis:
    """Diagnose sections in the case format."""
    return diagnose(evidence(**sections))


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Make any value that a type hint of the evidence allows."""
    if isinstance(hint, TypeAliasType):
        return of(hint.__value__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _ruled(arguments[0], arguments[1])
    if arguments and NoneType in arguments:
        return of(next(part for part in arguments if part is not NoneType))
    if origin is tuple:
        return st.lists(of(arguments[0]), max_size=4).map(tuple)
    if origin is not None:
        return st.dictionaries(st.sampled_from([443, 554, 2020, 10443]), of(arguments[1]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _some_fields(hint)
    if issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return _PLAIN[hint]


def _some_fields(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind, include_extras=True)
    members = {item.name: of(hints[item.name]) for item in fields(kind)}
    return st.fixed_dictionaries({}, optional=members).map(lambda given: kind(**given))


def _ruled(base: Any, rule: Any) -> st.SearchStrategy[Any]:
    if not isinstance(rule, Between):
        return st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
    high = min(rule.high, 5000)
    if base is int:
        return st.integers(int(rule.low), int(high))
    return st.floats(rule.low, high, allow_nan=False)


_PLAIN: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-50000, 5),
    float: st.floats(-2000, 2000, allow_nan=False),
    str: st.sampled_from(_TEXTS) | st.text(string.printable, max_size=8),
}

evidences: st.SearchStrategy[Evidence] = of(Evidence)
