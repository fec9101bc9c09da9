"""JSON Schemas of the two records; changes when their published form does."""

from typing import Any

from deskphone.take.codec import schema
from deskphone.take.record import TakeRecord
from deskphone.take.sidecar import FinalSidecar

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def take_schema() -> dict[str, Any]:
    """Schema of `take.json`, the phone's record of a running take."""
    return {"$schema": _DRAFT, "title": "Take"} | schema(TakeRecord)


def sidecar_schema() -> dict[str, Any]:
    """Schema of `<take_id>.json`, the sidecar of a stored recording."""
    return {"$schema": _DRAFT, "title": "Recording sidecar"} | schema(FinalSidecar)
