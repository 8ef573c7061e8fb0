// The list above the message box: commands, options, completions. One input at a time owns it.

import { element } from "./dom.js";

export class Picker {
  constructor() {
    this.title = element("p", { class: "picker-title" });
    this.note = element("p", { class: "picker-note", role: "status" });
    this.list = element("ul", { role: "listbox", id: "picker-list", class: "picker-list" });
    this.root = element(
      "div",
      {
        class: "picker",
        hidden: true,
        // The input keeps the focus: a press on the list must not take it.
        mousedown: (event) => event.preventDefault(),
      },
      this.title,
      this.list,
      this.note,
    );
    this.items = [];
    this.active = -1;
    this.owner = null;
  }

  get isOpen() {
    return !this.root.hidden;
  }

  get current() {
    return this.items[this.active] ?? null;
  }

  /**
   * Show a list.
   *
   * `shown` has title (text or elements), label, items ({ name, more, mark, icon, pick }), note,
   * and active: which item Enter picks at once, -1 for none.
   */
  show(owner, { title = "", label, items = [], note = "", active = -1 }) {
    if (this.owner !== owner) this.hide();
    this.owner = owner;
    this.items = items;
    this.title.replaceChildren(...[title].flat());
    this.title.hidden = !this.title.textContent;
    this.note.textContent = note;
    this.note.hidden = !note;
    this.list.setAttribute("aria-label", label);
    this.list.replaceChildren(...items.map((item, number) => this.row(item, number)));
    this.list.hidden = !items.length;
    this.list.scrollTop = 0;
    this.root.hidden = !items.length && !note && this.title.hidden;
    owner.setAttribute("aria-expanded", String(this.isOpen && items.length > 0));
    this.activate(active);
  }

  hide() {
    this.root.hidden = true;
    this.items = [];
    this.active = -1;
    this.owner?.setAttribute("aria-expanded", "false");
    this.owner?.removeAttribute("aria-activedescendant");
    this.owner = null;
  }

  row(item, number) {
    return element(
      "li",
      {
        role: "option",
        id: `picker-${number}`,
        class: "picker-item",
        "aria-selected": "false",
        click: () => item.pick(),
        mousemove: () => this.activate(number),
      },
      item.icon ?? null,
      element(
        "span",
        { class: "picker-words" },
        element("span", { class: "picker-name" }, item.name),
        item.more ? element("span", { class: "picker-more" }, item.more) : null,
      ),
      item.mark ? element("span", { class: "picker-mark" }, item.mark) : null,
    );
  }

  activate(number) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = number;
    const row = this.list.children[number];
    if (!row) {
      this.active = -1;
      this.owner?.removeAttribute("aria-activedescendant");
      return;
    }
    row.setAttribute("aria-selected", "true");
    this.owner.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  /** Go up or down, around the ends. */
  move(step) {
    const { length } = this.items;
    if (!length) return;
    const from = this.active < 0 && step < 0 ? 0 : this.active;
    this.activate((from + step + length) % length);
  }
}
