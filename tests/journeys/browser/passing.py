"""A server between a program and the platform, which keeps what was ordered through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx

OWN = {"host", "content-length"}


@contextmanager
def listening(behind: str) -> Iterator[tuple[str, list[bytes]]]:
    """Yield an address that passes everything on, and what was ordered through it."""
    heard: list[bytes] = []

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.endswith("/workflow/submit"):
                heard.append(sent)
            kept = {
                name: value for name, value in self.headers.items() if name.lower() not in {"host", "content-length"}
            }
            answer = httpx.request(self.command, behind + self.path, content=sent, headers=kept, timeout=60)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers.get("content-type", "application/json"))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_GET

        def log_message(self, *said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", heard
        server.shutdown()
