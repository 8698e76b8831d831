"""Reads and writes plain data by the type hints of frozen dataclasses.

One mechanism for the whole case format: a new field of the evidence is a line in its dataclass
and nothing here. Whatever comes in, only `CaseError` comes out, with the path of the field.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Protocol,
    TypeAliasType,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

type Reader = Callable[[object, str], Any]

# A path is shown to people: a name that is a whole novel would hide the rest of the message.
_LONGEST_NAME = 60


class CaseError(ValueError):
    """A case that does not keep to the format: where, and what was expected there."""

    def __init__(self, path: str, expected: str) -> None:
        """Remember both parts: the path for machines, and a message made of the two."""
        super().__init__(f"{path or 'the file'}: expected {expected}")
        self.path = path
        self.expected = expected


class Rule(Protocol):
    """Something that a value must keep to beyond its type."""

    @property
    def expected(self) -> str:
        """Say in a few words what is allowed."""

    def allows(self, value: Any, /) -> bool:
        """Tell whether this value is allowed."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number within these bounds, both included."""

    low: float
    high: float = math.inf

    @property
    def expected(self) -> str:
        """Name the bounds that there are."""
        if self.low == self.high:
            return f"{self.low:g}"
        if self.high == math.inf:
            return f"a number of at least {self.low:g}"
        return f"a number between {self.low:g} and {self.high:g}"

    def allows(self, value: float, /) -> bool:
        """Compare with both bounds."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day as HH:MM."""

    expected: str = "a time of day as HH:MM"

    def allows(self, value: str, /) -> bool:
        """Refuse hours and minutes that no clock shows."""
        return re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) is not None


@cache
def reader_of(hint: Any) -> Reader:
    """Make the reader of a type hint."""
    if isinstance(hint, TypeAliasType):
        return reader_of(hint.__value__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _ruled(reader_of(arguments[0]), arguments[1])
    if origin in {UnionType, Union}:
        # Every union of ours is "this, or could not look"; a missing field stands for the latter.
        return reader_of(next(part for part in arguments if part is not NoneType))
    if origin is tuple:
        return _list(reader_of(arguments[0]))
    if origin is Mapping:
        return _numbered(reader_of(arguments[0]), reader_of(arguments[1]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _object(hint)
    if issubclass(hint, StrEnum):
        return _word(hint)
    return _PLAIN[hint]


def write(value: Any) -> Any:
    """Turn a value that a reader made into plain data again, leaving out what is not known."""
    if is_dataclass(value):
        members = ((item.name, getattr(value, item.name)) for item in fields(value))
        return {name: write(member) for name, member in members if member is not None}
    if isinstance(value, tuple):
        return [write(member) for member in value]
    if isinstance(value, Mapping):
        return {str(key): write(member) for key, member in value.items()}
    return str(value) if isinstance(value, StrEnum) else value


def _below(path: str, name: object) -> str:
    short = str(name)[:_LONGEST_NAME]
    return f"{path}.{short}" if path else short


def _object(kind: type[Any]) -> Reader:
    hints = get_type_hints(kind, include_extras=True)
    readers = {item.name: reader_of(hints[item.name]) for item in fields(kind)}
    required = [
        item.name
        for item in fields(kind)
        if item.default is MISSING and item.default_factory is MISSING
    ]

    def read(data: object, path: str) -> Any:
        if not isinstance(data, Mapping):
            raise CaseError(path, "an object")
        for name in data:
            if name not in readers:
                raise CaseError(_below(path, name), _known_field(name, readers))
        for name in required:
            if name not in data:
                raise CaseError(_below(path, name), "this field, which must not be missing")
        return kind(
            **{name: readers[name](value, _below(path, name)) for name, value in data.items()}
        )

    return read


def _known_field(name: object, readers: Mapping[str, Reader]) -> str:
    near = get_close_matches(str(name)[:_LONGEST_NAME], readers, n=1)
    return f"a field of the format (perhaps {near[0]})" if near else "a field of the format"


def _ruled(read_base: Reader, rule: Rule) -> Reader:
    def read(data: object, path: str) -> Any:
        value = read_base(data, path)
        if not rule.allows(value):
            raise CaseError(path, rule.expected)
        return value

    return read


def _list(read_member: Reader) -> Reader:
    def read(data: object, path: str) -> Any:
        if not isinstance(data, (list, tuple)):
            raise CaseError(path, "a list")
        return tuple(read_member(member, f"{path}[{index}]") for index, member in enumerate(data))

    return read


def _numbered(read_key: Reader, read_value: Reader) -> Reader:
    """Read an object whose names are whole numbers, such as ports."""

    def read(data: object, path: str) -> Any:
        if not isinstance(data, Mapping):
            raise CaseError(path, "an object")
        return {
            read_key(_numeral(name, _below(path, name)), _below(path, name)): read_value(
                value, _below(path, name)
            )
            for name, value in data.items()
        }

    return read


def _numeral(name: object, path: str) -> int:
    # Five digits hold every port; longer ones would only cost time to convert.
    if not isinstance(name, str) or re.fullmatch(r"[1-9][0-9]{0,4}", name) is None:
        raise CaseError(path, "a number as the field's name")
    return int(name)


def _word(kind: type[StrEnum]) -> Reader:
    words = {member.value: member for member in kind}
    expected = f"one of: {', '.join(words)}"

    def read(data: object, path: str) -> Any:
        if not isinstance(data, str) or data not in words:
            raise CaseError(path, expected)
        return words[str(data)]

    return read


def _truth(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        raise CaseError(path, "true or false")
    return data


def _number(data: object, path: str) -> float:
    # JSON as Python reads it knows NaN and infinity, and whole numbers beyond any float.
    if isinstance(data, bool) or not isinstance(data, (int, float)) or not abs(data) < _HUGE:
        raise CaseError(path, "a number")
    return data


_HUGE = 1e15


def _whole(data: object, path: str) -> int:
    if isinstance(data, bool) or not isinstance(data, (int, float)) or not abs(data) < _HUGE:
        raise CaseError(path, "a whole number")
    if data != int(data):
        raise CaseError(path, "a whole number")
    return int(data)


def _text(data: object, path: str) -> str:
    if not isinstance(data, str):
        raise CaseError(path, "text")
    return str(data)


_PLAIN: Mapping[type, Reader] = {bool: _truth, int: _whole, float: _number, str: _text}

__all__ = ["Between", "CaseError", "ClockTime", "reader_of", "write"]
