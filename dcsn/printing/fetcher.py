"""What a printed page may load: our own static files and ``data:``, nothing else.

A print is made on the server, so an address in a description (an imported picture, say) would otherwise
be fetched by us: from the inside of the network, or from our own disk. Import this module only where
WeasyPrint is needed; it takes half a second to load.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from dcsn.printing.errors import ForbiddenAddressError

# Relative addresses need something to stand on; ".invalid" never resolves (RFC 2606).
BASE_ADDRESS = "http://print.invalid/"
CONTENT_TYPES = {
    ".css": "text/css",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


class StaticFetcher(URLFetcher):
    """Reads files below ``roots`` for addresses below ``static_path``; refuses every other address."""

    def __init__(self, static_path: str, roots: Sequence[Path]) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self.static_path = "/" + static_path.strip("/") + "/"
        self.roots = [root.resolve() for root in roots]

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        own = f"{parts.scheme}://{parts.netloc}/" == BASE_ADDRESS
        path = unquote(parts.path)
        if not own or not path.startswith(self.static_path):
            raise ForbiddenAddressError(f"Printing may not load {url!r}.")
        file = self._find(path.removeprefix(self.static_path))
        if file is None:
            raise ForbiddenAddressError(f"There is no static file for {url!r}.")
        return URLFetcherResponse(
            url, file.read_bytes(), {"Content-Type": CONTENT_TYPES[file.suffix.lower()]}
        )

    def _find(self, name: str) -> Path | None:
        if "\0" in name or Path(name).suffix.lower() not in CONTENT_TYPES:
            return None
        for root in self.roots:
            file = (root / name).resolve()  # resolve first: "../" must not leave the folder
            if file.is_relative_to(root) and file.is_file():
                return file
        return None
