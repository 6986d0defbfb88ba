"""A real server on this machine that answers as a test asks."""

import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hub:
    """`answer`: a status; `drip`: seconds between the bytes of an answer."""

    def __init__(self):
        self.answer, self.drip, self.body = 200, 0.0, b"{}"
        self.headers = []
        self.got = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                hub.got.append((self.path, dict(self.headers), self.rfile.read(length)))
                if hub.drip:
                    self._drips()
                    return
                self.send_response(hub.answer)
                for name, value in hub.headers:
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(hub.body)))
                self.end_headers()
                self.wfile.write(hub.body)

            def _drips(self):
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000:
                    try:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                    except OSError:
                        return
                    time.sleep(hub.drip)

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        serve = partial(self.server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
