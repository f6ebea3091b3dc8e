"""A bucket as S3 serves it, as far as the lake asks: put, also only where nothing lies, get and list.

Another server is used where CADRE_TEST_S3 names it (moto 5.2.5 answers alike).
"""

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from urllib.request import Request as Asked
from urllib.request import urlopen
from wsgiref.types import StartResponse, WSGIEnvironment
from xml.sax.saxutils import escape

from werkzeug import Request, Response
from werkzeug.serving import make_server

SERVER = "CADRE_TEST_S3"


class Bucket:
    """Answers requests from memory; one at a time, so that of two who write at once one is first."""

    def __init__(self) -> None:
        """Begin empty."""
        self.held: dict[str, bytes] = {}
        self._alone = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        with self._alone:
            return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method == "PUT":
            return self._put(request)
        if "list-type" in request.args:
            return self._list(request)
        content = self.held.get(request.path)
        return Response(status=404) if content is None else _whole(content, content)

    def _put(self, request: Request) -> Response:
        if request.headers.get("If-None-Match") == "*" and request.path in self.held:
            return Response(status=412)
        self.held[request.path] = request.get_data()
        return _whole(b"", self.held[request.path])

    def _list(self, request: Request) -> Response:
        start = f"{request.path.rstrip('/')}/"
        keys = [path.removeprefix(start) for path in sorted(self.held) if path.startswith(start)]
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.held[start + key])}</Size>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;0&quot;</ETag></Contents>"
            for key in keys
            if key.startswith(request.args["prefix"])
        )
        text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"
        return Response(f'<?xml version="1.0" encoding="UTF-8"?>{text}', content_type="application/xml")


def _whole(content: bytes, of: bytes) -> Response:
    etag = f'"{hashlib.sha256(of).hexdigest()}"'
    return Response(content, headers={"ETag": etag, "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"})


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The address of a server of S3 with nothing in it, on this machine."""
    if named := os.environ.get(SERVER):
        yield named
        return
    server = make_server("127.0.0.1", 0, Bucket(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def made(server: str, name: str) -> None:
    """Make a bucket."""
    with urlopen(Asked(f"{server}/{name}", method="PUT")):
        pass
