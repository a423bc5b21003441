// The enquiry screen saves while somebody types, and searches without drawing the page anew. Only an
// extra: every button works without it. What is typed is kept in the page and nowhere else in the browser
// (docs/decisions/0048).

const PAUSE = 1200; // after the last key
const AT_MOST = 5000; // while somebody types without a pause
const RETRY_FIRST = 2000;
const RETRY_AT_MOST = 30000;

/** Does what a button does and puts the changed parts of the answer into the page. */
class InPlace {
  constructor(form) {
    this.form = form;
    form.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-in-place]");
      if (!button || button.disabled) return;
      event.preventDefault();
      this.press(button);
    });
    form.addEventListener("change", (event) => {
      if (event.target.matches("input[data-in-place]")) this.press(null, { quiet: true });
    });
  }

  /** Before the first: whatever else is under way. */
  ready() {
    return Promise.resolve(true);
  }

  async press(button, { quiet = false, parts = null } = {}) {
    if (!(await this.ready())) return;
    const data = new FormData(this.form);
    data.set("do", button ? button.value : this.form.dataset.quietly || "search");
    let page;
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "text/html" },
      });
      if (answer.status !== 200) return this.natively(button);
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return this.failed();
    }
    const fresh = page.getElementById(this.form.id);
    // Something is wrong or in dispute: the whole page says it better.
    if (!fresh || (fresh.dataset.whole && !quiet)) return this.natively(button);
    if (fresh.dataset.whole) return undefined;
    this.take(page, fresh, { quiet, parts, asked: button?.value.split(":")[0] ?? "" });
    return undefined;
  }

  natively(button) {
    if (button) this.form.requestSubmit(button);
  }

  failed() {}

  take(page, fresh, { quiet, parts, asked }) {
    const held = document.activeElement;
    const state = held && "value" in held ? [held.value, held.selectionStart] : null;
    for (const part of this.form.querySelectorAll("[data-part], [data-part-on]")) {
      if (parts && !parts.includes(part.id)) continue;
      if (part.dataset.partOn && !part.dataset.partOn.split(" ").includes(asked)) continue;
      const now = page.getElementById(part.id);
      if (now) part.replaceChildren(...[...now.childNodes].map((one) => document.adoptNode(one)));
    }
    this.taken(page, fresh);
    if (!quiet) {
      const goal = page.querySelector("[autofocus]") || this.form.querySelector("[data-part] [autofocus]");
      const here = goal && document.getElementById(goal.id);
      if (here) return here.focus();
    }
    // What had the focus may have been drawn anew.
    if (held && held.id && !held.isConnected) {
      const again = document.getElementById(held.id);
      if (again) {
        again.focus();
        if (state && "value" in again && again.type === "textarea") {
          [again.value] = state;
          again.setSelectionRange(state[1], state[1]);
        }
      }
    }
    return undefined;
  }

  taken() {}
}

