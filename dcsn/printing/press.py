"""The press: WeasyPrint with our style, fonts and fetcher set up once for a process.

It needs no Django, so that the worker processes of long documents start quickly; what it must know
(folders, the style sheet's text) arrives in a picklable ``PressSetup``.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dcsn.printing import fonts
from dcsn.printing.errors import PrintError

if TYPE_CHECKING:
    from weasyprint.document import Document as LaidOutDocument

PDF_VARIANT = "pdf/ua-1"
A4_WIDTH, A4_HEIGHT = 595.28, 841.89
SIDE_MARGIN = 56.69  # 20 mm, in points
# Office printers leave about 8 mm blank; the footer's letters stay clear of that.
EDGE = 32.0


@dataclass(frozen=True)
class PressSetup:
    """What a press needs to know; equal setups share one prepared style sheet."""

    css: str
    static_path: str
    static_roots: tuple[str, ...]

    @classmethod
    def from_settings(cls) -> PressSetup:
        from django.conf import settings

        roots = [str(path) for path in settings.STATICFILES_DIRS]
        source = next(
            file for root in roots if (file := Path(root) / "print" / "print.css").exists()
        )
        return cls(
            css=source.read_text(encoding="utf-8"),
            static_path=settings.STATIC_URL,
            static_roots=tuple(roots),
        )


@dataclass(frozen=True)
class PageShape:
    """The one number that the reader chose, and the room that header and footer take at that size."""

    size: int
    header_lines: int = 1
    footer_lines: int = 1

    @property
    def line(self) -> float:
        """The height of one stamped line in points."""
        return self.size * 1.3

    @property
    def top(self) -> float:
        return EDGE + self.header_lines * self.line + self.size * 0.4

    @property
    def bottom(self) -> float:
        return EDGE + self.footer_lines * self.line + self.size * 0.4

    def css(self) -> str:
        # Every other measure in print.css is in em or rem of this size.
        return (
            f"html{{font-size:{self.size}pt}}"
            f"@page{{size:A4;margin:{self.top:.1f}pt {SIDE_MARGIN}pt {self.bottom:.1f}pt}}"
            f"@page:first{{margin-top:{EDGE + 8:.1f}pt}}"
        )


@dataclass(frozen=True)
class ExactPage:
    """A page of its own size, without margins, header or footer: a card, a sheet of labels."""

    width_mm: float
    height_mm: float

    def css(self) -> str:
        # Sizes on such a page are in points and millimetres; nothing follows from this one.
        return (
            f"html{{font-size:11pt}}"
            f"@page{{size:{self.width_mm:.2f}mm {self.height_mm:.2f}mm;margin:0}}"
        )


class Press:
    """Lays out HTML as pages. One at a time: Pango and the shared font set are not for two threads."""

    def __init__(self, setup: PressSetup) -> None:
        from weasyprint.text.fonts import FontConfiguration

        from dcsn.printing.fetcher import StaticFetcher

        fonts.require()
        self.setup = setup
        self.lock = threading.Lock()
        self.fonts = FontConfiguration()
        self.fetcher = StaticFetcher(setup.static_path, [Path(r) for r in setup.static_roots])
        self._sheets: dict[PageShape | ExactPage, list[Any]] = {}
        with self.lock, _errors_raised():
            self._base = self._css(_font_faces(setup.static_path) + setup.css)

    def _css(self, text: str) -> Any:
        from weasyprint import CSS

        from dcsn.printing.fetcher import BASE_ADDRESS

        return CSS(
            string=text,
            font_config=self.fonts,
            url_fetcher=self.fetcher,
            base_url=BASE_ADDRESS,
        )

    @contextmanager
    def lay_out(self, html: str, shape: PageShape | ExactPage) -> Iterator[LaidOutDocument]:
        """The pages of ``html``. ``PrintError`` when anything on them is missing or forbidden."""
        from weasyprint import HTML

        from dcsn.printing.fetcher import BASE_ADDRESS

        with self.lock, _errors_raised():
            if shape not in self._sheets:
                self._sheets[shape] = [self._base, self._css(shape.css())]
            yield HTML(string=html, base_url=BASE_ADDRESS, url_fetcher=self.fetcher).render(
                font_config=self.fonts, stylesheets=self._sheets[shape]
            )


_presses: dict[PressSetup, Press] = {}
_presses_lock = threading.Lock()
# WeasyPrint removes its folder of fonts when a press goes; in the last moments of a process it no longer can.
atexit.register(_presses.clear)


def press(setup: PressSetup | None = None) -> Press:
    """This process's press for a setup (by default the settings' own), made at its first use."""
    setup = setup or PressSetup.from_settings()
    with _presses_lock:
        if setup not in _presses:
            _presses[setup] = Press(setup)
        return _presses[setup]


def _font_faces(static_path: str) -> str:
    folder = "/" + static_path.strip("/") + "/built/print/"
    return "".join(
        f"@font-face{{font-family:'{fonts.FAMILY}';font-weight:{weight};"
        f"src:url('{folder}{fonts.font_path(weight).name}')}}"
        for weight in fonts.WEIGHTS
    )


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _errors_raised() -> Iterator[None]:
    """WeasyPrint only logs a link to nowhere or a picture it may not load; on paper that is an error."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate
    if collector.messages:
        raise PrintError("; ".join(collector.messages[:5]))
