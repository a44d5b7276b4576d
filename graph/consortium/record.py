"""What an answer was computed from, as plain data and back, so that it can be computed again."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from graph.model import Enquiry
from graph.settings import Settings

__all__ = ["enquiry_of", "record_of", "settings_of"]

T = TypeVar("T")


def record_of(value: object) -> Any:
    """Return a value of the core as plain data that JSON can hold; sets become sorted lists.

    Equal values have equal records, whatever order their sets happen to have.
    """
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: record_of(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted((record_of(item) for item in value), key=repr)
    if isinstance(value, tuple):
        return [record_of(item) for item in value]
    return value


def enquiry_of(record: Mapping[str, Any]) -> Enquiry:
    """Return the enquiry that was recorded.

    Raises:
        TypeError: The record is not that of an enquiry.
        ValueError: A value in it is none of its kind.
    """
    return _restored(Enquiry, record)


def settings_of(record: Mapping[str, Any]) -> Settings:
    """Return the settings that were recorded; what else the record holds is left out.

    Raises:
        TypeError: The record is not that of settings.
    """
    names = {field.name for field in fields(Settings)}
    return _restored(Settings, {name: value for name, value in record.items() if name in names})


def _restored(kind: type[T], record: Mapping[str, Any]) -> T:
    hints = get_type_hints(kind)
    if unknown := record.keys() - hints.keys():
        raise TypeError(f"{kind.__name__} has no {min(unknown)}")
    return kind(**{name: _value(hints[name], value) for name, value in record.items()})


def _value(hint: Any, value: Any) -> Any:
    """Return a value as its type says."""
    if isinstance(hint, UnionType):
        kinds = [kind for kind in get_args(hint) if kind is not type(None)]
        return None if value is None else _value(kinds[0], value)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is frozenset:
        return frozenset(_value(arguments[0], item) for item in value)
    if origin is tuple:
        each = [arguments[0]] * len(value) if arguments[-1] is Ellipsis else list(arguments)
        return tuple(_value(kind, item) for kind, item in zip(each, value, strict=True))
    if is_dataclass(hint) and isinstance(hint, type):
        return _restored(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
