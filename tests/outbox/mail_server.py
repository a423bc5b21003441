"""A mail server that speaks SMTP on 127.0.0.1 and plays what goes wrong, by the address:

gone@…      550, there is no such address
later@…     451, try again later
hangs-up@…  the connection ends in the middle of the e-mail
slow@…      takes the e-mail, then waits until the test lets it answer
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[str] = []
        self.reached_slow = threading.Event()
        self.answer_slow = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 a mail server for tests")
        to = ""
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith(("EHLO", "HELO")):
                self.say("250 hello")
            elif word.startswith("MAIL FROM"):
                self.say("250 ok")
            elif word.startswith("RCPT TO"):
                to = line
                if "gone@" in to:
                    self.say("550 no such address")
                elif "later@" in to:
                    self.say("451 try again later")
                else:
                    self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    lines.append(text)
                if "hangs-up@" in to:
                    return
                self.server.received.append("\n".join(lines))
                if "slow@" in to:
                    self.server.reached_slow.set()
                    self.server.answer_slow.wait(timeout=60)
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.answer_slow.set()
        server.shutdown()
        thread.join()
