"""The print typeface: ``python -m dcsn.printing.fonts`` joins the split web fonts into whole ones.

Fontsource ships Atkinson Hyperlegible Next as one file for the basic Latin letters and one for the
extended ones. WeasyPrint 70, given both as one family, draws wrong letters where a word mixes them
("Tŷ Gŵyr" came out as "T? G; yr") although the text that can be copied from the PDF still reads right.
So both files of a weight are merged into one TrueType file under ``static/built/print``.
The typeface is under the SIL Open Font Licence 1.1 with no reserved name; its licence goes along.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
import unicodedata
from functools import lru_cache
from pathlib import Path

from dcsn.printing.errors import PrintError

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGE_DIR = BASE_DIR / "node_modules" / "@fontsource" / "atkinson-hyperlegible-next"
BUILT_DIR = BASE_DIR / "static" / "built" / "print"
FAMILY = "Atkinson Hyperlegible Next"
REGULAR, BOLD = 400, 700
WEIGHTS = (REGULAR, BOLD)  # no light weights and no italic: rules P7 and P8
STAMP_NAME = "fonts.json"


def font_path(weight: int) -> Path:
    return BUILT_DIR / f"atkinson-hyperlegible-next-{weight}.ttf"


def _inputs(weight: int) -> list[Path]:
    """The split files of one weight, basic Latin first: its tables win where both have one."""
    return [
        PACKAGE_DIR / "files" / f"atkinson-hyperlegible-next-{subset}-{weight}-normal.woff"
        for subset in ("latin", "latin-ext")
    ]


def _signature() -> str:
    """Changes when a font file, this module or fontTools changes."""
    import fontTools

    digest = hashlib.sha256(fontTools.version.encode())
    digest.update(Path(__file__).read_bytes())
    for weight in WEIGHTS:
        for path in _inputs(weight):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def are_current() -> bool:
    """Whether the built fonts are those that today's inputs would give."""
    stamp = BUILT_DIR / STAMP_NAME
    if not stamp.exists() or not all(font_path(weight).exists() for weight in WEIGHTS):
        return False
    return json.loads(stamp.read_text()).get("signature") == _signature()


def build() -> bool:
    """Merge the fonts when an input has changed; says whether anything was written."""
    missing = [path.name for weight in WEIGHTS for path in _inputs(weight) if not path.exists()]
    if missing:
        raise PrintError(f"The print fonts cannot be built: run npm ci first (no {missing[0]}).")
    if are_current():
        return False
    BUILT_DIR.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        _merge(_inputs(weight), font_path(weight))
    shutil.copyfile(PACKAGE_DIR / "LICENSE", BUILT_DIR / "LICENSE.txt")
    (BUILT_DIR / STAMP_NAME).write_text(json.dumps({"signature": _signature()}) + "\n")
    return True


def require() -> None:
    """Make sure that there are fonts to print with; builds them on a machine that has none yet."""
    if not all(font_path(weight).exists() for weight in WEIGHTS):
        build()


@lru_cache(maxsize=1)
def characters() -> frozenset[str]:
    """Every character that the typeface can draw, in both weights."""
    from fontTools.ttLib import TTFont

    require()
    maps = [TTFont(font_path(weight)).getBestCmap() for weight in WEIGHTS]
    # Soft hyphens and the like are in the font, and still nothing to draw.
    return frozenset(
        chr(code) for code in set(maps[0]) & set(maps[1]) if unicodedata.category(chr(code)) != "Cf"
    )


def _merge(sources: list[Path], destination: Path) -> None:
    from fontTools.merge import Merger
    from fontTools.ttLib import TTFont

    with tempfile.TemporaryDirectory(dir=destination.parent) as folder:
        plain = []
        for number, source in enumerate(sources):
            font = TTFont(source)
            font.flavor = None  # the merger reads bare TrueType only
            path = Path(folder) / f"{number}.ttf"
            font.save(path)
            plain.append(str(path))
        merged = Path(folder) / "merged.ttf"
        Merger().merge(plain).save(merged)
        merged.replace(destination)  # whole or not at all: a print may be reading the old one


if __name__ == "__main__":
    sys.stdout.write(
        "Print fonts built.\n" if build() else "Print fonts are up to date.\n",
    )
