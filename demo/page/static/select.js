// A select as Discord's: a button that opens a list. The pattern is that of a select-only combobox.

import { element, freshId } from "./dom.js";

const MARGIN = 8;
const TALLEST = 320;

/**
 * Make a select.
 *
 * `choice` has label, options ({ label, value, description, default }), least, most, disabled,
 * invalid; `chosen(values)` is called when a choice is made, with several when the list closes.
 */
export function makeSelect(choice, chosen) {
  return new Select(choice, chosen).root;
}

class Select {
  constructor(choice, chosen) {
    this.choice = choice;
    this.chosen = chosen;
    this.picked = choice.options.filter((each) => each.default).map((each) => each.value);
    this.active = -1;
    this.isMany = choice.most > 1;
    this.follow = (event) => {
      if (event.target !== this.list) this.place();
    };
    this.build();
    this.showPicked();
  }

  build() {
    const { choice } = this;
    const id = freshId("select");
    this.text = element("span", { class: "select-text" });
    this.button = element(
      "button",
      {
        type: "button",
        class: "select-button",
        role: "combobox",
        id: choice.id,
        "aria-haspopup": "listbox",
        "aria-expanded": "false",
        "aria-controls": id,
        "aria-label": choice.label,
        "aria-required": choice.required ? "true" : null,
        "data-focus": `select:${choice.label}`,
        disabled: choice.disabled,
        click: () => (this.isOpen ? this.close() : this.open()),
        keydown: (event) => this.onKey(event),
        blur: () => this.close(),
      },
      this.text,
      element("span", { class: "select-arrow", "aria-hidden": "true" }),
    );
    this.rows = choice.options.map((option, number) => this.row(option, `${id}-${number}`, number));
    this.list = element(
      "ul",
      {
        class: "select-list",
        role: "listbox",
        id,
        popover: "manual",
        "aria-label": choice.label,
        "aria-multiselectable": this.isMany ? "true" : null,
        // The button keeps the focus: a press on the list must not take it.
        mousedown: (event) => event.preventDefault(),
      },
      this.rows,
    );
    this.root = element("div", { class: "select" }, this.button, this.list);
  }

  row(option, id, number) {
    return element(
      "li",
      {
        role: "option",
        id,
        class: "select-option",
        "aria-selected": "false",
        click: () => this.pick(number),
        mousemove: () => this.activate(number, false),
      },
      option.emoji?.name ? element("span", { "aria-hidden": "true" }, option.emoji.name) : null,
      element(
        "span",
        { class: "select-words" },
        element("span", {}, option.label),
        option.description ? element("span", { class: "select-more" }, option.description) : null,
      ),
      element("span", { class: "select-mark", "aria-hidden": "true" }),
    );
  }

  get isOpen() {
    return this.list.matches(":popover-open");
  }

  showPicked() {
    const { options, label, placeholder } = this.choice;
    const names = options.filter((each) => this.picked.includes(each.value)).map((e) => e.label);
    this.text.textContent = names.join(", ") || placeholder || label;
    this.text.classList.toggle("is-placeholder", !names.length);
    this.rows.forEach((row, number) => {
      row.setAttribute("aria-selected", String(this.picked.includes(options[number].value)));
    });
  }

  open() {
    if (this.isOpen || this.choice.disabled) return;
    this.before = this.picked.join();
    this.list.showPopover();
    this.place();
    this.button.setAttribute("aria-expanded", "true");
    const first = this.choice.options.findIndex((each) => this.picked.includes(each.value));
    this.activate(Math.max(first, 0));
    // The list hangs in a layer of its own and does not move by itself with what scrolls.
    document.addEventListener("scroll", this.follow, { capture: true, passive: true });
    window.addEventListener("resize", this.follow);
  }

  place() {
    const box = this.button.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 2 * MARGIN;
    const above = box.top - 2 * MARGIN;
    const goesUp = below < Math.min(this.list.scrollHeight, TALLEST) && above > below;
    const { style } = this.list;
    style.maxHeight = `${Math.min(goesUp ? above : below, TALLEST)}px`;
    style.width = `${box.width}px`;
    style.left = `${box.left}px`;
    style.top = goesUp ? "auto" : `${box.bottom + MARGIN / 2}px`;
    style.bottom = goesUp ? `${window.innerHeight - box.top + MARGIN / 2}px` : "auto";
  }

  close() {
    if (!this.isOpen) return;
    document.removeEventListener("scroll", this.follow, { capture: true });
    window.removeEventListener("resize", this.follow);
    this.list.hidePopover();
    this.button.setAttribute("aria-expanded", "false");
    this.button.removeAttribute("aria-activedescendant");
    if (this.isMany && this.picked.join() !== this.before) this.chosen(this.picked);
  }

  activate(number, scrolls = true) {
    this.rows[this.active]?.classList.remove("is-active");
    this.active = Math.max(0, Math.min(number, this.rows.length - 1));
    const row = this.rows[this.active];
    if (!row) return;
    row.classList.add("is-active");
    this.button.setAttribute("aria-activedescendant", row.id);
    if (!scrolls) return;
    // Not scrollIntoView: it would scroll the page, too.
    const { list } = this;
    if (row.offsetTop < list.scrollTop) list.scrollTop = row.offsetTop;
    const end = row.offsetTop + row.offsetHeight - list.clientHeight;
    if (end > list.scrollTop) list.scrollTop = end;
  }

  pick(number) {
    const { value } = this.choice.options[number];
    if (this.isMany) {
      const others = this.picked.filter((each) => each !== value);
      const had = others.length < this.picked.length;
      if (!had && this.picked.length >= this.choice.most) return;
      this.picked = had ? others : [...this.picked, value];
      this.showPicked();
      return;
    }
    this.picked = [value];
    this.showPicked();
    this.close();
    this.chosen(this.picked);
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[key];
    if (!this.isOpen) {
      // Enter and Space come as a click of the button.
      if (step) this.open();
      if (step) event.preventDefault();
      return;
    }
    if (key === "Tab") return;
    if (step) this.activate(this.active + step);
    else if (key === "Home") this.activate(0);
    else if (key === "End") this.activate(this.rows.length - 1);
    else if (key === "Enter" || key === " ") this.pick(this.active);
    else if (key === "Escape") this.close();
    else if (key.length === 1) this.seek(key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Go to the next option that begins with what is typed. */
  seek(letter) {
    const rows = this.choice.options.map((each) => each.label.toLowerCase());
    const wanted = letter.toLowerCase();
    const after = rows.findIndex((name, at) => at > this.active && name.startsWith(wanted));
    const found = after < 0 ? rows.findIndex((name) => name.startsWith(wanted)) : after;
    if (found >= 0) this.activate(found);
  }
}
