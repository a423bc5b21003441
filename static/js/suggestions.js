// What may be meant, while somebody types: an ARIA 1.2 combobox with a list below the box.
// Only an extra: without this file the box is a plain box. Choosing never sends the form, so that
// nobody is taken somewhere by an arrow key.

const WAIT = 200;
const SHORTEST = 2;

class Suggestions {
  constructor(box) {
    this.box = box;
    this.address = box.dataset.suggestions || "/services/suggest/";
    this.active = -1;
    this.options = [];
    this.build();
    box.addEventListener("input", () => this.later());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => this.close());
  }

  build() {
    const around = document.createElement("div");
    around.className = "suggestions";
    this.box.replaceWith(around);
    this.list = document.createElement("ul");
    this.list.className = "suggestions__list";
    this.list.id = `${this.box.id}-suggestions`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.label());
    // Said aloud, politely, when the list changes.
    this.status = document.createElement("div");
    this.status.className = "govuk-visually-hidden";
    this.status.setAttribute("role", "status");
    around.append(this.box, this.list, this.status);
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.setAttribute("aria-expanded", "false");
    this.box.setAttribute("aria-controls", this.list.id);
    // A mouse press must not take the focus out of the box before the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
  }

  label() {
    const label = this.box.labels?.[0];
    return label ? label.textContent.trim() : "";
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const typed = this.box.value.trim();
    if (typed.length < SHORTEST) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(typed), WAIT);
  }

  async ask(typed) {
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(typed)}`, {
        signal: this.asked.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) return;
      const { suggestions, said } = await answer.json();
      // The answer to an older question is of no use.
      if (typed === this.box.value.trim() && document.activeElement === this.box) {
        this.show(suggestions, said);
      }
    } catch {
      this.close();
    }
  }

  show(suggestions, said) {
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    this.options = suggestions.map(({ text, kind_in_words: kind }, place) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${place}`;
      option.className = "suggestions__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.text = text;
      option.textContent = text;
      if (kind) {
        const note = document.createElement("span");
        note.className = "suggestions__kind";
        note.textContent = kind;
        option.append(" ", note);
      }
      return option;
    });
    this.list.replaceChildren(...this.options);
    this.status.textContent = said || "";
    this.open(this.options.length > 0);
  }

  open(yes) {
    this.list.hidden = !yes;
    this.box.setAttribute("aria-expanded", String(yes));
  }

  close() {
    clearTimeout(this.timer);
    this.active = -1;
    this.box.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
    this.open(false);
  }

  key(event) {
    if (event.key === "Escape" && !this.list.hidden) {
      // The first press closes the list, the second does what the browser does.
      event.preventDefault();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) return;
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    }
  }

  move(step) {
    // One place more than there are options: the box itself.
    const places = this.options.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    this.options.forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === this.active));
    });
    const option = this.options[this.active];
    if (option) {
      this.box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.box.removeAttribute("aria-activedescendant");
    }
  }

  choose(place) {
    this.box.value = this.options[place].dataset.text;
    this.close();
    this.box.focus();
  }
}

document.querySelectorAll("[data-suggestions]").forEach((box) => new Suggestions(box));

// Beside the list there is room for the choices: only a phone begins with them folded away.
if (window.matchMedia("(min-width: 60em)").matches) {
  document.querySelectorAll("[data-open-when-wide]").forEach((part) => {
    part.open = true;
  });
}