class Enquiry extends InPlace {
  constructor(form) {
    super(form);
    this.words = form.dataset;
    this.status = document.getElementById("status");
    this.changed = 0; // counts what was typed
    this.kept = 0; // up to which of these it is saved
    this.tries = 0;
    this.leaving = false;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.typed());
    form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.unsaved) this.save({ keepalive: true });
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.unsaved && !this.leaving) event.preventDefault();
    });
    // Back from the page that followed: what the browser put into the fields may be older.
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.leaving = false;
    });
  }

  get unsaved() {
    return this.changed > this.kept;
  }

  get searching() {
    return ["words", "wants", "q", "near"]
      .map((name) => this.form.elements[name]?.value.trim() ?? "")
      .join("\n");
  }

  typed() {
    this.changed += 1;
    this.since ??= Date.now();
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(PAUSE, this.since + AT_MOST - Date.now()));
    this.timer = setTimeout(() => this.save(), wait);
  }

  /** True when everything is saved. One at a time, in the order of typing. */
  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    while (this.saving) await this.saving;
    if (!this.unsaved) return true;
    this.since = undefined;
    const upTo = this.changed;
    this.saving = this.ask(keepalive);
    const done = await this.saving;
    this.saving = undefined;
    if (done) {
      this.kept = Math.max(this.kept, upTo);
      this.tries = 0;
      this.search();
    } else {
      const wait = Math.min(RETRY_FIRST * 2 ** this.tries, RETRY_AT_MOST);
      this.tries += 1;
      this.timer = setTimeout(() => this.save(), wait);
    }
    return done;
  }

  async ask(keepalive, again = true) {
    const data = new FormData(this.form);
    data.set("do", "autosave");
    let answer;
    let said;
    try {
      answer = await fetch(this.form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
        keepalive,
      });
      said = await answer.json();
    } catch {
      this.failed();
      return false;
    }
    if (said.token) {
      this.form.elements.csrfmiddlewaretoken.value = said.token;
      if (!said.signed_out && again) return this.ask(keepalive, false);
      this.say(`${this.words.wordsSignedOut} `, said.sign_in);
      return false;
    }
    if (!answer.ok) {
      this.failed();
      return false;
    }
    if (said.finished) {
      this.say(this.words.wordsFinished);
      return true;
    }
    this.form.elements.seen.value = said.seen;
    this.belongsTo(said.address, said.title);
    if (said.clashes.length) this.say(this.words.wordsClash);
    else if (said.taken_over) this.say(this.words.wordsTakenOver);
    else if (said.problems.length) {
      this.say(`${this.words.wordsExcept} ${said.problems.map((one) => one.message).join(". ")}`);
    } else this.say(`${this.words.wordsSaved} ${said.at}`);
    return true;
  }

  /** A new enquiry has its own address once something of it is saved. */
  belongsTo(address, title) {
    const heading = document.querySelector("h1");
    if (heading.textContent !== title) {
      document.title = document.title.replace(heading.textContent, title);
      heading.textContent = title;
    }
    if (new URL(address, location.href).href === this.form.action) return;
    this.form.action = address;
    history.replaceState(null, "", address);
    for (const button of this.form.querySelectorAll("[formaction]")) {
      const part = button.getAttribute("formaction").split("#")[1];
      button.setAttribute("formaction", `${address}#${part}`);
    }
  }

  /** Only what differs is put into the page, so that a screen reader says it once. */
  say(words, signIn = "") {
    if (this.status.dataset.said === words) return;
    this.status.dataset.said = words;
    this.status.textContent = words;
    if (!signIn) return;
    const link = document.createElement("a");
    Object.assign(link, { href: signIn, target: "_blank", rel: "noopener" });
    link.className = "govuk-link";
    link.textContent = this.words.wordsSignIn;
    this.status.append(link);
  }

  failed() {
    this.say(`${this.words.wordsNotSaved} ${this.words.wordsTrying}`);
  }

  /** In the enquirer's own words, while they are still talking. */
  search() {
    if (this.searching === this.searched) return;
    this.searched = this.searching;
    if (!this.searched.trim()) return;
    this.press(null, { quiet: true, parts: ["part-found"] });
  }

  async ready() {
    // What was typed goes first, so that it cannot meet itself on the way.
    while (this.saving) await this.saving;
    return true;
  }

  taken(page, fresh) {
    this.searched = this.searching;
    this.form.elements.seen.value = fresh.elements.seen.value;
    this.belongsTo(fresh.getAttribute("action"), page.querySelector("h1").textContent);
    document.getElementById("status").textContent = page.getElementById("status").textContent;
  }

  async sent(event) {
    const button = event.submitter;
    const elsewhere = button?.hasAttribute("formtarget");
    if (!this.saving && this.tries === 0) {
      this.leaving = !elsewhere;
      return;
    }
    // A save is under way, or the connection is gone: leaving now could lose words.
    event.preventDefault();
    if (await this.save()) this.form.requestSubmit(button);
  }
}

const enquiry = document.querySelector("[data-enquiry]");
if (enquiry) new Enquiry(enquiry);
const consent = document.querySelector("[data-consent]");
if (consent) new InPlace(consent);
