"""The contract: strict types, limits, and one line for one message."""

import json
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import api, errors


def test_every_kind_is_registered_under_its_own_name() -> None:
    for kinds in (api.REQUESTS, api.EVENTS):
        for name, kind in kinds.items():
            assert kind.__dataclass_fields__["kind"].default == name


def test_no_kind_of_the_contract_is_left_unregistered() -> None:
    for union, kinds in ((api.Request, api.REQUESTS), (api.Event, api.EVENTS)):
        assert set(get_args(union)) == set(kinds.values())


@pytest.mark.parametrize(
    "field", [{"age_years": 400}, {"weight_kg": -3}, {"age_years": -1}, {"vitals": {"temperature_c": 101}}]
)
def test_a_value_no_human_can_have_is_out_of_range(field: dict[str, object]) -> None:
    with pytest.raises(errors.OutOfRange):
        api.decode_case(json.dumps(field).encode())


@pytest.mark.parametrize(
    "line",
    [b"", b"[]", b"null", b"{", b'{"text": 3}', b'{"sex": "F"}', b"\xff\xfe", b'{"age_years": NaN}', b"[" * 100_000],
)
def test_what_is_no_case_is_a_bad_request(line: bytes) -> None:
    with pytest.raises(errors.BadRequest):
        api.decode_case(line)


def test_the_refusal_names_the_field_and_not_the_value() -> None:
    with pytest.raises(errors.OutOfRange) as refused:
        api.decode_case(b'{"weight_kg": -71234}')
    assert "weight_kg" in str(refused.value)
    assert "71234" not in str(refused.value)


def test_a_text_over_the_limit_is_refused() -> None:
    line = json.dumps({"text": "x" * (api.MAX_TEXT_CHARS + 1)}).encode()
    with pytest.raises(errors.TooLarge):
        api.decode_case(line)


def test_a_line_over_the_limit_is_refused_in_both_directions() -> None:
    long = "x" * api.MAX_LINE_BYTES
    with pytest.raises(errors.TooLarge):
        api.encode(api.Pong(long, busy=False))
    with pytest.raises(errors.TooLarge):
        api.decode_event(b'{"kind":"pong","token":"' + long.encode() + b'","busy":false}')


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(errors.BadRequest):
        api.decode_request(b'{"kind":"format_disk"}')


@given(st.text(max_size=300), st.floats(0, 125), st.sampled_from(["female", "male", "other", "unknown"]))
def test_a_request_survives_the_line(text: str, age_years: float, sex: str) -> None:
    case = api.Case(id="1", text=text.encode("utf-8", "replace").decode(), age_years=age_years, sex=sex)  # type: ignore[arg-type]
    request = api.DiagnoseRequest(api.RunId("r"), case)
    line = api.encode(request)
    assert line.count(b"\n") == 1
    assert api.decode_request(line) == request


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_never_raises_anything_else(line: bytes) -> None:
    with pytest.raises(errors.InputError):
        api.decode_event(line)


def test_error_codes_are_unique_to_their_class_family() -> None:
    assert {"bad_request", "model_untrusted", "engine_hung", "internal"} <= errors.every_code()


def test_severities_are_ordered_from_worst_to_mildest() -> None:
    assert list(api.Severity) == ["contraindicated", "avoid", "caution", "note"]
    assert msgspec.json.encode(api.Severity.AVOID) == b'"avoid"'
