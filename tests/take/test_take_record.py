"""The record and the sidecar as JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskphone.take.codec import RecordError, utc_from_text, utc_text
from deskphone.take.folder import new_take_id
from deskphone.take.outcome import Outcome, StorageCondition, parse_report, report_to_json
from deskphone.take.record import TakeRecord, is_take_id
from deskphone.take.schema import sidecar_schema, take_schema
from deskphone.take.sidecar import FinalSidecar
from tests.take.records import START, a_record

SIDECAR_EXTRA = {
    "duration_seconds": 1.5,
    "format": "opus",
    "file": "20261124T085501Z-1a2b3c4d.opus",
    "size_bytes": 10,
    "sha256": "ab",
    "result": "successful",
    "recovered": False,
}


def test_a_record_comes_back_equal_through_json_text() -> None:
    record = a_record()
    assert TakeRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


def test_times_are_utc_with_milliseconds() -> None:
    assert a_record().to_json()["started_at"] == "2026-11-24T08:55:01.123Z"


def test_unknown_keys_are_left_out() -> None:
    data = a_record().to_json() | {"password": "x"}
    assert "password" not in TakeRecord.from_json(data).to_json()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("take_id", "../../etc/passwd", "take id"),
        ("take_id", "20261124T085501Z-1a2b3c4d\n", "take id"),
        ("mode", "sometimes", "mode"),
        ("direction", 3, "direction"),
        ("own", {"number": "1"}, "own.display_name: missing"),
        ("remote", "1001", "remote: expected an object"),
        ("started_at", "2026-11-24T08:55:01", "started_at"),
        ("started_at", "2026-11-24T08:55:01+02:00", "started_at"),
        ("kept", 1, "kept: expected bool"),
        ("sample_rate", 44100, "44100"),
        ("sample_rate", True, "sample_rate"),
        ("controls", [{"action": "Pause!", "at": "2026-11-24T08:55:01.000Z", "source": "key"}], "action"),
        ("notices", [{"kind": "beep", "at": "2026-11-24T08:55:01.000Z", "audience": "all"}], r"notices\[0\].audience"),
        ("pauses", {}, "pauses: expected a list"),
        ("segments", [{"index": -1, "started_at": "2026-11-24T08:55:01.000Z", "ended_at": None}], "index"),
        ("end_reason", "Hung up", "end_reason"),
    ],
)
def test_a_bad_value_is_refused_by_name(key: str, value: Any, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        TakeRecord.from_json(a_record().to_json() | {key: value})


def test_a_missing_key_is_refused() -> None:
    data = a_record().to_json()
    del data["device_id"]
    with pytest.raises(RecordError, match="device_id: missing"):
        TakeRecord.from_json(data)


def test_segments_must_rise() -> None:
    with pytest.raises(RecordError, match="rise"):
        a_record(segments=a_record().segments * 2)


def test_the_sidecar_holds_the_record_and_what_the_vault_found() -> None:
    sidecar = FinalSidecar.from_json(a_record().to_json() | SIDECAR_EXTRA)
    assert sidecar.to_json()["channels"] == {"left": "near", "right": "far"}
    assert FinalSidecar.from_json(sidecar.to_json()) == sidecar


@pytest.mark.parametrize(
    "change", [{"file": "other.opus"}, {"result": "failed"}, {"sha256": None}, {"size_bytes": -1}, {"format": "mp3"}]
)
def test_a_sidecar_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        FinalSidecar.from_json(a_record().to_json() | SIDECAR_EXTRA | change)


def test_the_schemas_name_each_field_that_json_has() -> None:
    assert set(take_schema()["properties"]) == set(a_record().to_json())
    sidecar = FinalSidecar.from_json(a_record().to_json() | SIDECAR_EXTRA)
    schema = sidecar_schema()
    assert set(schema["properties"]) == set(sidecar.to_json())
    assert set(schema["properties"]) - set(schema["required"]) == {"channels"}
    assert schema["properties"]["pauses"]["items"]["properties"]["reason"] == {"enum": ["user", "hold"]}
    assert json.loads(json.dumps(schema)) == schema


def test_take_ids_sort_by_time_and_are_recognised() -> None:
    early = new_take_id(START, lambda bits: (1 << bits) - 1)
    late = new_take_id(START.replace(second=2), lambda bits: 0)
    assert early == "20261124T085501Z-ffffffff"
    assert early < late
    assert is_take_id(early)
    assert is_take_id(new_take_id(datetime.now(UTC)))


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.timezones()))
def test_times_survive_to_the_millisecond(moment: datetime) -> None:
    kept = moment.astimezone(UTC)
    assert utc_from_text(utc_text(moment)) == kept.replace(microsecond=kept.microsecond // 1000 * 1000)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(RecordError):
        utc_text(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    "report", [Outcome("t", "stored", "/a", None), StorageCondition("full", "3 MB free")], ids=["outcome", "storage"]
)
def test_reports_come_back_equal(report: Outcome | StorageCondition) -> None:
    assert parse_report(json.dumps(report_to_json(report)).encode()) == report


def test_a_broken_report_is_refused() -> None:
    with pytest.raises(RecordError):
        parse_report(b'{"take_id": "t", "state": "lost", "path": null, "reason": null}')
    with pytest.raises(RecordError):
        parse_report(b"\xff")


def test_strange_names_of_callers_never_stop_a_record() -> None:
    record = a_record()
    odd = replace(record, remote=replace(record.remote, display_name='\x00"\n☎' * 100))
    assert TakeRecord.from_json(json.loads(json.dumps(odd.to_json()))) == odd
