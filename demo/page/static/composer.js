// The message box: plain text, or a command with its options. All of it works from the keyboard.

import { announce } from "./announcer.js";
import { CommandLine } from "./command_line.js";
import { commandItems, findCommand, loadCommands, optionItems } from "./commands.js";
import { onKey } from "./composer_keys.js";
import { say, showPending, useCommand } from "./interactions.js";
import { debounced, element, pause } from "./dom.js";
import { toEnd } from "./message_list.js";
import { Picker } from "./suggestion_list.js";
import { fullName, here, when } from "./state.js";
import { isAskedFor, isSuggested, suggestions } from "./suggestions.js";

const AT_ONCE = 120;
const WHILE_TYPING = 150;

export class Composer {
  constructor(place) {
    this.line = null;
    this.picker = new Picker();
    this.isSending = false;
    this.isClosed = false;
    this.asked = 0;
    this.input = element("input", {
      id: "composer-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      maxlength: 2000,
      "aria-expanded": "false",
      "aria-controls": "picker-list",
      "aria-autocomplete": "list",
      input: () => this.onTyped(),
      focus: () => this.onTyped(),
      keydown: (event) => onKey(this, event, null),
    });
    this.error = element("p", { class: "composer-error", role: "alert" });
    this.slash = element(
      "button",
      {
        type: "button",
        class: "slash",
        "aria-label": "Commands",
        title: "Commands",
        click: () => this.offer(),
      },
      "/",
    );
    this.send = element("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤");
    this.box = element("div", { class: "composer-box" }, this.slash, this.input, this.send);
    this.form = element(
      "form",
      {
        class: "composer",
        "aria-label": "Write a message",
        submit: (event) => {
          event.preventDefault();
          this.submit();
        },
        focusout: (event) => {
          if (!this.form.contains(event.relatedTarget)) this.picker.hide();
        },
      },
      this.picker.root,
      this.error,
      this.box,
    );
    place.append(this.form);
    this.completeLater = debounced(WHILE_TYPING, (field) => {
      if (!this.isClosed) this.complete(field);
    });
    when("all", () => this.arrive());
  }

  /** Be in another channel, or somebody else: what was begun there stays there. */
  arrive() {
    const channel = here();
    const place = `${channel?.id} ${channel?.can_write}`;
    this.input.disabled = this.slash.disabled = !channel?.can_write;
    const words = channel?.can_write
      ? `Message ${fullName(channel)}`
      : "You do not have permission to send messages in this channel.";
    if (!this.line) this.input.placeholder = words;
    this.words = words;
    this.input.setAttribute("aria-label", words);
    if (this.place !== undefined && this.place !== place) this.leave();
    this.place = place;
    loadCommands();
  }

  /** Begin a command: for those who press on its name somewhere. */
  async begin(name) {
    await loadCommands();
    const command = findCommand(name);
    if (command) this.enter(command);
  }

  offer() {
    this.leave();
    this.input.value = "/";
    this.input.focus();
    this.onTyped();
  }

  enter(command, rest = "") {
    this.leave();
    this.line = new CommandLine(command, {
      input: (field) => this.onOptionTyped(field),
      focus: (field) => this.complete(field),
      key: (event, field) => onKey(this, event, field),
    });
    this.box.insertBefore(this.line.root, this.input);
    this.box.classList.add("has-command");
    this.input.placeholder = "";
    this.input.value = rest;
    this.input.setAttribute("aria-label", `Options of /${command.name}`);
    this.goOn();
  }

  leave() {
    this.line?.root.remove();
    this.line = null;
    this.box.classList.remove("has-command");
    this.input.value = "";
    this.input.placeholder = this.words ?? "";
    this.input.setAttribute("aria-label", this.words ?? "");
    this.picker.hide();
    this.complain("");
  }

  /** Go to what is to be filled in next. */
  goOn() {
    const next = this.line?.unfilled?.input ?? this.input;
    if (document.activeElement === next) this.onTyped();
    else next.focus();
  }

  complain(words) {
    this.error.textContent = words;
  }

  onTyped() {
    this.complain("");
    const text = this.input.value;
    if (this.line) this.offerOptions(text);
    else if (text.startsWith("/")) this.offerCommands(text.slice(1));
    else this.picker.hide();
  }

