"""The client against a stand-in on a real socket: its states, its errors, its time-outs, its signature."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any

import pytest
import urllib3

from members.payments.providers import CannotTake, OutOfReach, govuk_pay
from members.payments.providers.govuk_pay import GovukPay, is_signed, signature_of
from tests.members.payments.govuk_stub import KEY, Stub

ANY_PAYMENT = r"/v1/payments/\w+"


def create(client: GovukPay, **facts: Any) -> Any:
    return client.create(
        **{
            "key": uuid.uuid4(),
            "reference": "P-KM3F-A7XT",
            "amount_pence": 1000,
            "description": "Membership",
            "return_url": "https://portal.example/pay/back/",
        }
        | facts
    )


def test_it_begins_a_payment_and_says_where_to_go_on(stub: Stub) -> None:
    reading = create(GovukPay())
    assert (reading.state, reading.amount_pence, reading.reference) == (
        "created",
        1000,
        "P-KM3F-A7XT",
    )
    assert reading.next_url == f"{stub.address}/secure/{reading.provider_id}"


def test_the_same_key_begins_the_same_payment(stub: Stub) -> None:
    key = uuid.uuid4()
    first, again = create(GovukPay(), key=key), create(GovukPay(), key=key)
    assert first.provider_id == again.provider_id
    assert len(stub.payments) == 1


def test_the_same_key_with_other_facts_is_refused(stub: Stub) -> None:
    key = uuid.uuid4()
    create(GovukPay(), key=key)
    with pytest.raises(CannotTake) as refused:
        create(GovukPay(), key=key, amount_pence=500)
    assert refused.value.code == "P0191"


@pytest.mark.parametrize("trouble", ["500", "502", "503", "reset", "lost answer"])
def test_one_failure_is_tried_again_with_the_same_key(stub: Stub, trouble: str) -> None:
    stub.trouble = [trouble]
    create(GovukPay())
    assert len(stub.payments) == 1
    keys = {key for method, _path, key in stub.seen if method == "POST"}
    assert len(keys) == 1
    assert stub.count("POST", "/v1/payments") == 2


@pytest.mark.parametrize("trouble", ["500", "reset", "garbage", "429"])
def test_more_than_one_failure_is_out_of_reach(stub: Stub, trouble: str) -> None:
    stub.trouble = [trouble] * 2
    with pytest.raises(OutOfReach):
        create(GovukPay())


def test_the_limit_of_calls_is_not_answered_with_more_calls(stub: Stub) -> None:
    stub.trouble = ["429"]
    with pytest.raises(OutOfReach) as refused:
        create(GovukPay())
    assert refused.value.code == "P0900"
    assert stub.count("POST", "/v1/payments") == 1


def test_silence_ends_after_the_time_that_is_set(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(govuk_pay, "TIMEOUT", urllib3.Timeout(connect=1, read=0.1))
    stub.trouble = ["slow", "slow"]
    with pytest.raises(OutOfReach):
        create(GovukPay())


def test_nobody_there_is_out_of_reach(settings: Any) -> None:
    with pytest.raises(OutOfReach):
        create(GovukPay(address="http://127.0.0.1:9", key=KEY))


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("created", "created", ""),
        ("started", "started", ""),
        ("submitted", "submitted", ""),
        ("capturable", "capturable", ""),
        ("success", "success", ""),
        ("failed", "failed", "P0010"),
        ("expired", "failed", "P0020"),
        ("left", "failed", "P0030"),
        ("cancelled", "cancelled", "P0040"),
        ("error", "error", "P0050"),
    ],
)
def test_it_reads_every_state(stub: Stub, state: str, status: str, code: str) -> None:
    client = GovukPay()
    begun = create(client)
    stub.move(begun.provider_id, state)
    reading = client.read(begun.provider_id)
    assert (reading.state, reading.code) == (status, code)
    assert bool(reading.next_url) == (state in ("created", "started"))


@pytest.mark.parametrize(
    "broken",
    [
        {"state": {"status": "unheard-of"}},
        {"state": None},
        {"payment_id": ""},
        {"amount": "1000"},
        {"amount": True},
    ],
)
def test_an_answer_that_says_no_state_is_no_answer(stub: Stub, broken: dict[str, Any]) -> None:
    client = GovukPay()
    begun = create(client)
    stub.payments[begun.provider_id].update(broken)
    with pytest.raises(OutOfReach):
        client.read(begun.provider_id)


def test_an_unknown_payment_is_a_plain_no(stub: Stub) -> None:
    with pytest.raises(CannotTake) as refused:
        GovukPay().read("unknown")
    assert refused.value.code == "P0200"


def test_an_id_cannot_lead_to_another_address(stub: Stub) -> None:
    with pytest.raises(CannotTake):
        GovukPay().read("../../v1/refunds?x=")
    assert stub.seen[-1][1] == "/v1/payments/..%2F..%2Fv1%2Frefunds%3Fx%3D"


def test_cancelling_is_in_time_or_too_late(stub: Stub) -> None:
    client = GovukPay()
    begun = create(client)
    client.cancel(begun.provider_id)
    assert client.read(begun.provider_id).state == "cancelled"
    with pytest.raises(CannotTake) as refused:
        client.cancel(begun.provider_id)
    assert refused.value.code == "P0501"


def paid(stub: Stub) -> str:
    begun = create(GovukPay())
    stub.move(begun.provider_id, "success")
    return str(begun.provider_id)


def test_a_refund_is_made_once_whatever_becomes_of_the_answer(stub: Stub) -> None:
    client, payment_id = GovukPay(), paid(stub)
    stub.trouble = ["", "lost answer"]
    with pytest.raises(OutOfReach):
        client.refund(payment_id, amount_pence=1000)
    assert len(stub.refunds[payment_id]) == 1
    refund = client.refund(payment_id, amount_pence=1000)
    assert refund.state == "success"
    assert len(stub.refunds[payment_id]) == 1
    assert client.read_refund(payment_id, refund.provider_id) == refund


def test_two_who_refund_at_once_make_one(stub: Stub) -> None:
    # The other was faster, between our look and our request: 412, P0604.
    client, payment_id = GovukPay(), paid(stub)
    looked = GovukPay._ask

    def look_then_other(self: GovukPay, method: str, path: str, *rest: Any, **more: Any) -> Any:
        said = looked(self, method, path, *rest, **more)
        if method == "GET" and path.endswith(payment_id) and not stub.refunds:
            stub.refunds[payment_id] = [
                {"refund_id": "other", "amount": 1000, "status": "submitted"}
            ]
            # Still said to be available, as to one who looked a moment before.
            said["refund_summary"]["status"] = "available"
        return said

    GovukPay._ask = look_then_other  # type: ignore[method-assign]
    try:
        assert client.refund(payment_id, amount_pence=1000).provider_id == "other"
    finally:
        GovukPay._ask = looked  # type: ignore[method-assign]


def test_a_payment_too_fresh_to_give_back_is_asked_for_later(stub: Stub) -> None:
    payment_id = paid(stub)
    stub.payments[payment_id]["fresh"] = True
    with pytest.raises(OutOfReach):
        GovukPay().refund(payment_id, amount_pence=1000)


def test_what_was_not_paid_is_not_given_back(stub: Stub) -> None:
    with pytest.raises(CannotTake) as refused:
        GovukPay().refund(create(GovukPay()).provider_id, amount_pence=1000)
    assert refused.value.code == "P0603"


def test_the_key_is_in_no_message_and_no_log(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stub.trouble = ["500", "reset"]
    with pytest.raises(OutOfReach) as failed:
        create(GovukPay())
    with pytest.raises(CannotTake):
        GovukPay(key="wrong-secret").read("unknown")
    told = caplog.text + str(failed.value) + repr(failed.value)
    assert KEY not in told
    assert "wrong-secret" not in told


# Published by GoCardless with its client (tests/fixtures/webhook_body.json) for the same algorithm.
GOCARDLESS_KEY = "ED7D658C-D8EB-4941-948B-3973214F2D49"
GOCARDLESS_DIGEST = "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"


def _event(identifier: str, at: str, kind: str, link: tuple[str, str], what: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "created_at": at,
        "resource_type": kind,
        "action": "created",
        "links": dict([link]),
        "details": {
            "origin": "api",
            "cause": f"{what.lower()}_created",
            "description": f"{what} created via the API.",
        },
        "metadata": {},
    }


def test_the_signature_is_that_of_a_published_notice() -> None:
    body = json.dumps(
        {
            "events": [
                _event(
                    "EV00BD05S5VM2T",
                    "2018-07-05T09:13:51.404Z",
                    "subscriptions",
                    ("subscription", "SB0003JJQ2MR06"),
                    "Subscription",
                ),
                _event(
                    "EV00BD05TB8K63",
                    "2018-07-05T09:13:56.893Z",
                    "mandates",
                    ("mandate", "MD000AMA19XGEC"),
                    "Mandate",
                ),
            ]
        },
        separators=(",", ":"),
    ).encode()
    assert len(body) == 550
    assert signature_of(body, GOCARDLESS_KEY) == GOCARDLESS_DIGEST


@pytest.mark.parametrize(
    ("key", "data", "digest"),
    [
        # RFC 4231, test cases 1 and 2.
        (
            "\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            "Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_the_signature_is_rfc_4231s(key: str, data: bytes, digest: str) -> None:
    assert signature_of(data, key) == digest


def test_only_the_very_body_is_signed(settings: Any) -> None:
    settings.GOVUK_PAY_WEBHOOK_SECRETS = ["new", "old"]
    body = b'{"resource_id":"a"}'
    assert is_signed(body, signature_of(body, "new"))
    assert is_signed(body, signature_of(body, "old"))
    assert not is_signed(body, signature_of(body, "other"))
    assert not is_signed(body + b" ", signature_of(body, "new"))
    assert not is_signed(body, signature_of(body, "new").upper())
    assert not is_signed(body, "")
    assert not is_signed(body, "é")
    settings.GOVUK_PAY_WEBHOOK_SECRETS = []
    assert not is_signed(body, signature_of(body, ""))
