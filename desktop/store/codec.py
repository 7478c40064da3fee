"""JSON for the store's columns: records in, records out, and a damaged column is a damaged file."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from desktop import errors

T = TypeVar("T")


def to_json(record: object) -> str:
    """Return `record` as JSON text."""
    return msgspec.json.encode(record).decode()


def storable(record: T) -> T:
    """Return `record`, with half characters (lone surrogates) replaced: no file can store them."""
    try:
        msgspec.json.encode(record)  # bytes in a tuple of values pass too: they are written as base64 and thrown away
    except UnicodeEncodeError:
        return msgspec.convert(_whole_characters(msgspec.to_builtins(record)), type(record))
    return record


def from_json(text: str, kind: type[T]) -> T:
    """Return the record in `text`; fields that a later release added are ignored, missing ones get their default."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise errors.CaseFileDamaged(f"a {kind.__name__} cannot be read: {error}") from error


def _whole_characters(value: object) -> object:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_whole_characters(key): _whole_characters(item) for key, item in value.items()}
        case list() | tuple():
            return [_whole_characters(item) for item in value]
    return value