  offerCommands(text) {
    // As soon as a name is complete and a space follows, it is that command.
    const whole = /\s$/.test(text) ? findCommand(text.trim()) : null;
    if (whole) {
      this.enter(whole);
      return;
    }
    const show = () => {
      if (this.line || !this.input.value.startsWith("/")) return;
      const found = commandItems(this.input.value.slice(1), (command) => this.enter(command));
      this.picker.show(this.input, { label: "Commands", ...found });
    };
    if (!this.picker.isOpen) loadCommands().then(show);
    show();
  }

  offerOptions(text) {
    const named = /^\s*([\w-]+):\s*(.*)$/.exec(text);
    const option = named && this.line.left.find((each) => each.name === named[1]);
    if (option) {
      this.fillIn(option, named[2]);
      return;
    }
    const items = optionItems(this.line, text, (each) => this.fillIn(each));
    const note = text.trim() && !items.length ? "This command has no such option" : "";
    const title = items.length ? "Options" : "";
    this.picker.show(this.input, { label: "Options", title, items, note, active: text.trim() ? 0 : -1 });
  }

  fillIn(option, text = "") {
    const field = this.line.add(option);
    this.input.value = "";
    field.write(text);
    field.input.focus();
  }

  /** Close the list until something is typed again, also to completions that are on their way. */
  closeList() {
    this.isClosed = true;
    this.asked += 1;
    this.picker.hide();
  }

  onOptionTyped(field) {
    this.complain("");
    this.isClosed = false;
    this.explain(field);
    if (isAskedFor(field.option)) this.completeLater(field);
    else this.complete(field);
  }

  /** Say what an option is about; return what the list goes by. */
  explain({ option, input }) {
    const title = [element("strong", {}, option.name), ` ${option.description}`];
    const shown = { label: `Values of ${option.name}`, title };
    const note = isAskedFor(option) ? "Loading…" : "";
    if (this.picker.owner !== input) this.picker.show(input, { ...shown, note });
    return shown;
  }

  /** Show what can be picked for an option. */
  async complete(field) {
    const { line } = this;
    if (!line?.fields.includes(field)) return;
    this.isClosed = false;
    this.asked += 1;
    const number = this.asked;
    const shown = this.explain(field);
    if (!isSuggested(field.option)) return;
    const typed = field.picked ? "" : field.text;
    const others = line.othersThan(field);
    const { items, note } = await suggestions(line.command.name, field.option, typed, others);
    // Only the newest answer counts, and only for whom it was asked.
    if (number !== this.asked || document.activeElement !== field.input) return;
    const picks = items.map((item) => ({ ...item, pick: () => this.pickValue(field, item) }));
    this.picker.show(field.input, { ...shown, items: picks, note, active: typed.trim() ? 0 : -1 });
  }

  pickValue(field, item) {
    field.pick(item.name, item.value);
    this.goOn();
  }

  submit() {
    if (this.isSending) return;
    if (this.line) this.sendCommand();
    else this.sendText();
  }

  async sendText() {
    const text = this.input.value.trim();
    if (!text) return;
    if (text.startsWith("/")) {
      this.complain("No commands match your search.");
      return;
    }
    this.input.value = "";
    const answer = await say(text);
    if (answer.outcome !== "refused") return;
    this.input.value = text;
    this.complain(answer.words);
  }

  async sendCommand() {
    const { line } = this;
    let values;
    try {
      values = line.values();
    } catch (err) {
      this.refuse(line, err.message);
      return;
    }
    this.isSending = true;
    const answered = useCommand(line.command.name, values);
    // A refusal of the client comes at once and leaves the line as it is.
    const early = await Promise.race([answered, pause(AT_ONCE)]);
    this.isSending = false;
    if (early?.outcome === "refused") {
      this.refuse(line, early.words);
      return;
    }
    if (this.line === line) this.leave();
    this.input.focus();
    showPending();
    toEnd();
    const answer = await answered;
    if (answer.outcome === "refused") announce(answer.words);
  }

  refuse(line, words) {
    const field = line.blame(words);
    this.picker.hide();
    (field?.input ?? this.input).focus();
    this.picker.hide();
    this.complain(words);
  }
}
