// One option of the command that is being typed: a label with an input, and what it would send.

import { element, freshId } from "./dom.js";

const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const THINGS = [6, 7, 8, 9];

/** What the client says of a value that it does not send. */
export class Fault extends Error {}

export class OptionField {
  constructor(option, on) {
    this.option = option;
    this.picked = null;
    const id = freshId("option");
    const about = `${option.description}${option.required ? " (required)" : ""}`;
    this.input = element("input", {
      id,
      class: "option-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      size: 1,
      inputmode: option.type === INTEGER ? "numeric" : null,
      "aria-expanded": "false",
      "aria-controls": "picker-list",
      "aria-autocomplete": "list",
      "aria-describedby": `${id}-about`,
      "aria-required": option.required ? "true" : null,
      input: () => this.typed(on),
      focus: () => on.focus(this),
      keydown: (event) => on.key(event, this),
    });
    this.root = element(
      "span",
      { class: "option", "data-option": option.name, click: () => this.input.focus() },
      element("label", { for: id }, option.name),
      this.input,
      element("span", { class: "unseen", id: `${id}-about` }, about),
    );
  }

  get name() {
    return this.option.name;
  }

  get text() {
    return this.input.value;
  }

  get isEmpty() {
    return this.picked === null && this.text.trim() === "";
  }

  typed(on) {
    this.picked = null;
    this.forgive();
    this.fit();
    on.input(this);
  }

  write(text) {
    this.input.value = text;
    this.fit();
  }

  /** Take a suggestion: its name is shown, its value is sent. */
  pick(name, value) {
    this.picked = { value };
    this.write(name);
    this.forgive();
  }

  fit() {
    this.input.size = Math.min(Math.max([...this.text].length, 1), 60);
  }

  blame() {
    this.root.classList.add("is-wrong");
    this.input.setAttribute("aria-invalid", "true");
  }

  forgive() {
    this.root.classList.remove("is-wrong");
    this.input.removeAttribute("aria-invalid");
  }

  /**
   * What is sent for it. Whether a value is in range is the local Discord's to say; here a text
   * only becomes what its option is about.
   */
  value() {
    if (this.picked) return this.picked.value;
    const text = this.text.trim();
    const { type, choices, name } = this.option;
    const choice = choices?.find((each) => each.name.toLowerCase() === text.toLowerCase());
    if (choice) return choice.value;
    if (type === STRING) return text;
    if (type === INTEGER && /^-?\d+$/.test(text)) return Number(text);
    if (type === NUMBER && text && Number.isFinite(Number(text))) return Number(text);
    if (type === BOOLEAN && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    if (THINGS.includes(type)) throw new Fault(`Pick one from the list: ${name}`);
    return text;
  }
}
