"""A person at a screen: what they do, and what must never happen while they do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, expect

from tests.journeys.looking import axe_problems, sideways_problems

# A healthy page answers in a tenth of this, even with two cores shared by everything. Waiting costs
# nothing when all is well, so this may be long: it only says when a page is given up.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)


class Visitor:
    """One browser window, watched: no other server, no failed request, no complaint on the console.

    ``step`` says in words what happens and looks at the page afterwards::

        with visitor.step("When she asks for help with her toenails"):
            visitor.page.get_by_label("What do you need help with?").fill("toenails")
            visitor.page.keyboard.press("Enter")
    """

    def __init__(self, context: BrowserContext, address: str, *, scripts: bool = True) -> None:
        self.address = address
        self.scripts = scripts
        self.context = context
        self.complaints: list[str] = []
        self.expected_statuses: set[int] = set()
        context.set_default_timeout(PATIENCE)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.page: Page = context.new_page()

    # --- What they do ---

    def open(self, path: str, status: int = 200) -> Response:
        """Go to an address of the portal by typing it."""
        self.expected_statuses.add(status)
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == status, f"{path} answered {response.status}"
        return response

    @contextmanager
    def step(self, words: str) -> Iterator[Page]:
        """One step; afterwards the page is held against axe and must not scroll sideways."""
        yield self.page
        self.page.wait_for_load_state()
        problems = [*self.look(), *self.take_complaints()]
        assert not problems, f"{words} — on {self.path}:\n" + "\n".join(problems)

    def look(self) -> list[str]:
        if self.scripts:
            return [*axe_problems(self.page), *sideways_problems(self.page)]
        with self._through_a_glass() as page:
            return [*axe_problems(page), *sideways_problems(page)]

    @contextmanager
    def _through_a_glass(self) -> Iterator[Page]:
        """The very page as it stands, in a window where axe can run: axe is a script itself.

        The page's own scripts are not fetched there, so it looks as it does without them.
        """
        browser = self.context.browser
        assert browser is not None
        standing = self.page.content().replace("<noscript", "<div").replace("</noscript", "</div")
        glass = browser.new_context(viewport=self.page.viewport_size)
        glass.route("**/*.js", lambda route: route.abort())
        glass.route(
            self.page.url, lambda route: route.fulfill(body=standing, content_type="text/html")
        )
        page = glass.new_page()
        page.goto(self.page.url)
        yield page
        glass.close()

    def tab_to(self, name: str, *, role: str = "", most: int = 150) -> None:
        """Press Tab until what has this accessible name has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            here = self.page.locator("*:focus")
            if here.count() != 1:
                continue
            said = self.page.evaluate(
                "() => { const e = document.activeElement;"
                " return [e.getAttribute('aria-label'), e.labels?.[0]?.innerText, e.innerText,"
                " e.value].filter(Boolean).map(t => t.trim()); }"
            )
            if any(name.casefold() in text.casefold() for text in said):
                return
        raise AssertionError(f"Tab does not reach {name!r} on {self.path}")

    # --- What they see ---

    @property
    def path(self) -> str:
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def sees(self, words: str) -> None:
        """The words are on the page, visible."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def sees_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()

    # --- What must never happen ---

    def take_complaints(self) -> list[str]:
        found, self.complaints = self.complaints, []
        return found

    def _asked(self, request: Request) -> None:
        # The browser's own PDF viewer is made of pages too.
        own = ("data:", "blob:", "about:", "chrome-extension:", "chrome:")
        if not request.url.startswith((self.address + "/", *own)):
            self.complaints.append(f"asked another server: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.complaints.append(f"{response.status} from {response.url}")

    def _failed(self, request: Request) -> None:
        # A download ends the loading of a page that it replaces; Chromium calls that aborted.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}: {request.failure}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if "Failed to load resource" in message.text and self.expected_statuses - {200}:
            return
        self.complaints.append(f"console {message.type}: {message.text}")
