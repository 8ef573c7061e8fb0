// A command in the message box: its name, the options that are being filled in, and those left.

import { element } from "./dom.js";
import { Fault, OptionField } from "./option_field.js";

export class CommandLine {
  constructor(command, on) {
    this.command = command;
    this.on = on;
    this.fields = [];
    this.name = element("span", { class: "command-name" }, `/${command.name}`);
    this.root = element("span", { class: "command" }, this.name);
    for (const option of command.options.filter((each) => each.required)) this.add(option);
  }

  /** The options that are not in the line yet. */
  get left() {
    return this.command.options.filter((option) => !this.field(option.name));
  }

  field(name) {
    return this.fields.find((each) => each.name === name);
  }

  add(option) {
    const field = new OptionField(option, this.on);
    this.fields.push(field);
    this.root.append(field.root);
    return field;
  }

  remove(field) {
    this.fields = this.fields.filter((each) => each !== field);
    field.root.remove();
  }

  /** The field after or before one, null where the line ends. */
  beside(field, step) {
    const at = field ? this.fields.indexOf(field) : this.fields.length;
    return this.fields[at + step] ?? null;
  }

  /** The first field that has to be filled in and is not. */
  get unfilled() {
    return this.fields.find((field) => field.option.required && field.isEmpty) ?? null;
  }

  /** What is sent; fields that were left empty are left out. Throws a Fault. */
  values({ except = null } = {}) {
    const filled = this.fields.filter((field) => field !== except && !field.isEmpty);
    return Object.fromEntries(filled.map((field) => [field.name, field.value()]));
  }

  /** What can be sent while one field is still being typed. */
  othersThan(field) {
    try {
      return this.values({ except: field });
    } catch (err) {
      if (err instanceof Fault) return {};
      throw err;
    }
  }

  /** Mark the option that a refusal is about; the client's words end with its name. */
  blame(words) {
    const field = this.field(words.split(": ").at(-1));
    field?.blame();
    return field ?? null;
  }
}
