"""A stand-in for GOV.UK Pay: a real server on a real socket that plays what its documentation says.

States, idempotency keys, refunds with ``refund_amount_available``, error bodies with codes; and the ways in
which a network fails. Written from the published description (docs.payments.service.gov.uk and
alphagov/pay-publicapi), not from the client that is tested with it.

    stub.payments["…"]["state"] = {…}      what the payer did on their page
    stub.trouble = ["500", "reset"]        what befalls the next requests, one each
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "api_test_not-a-real-key"
FINISHED = {"success", "failed", "cancelled", "error"}
CODES = {
    "failed": ("P0010", "Payment method rejected"),
    "expired": ("P0020", "Payment expired"),
    "left": ("P0030", "Payment was cancelled by the user"),
    "cancelled": ("P0040", "Payment was cancelled by the service"),
    "error": ("P0050", "Payment provider returned an error"),
}


@dataclass
class Stub:
    address: str = ""
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[dict[str, Any], str]] = field(default_factory=dict)
    refunds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    # What the next refund comes out as.
    refund_state: str = "success"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def move(self, payment_id: str, state: str) -> None:
        """The payer, or the bank, moved it: a state, or "expired" or "left" for two kinds of failed."""
        status = "failed" if state in ("expired", "left") else state
        found: dict[str, Any] = {"status": status, "finished": status in FINISHED}
        if state in CODES:
            found["code"], found["message"] = CODES[state]
        self.payments[payment_id]["state"] = found

    def count(self, method: str, path: str) -> int:
        return sum(1 for one in self.seen if one[0] == method and re.fullmatch(path, one[1]))


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: Any) -> None:
            pass

        def do_GET(self) -> None:
            self.serve("GET")

        def do_POST(self) -> None:
            self.serve("POST")

        def serve(self, method: str) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw else {}
            with stub.lock:
                stub.seen.append((method, self.path, self.headers.get("Idempotency-Key", "")))
                trouble = stub.trouble.pop(0) if stub.trouble else ""
            if trouble in ("500", "502", "503"):
                return self.answer(int(trouble), {"code": "P0198", "description": "Downstream"})
            if trouble == "429":
                return self.answer(429, {"code": "P0900", "description": "Too many requests"})
            if trouble == "garbage":
                return self.answer(200, "<html>not JSON</html>")
            if trouble == "reset":
                return self.hang_up()
            if trouble == "slow":
                time.sleep(1)
                return self.hang_up()
            status, said = self.act(method, body)
            if trouble == "lost answer":
                return self.hang_up()
            return self.answer(status, said)

        def hang_up(self) -> None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def answer(self, status: int, said: Any) -> None:
            data = said.encode() if isinstance(said, str) else b""
            if not isinstance(said, str) and said is not None:
                data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def act(self, method: str, body: dict[str, Any]) -> tuple[int, Any]:
            if self.headers.get("Authorization") != f"Bearer {KEY}":
                return 401, {"code": "P0920", "description": "Credentials are required"}
            if (method, self.path) == ("POST", "/v1/payments"):
                return self.create(body)
            found = re.fullmatch(r"/v1/payments/(\w+)(?:/(cancel|refunds)(?:/(\w+))?)?", self.path)
            if found is None or found[1] not in stub.payments:
                return 404, {"code": "P0200", "description": "No payment matched the id"}
            payment_id, what, refund_id = found.groups()
            if what == "cancel":
                return self.cancel(payment_id)
            if what == "refunds" and method == "POST":
                return self.refund(payment_id, body)
            if what == "refunds" and refund_id:
                rows = [r for r in stub.refunds.get(payment_id, []) if r["refund_id"] == refund_id]
                return (200, rows[0]) if rows else (404, {"code": "P0700", "description": "None"})
            if what == "refunds":
                return 200, {"_embedded": {"refunds": stub.refunds.get(payment_id, [])}}
            return 200, self.shown(payment_id)

        def create(self, body: dict[str, Any]) -> tuple[int, Any]:
            for name in ("amount", "reference", "description", "return_url"):
                if name not in body:
                    return 400, {"code": "P0101", "field": name, "description": "Missing"}
            if not 0 < body["amount"] <= 10_000_000:
                return 422, {"code": "P0102", "field": "amount", "description": "Invalid"}
            key = self.headers.get("Idempotency-Key", "")
            with stub.lock:
                if key and key in stub.keys:
                    before, payment_id = stub.keys[key]
                    if before != body:
                        return 409, {
                            "code": "P0191",
                            "header": "Idempotency-Key",
                            "description": "Already used to create a payment",
                        }
                    return 200, self.shown(payment_id)
                payment_id = f"hu20sqlact5260q2nanm{len(stub.payments):06}"
                stub.payments[payment_id] = {
                    **body,
                    "payment_id": payment_id,
                    "state": {"status": "created", "finished": False},
                }
                if key:
                    stub.keys[key] = (body, payment_id)
            return 201, self.shown(payment_id)

        def shown(self, payment_id: str) -> dict[str, Any]:
            payment = stub.payments[payment_id]
            status = payment["state"]["status"]
            given = sum(
                r["amount"] for r in stub.refunds.get(payment_id, []) if r["status"] != "error"
            )
            left = payment["amount"] - given
            links: dict[str, Any] = {"self": {"href": f"{stub.address}/v1/payments/{payment_id}"}}
            if status in ("created", "started"):
                links["next_url"] = {"href": f"{stub.address}/secure/{payment_id}", "method": "GET"}
            standing = "pending" if payment.get("fresh") else "available" if left else "full"
            return {
                **{k: v for k, v in payment.items() if k != "fresh"},
                "payment_provider": "sandbox",
                "refund_summary": {
                    "status": standing if status == "success" else "unavailable",
                    "amount_available": left,
                    "amount_submitted": given,
                },
                "card_details": {
                    "cardholder_name": "Not for us",
                    "last_digits_card_number": "4242",
                },
                "_links": links,
            }

        def cancel(self, payment_id: str) -> tuple[int, Any]:
            if stub.payments[payment_id]["state"]["status"] not in ("created", "started"):
                return 409, {"code": "P0501", "description": "Cancellation of payment failed"}
            stub.move(payment_id, "cancelled")
            return 204, None

        def refund(self, payment_id: str, body: dict[str, Any]) -> tuple[int, Any]:
            with stub.lock:
                shown = self.shown(payment_id)["refund_summary"]
                if shown["status"] != "available":
                    return 400, {"code": "P0603", "description": f"Status: {shown['status']}"}
                if (
                    body.get("refund_amount_available", shown["amount_available"])
                    != (shown["amount_available"])
                ):
                    return 412, {"code": "P0604", "description": "Refund amount available mismatch"}
                if body["amount"] > shown["amount_available"]:
                    return 400, {"code": "P0603", "description": "amount_not_available"}
                rows = stub.refunds.setdefault(payment_id, [])
                row = {
                    "refund_id": f"act4c33g40j3edfmi8j{len(rows)}",
                    "amount": body["amount"],
                    "status": stub.refund_state,
                    "created_date": "2026-11-22T15:00:00.000Z",
                }
                rows.append(row)
            return 202, row

    return Handler


@contextmanager
def running() -> Iterator[Stub]:
    """The stub, serving on a port of its own until the end of the block."""
    stub = Stub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stub))
    server.daemon_threads = True
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
