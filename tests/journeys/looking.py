"""What a careful tester looks for on any page, each as a function of the page that lists problems.

Checks run inside the page and return sentences, so that a failure says what to look at. Nothing is
injected as a tag: the security policy would rightly refuse it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.2 criterion 2.5.8


@cache
def _axe() -> str:
    if not AXE.exists():
        raise FileNotFoundError("axe-core is not installed: run script/setup test")
    return AXE.read_text()


def axe_problems(page: Page) -> list[str]:
    """What axe finds, by all rules of WCAG 2.2 A and AA and good practice."""
    page.evaluate(_axe())
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"axe {one['id']}: {one['help']}: {node['html'][:200]} {_reason(node)}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def _reason(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)[:300]


def sideways_problems(page: Page) -> list[str]:
    """Anything that makes a reader scroll sideways (criterion 1.4.10)."""
    found: list[str] = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const wide = [...document.body.querySelectorAll('*')]
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .map(e => e.outerHTML.slice(0, 160));
          return wide.length ? wide.slice(-5) : ['the page itself'];
        }"""
    )
    return [f"wider than the screen: {one}" for one in found]


TEXT_SPACING = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important; }
  p { margin-bottom: 2em !important; }
"""


def text_spacing_problems(page: Page) -> list[str]:
    """Text that is cut off when a reader widens its spacing (criterion 1.4.12)."""
    page.evaluate(
        """css => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(css);
          document.adoptedStyleSheets = [sheet];
        }""",
        TEXT_SPACING,
    )
    found: list[str] = page.evaluate(
        """() => {
          const cut = [];
          for (const e of document.body.querySelectorAll('*')) {
            const style = getComputedStyle(e);
            if (style.clipPath !== 'none') continue;  // for listeners only
            if (!e.clientWidth || !e.textContent.trim()) continue;
            const hides = way => way === 'hidden' || way === 'clip';
            if ((hides(style.overflowX) && e.scrollWidth > e.clientWidth + 1)
                || (hides(style.overflowY) && e.scrollHeight > e.clientHeight + 1)
                || (style.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth))
              cut.push(e.outerHTML.slice(0, 160));
          }
          return cut;
        }"""
    )
    sideways = sideways_problems(page)
    page.evaluate("() => { document.adoptedStyleSheets = []; }")
    return [f"cut off with wider spacing: {one}" for one in found] + sideways


def target_problems(page: Page) -> list[str]:
    """Things to press that are smaller than 24 by 24 pixels, words in a sentence excepted."""
    found: list[str] = page.evaluate(
        """smallest => {
          const small = [];
          const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
          for (const e of document.querySelectorAll(all)) {
            // A radio button is pressed by its label as well.
            const parts = [e, ...(e.labels || [])].map(part => part.getBoundingClientRect());
            const seen = parts.filter(box => box.width > 1 && box.height > 1);
            if (!seen.length || !e.checkVisibility()) continue;
            const width = Math.max(...seen.map(box => box.width));
            const height = Math.max(...seen.map(box => box.height));
            const inline = getComputedStyle(e).display === 'inline'
              && [...e.parentElement.childNodes].some(
                   n => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
            if (!inline && (width < smallest - 0.5 || height < smallest - 0.5))
              small.push(`${width.toFixed(1)} by ${height.toFixed(1)}: ${e.outerHTML.slice(0, 160)}`);
          }
          return small;
        }""",
        SMALLEST_TARGET,
    )
    return [f"too small to press, {one}" for one in found]


_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const styleOf = (part, pseudo) => {
    const s = getComputedStyle(part, pseudo || null);
    return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.backgroundColor,
            s.borderColor, s.borderWidth, s.textDecoration].join('|');
  };
  // A radio button's ring is drawn by its label.
  const label = e.labels && e.labels[0];
  const look = styleOf(e) + (label ? styleOf(label, '::before') : '');
  let box = e.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
  // A link over two lines has its own boxes; the middle of the whole may be another's.
  const boxes = [...e.getClientRects()];
  const onTop = boxes.some(b => points.some(([x, y]) => {
    const hit = document.elementFromPoint(b.left + b.width * x, b.top + b.height * y);
    return hit && (hit === e || e.contains(hit) || hit.contains(e)
                   || (label && (label === hit || label.contains(hit))));
  }));
  e.dataset.stop = e.dataset.stop || String(Math.random());
  return {
    stop: e.dataset.stop, look, onTop, html: e.outerHTML.replace(/ data-stop="[^"]*"/, '').slice(0, 160),
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
_UNFOCUSED = """stop => {
  const e = document.querySelector(`[data-stop="${stop}"]`);
  if (!e) return null;
  const styleOf = (part, pseudo) => {
    const s = getComputedStyle(part, pseudo || null);
    return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.backgroundColor,
            s.borderColor, s.borderWidth, s.textDecoration].join('|');
  };
  const label = e.labels && e.labels[0];
  return styleOf(e) + (label ? styleOf(label, '::before') : '');
}"""
MOST_STOPS = 400


def focus_problems(page: Page, *, fewest: int = 3) -> list[str]:
    """Walks the whole page by Tab: every stop is seen, differs from before, and is not covered."""
    problems: list[str] = []
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    stops: list[str] = []
    before: dict[str, Any] | None = None
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = page.evaluate(_FOCUS)
        if before is not None and page.evaluate(_UNFOCUSED, before["stop"]) == before["look"]:
            problems.append(f"focus cannot be seen on {before['html']}")
        if here is None or here["stop"] in stops:
            break
        stops.append(here["stop"])
        if not here["within"]:
            problems.append(f"focus is off the screen on {here['html']}")
        elif not here["onTop"]:
            problems.append(f"focus is covered on {here['html']}")
        before = here
    else:
        problems.append(f"Tab does not come to an end within {MOST_STOPS} stops")
    if len(stops) < fewest:
        problems.append(f"only {len(stops)} stops by Tab")
    return problems
