// A form that the bot has opened (a "modal"), in a dialog of the browser's own.

import { optionsOf } from "./select_options.js";
import { element, freshId } from "./dom.js";
import { markdown } from "./markdown_view.js";
import { makeSelect } from "./select.js";

const PARAGRAPH = 2;

/** Open a form; `send(values)` tells what has come of it, and only "refused" keeps it open. */
export function openForm(form, send) {
  const fields = [];
  const heading = freshId("form");
  const error = element("p", { class: "form-error", role: "alert" });
  const submit = element("button", { class: "button is-primary", type: "submit" }, "Submit");
  const close = () => dialog.close();
  const dialog = element(
    "dialog",
    { class: "form", "aria-labelledby": heading, close: () => dialog.remove() },
    element(
      "form",
      {
        method: "dialog",
        novalidate: true,
        submit: (event) => {
          event.preventDefault();
          submitForm();
        },
      },
      element(
        "div",
        { class: "form-head" },
        element("h2", { id: heading }, form.title),
        element("button", { type: "button", class: "plain", "aria-label": "Close", click: close }, "✕"),
      ),
      element("div", { class: "form-body" }, form.components.map((each) => part(each, fields)), error),
      element(
        "div",
        { class: "form-foot" },
        element("button", { type: "button", class: "button is-secondary", click: close }, "Cancel"),
        submit,
      ),
    ),
  );

  async function submitForm() {
    if (!fields.map((field) => field.check()).every(Boolean)) {
      fields.find((field) => !field.isRight)?.focus();
      return;
    }
    submit.disabled = true;
    const answer = await send(Object.fromEntries(fields.map((field) => [field.id, field.value()])));
    submit.disabled = false;
    if (answer.outcome === "done" || answer.outcome === "form") close();
    else error.textContent = answer.words;
  }

  document.body.append(dialog);
  dialog.showModal();
  (fields[0]?.input ?? submit).focus();
}

function part(one, fields) {
  if (one.type === 10) return element("div", { class: "text" }, markdown(one.content));
  if (one.type === 1) return labelled(one.components[0], one.components[0].label, "", fields);
  return labelled(one.component, one.label, one.description, fields);
}

function labelled(field, label, description, fields) {
  const id = freshId("field");
  const made = fieldOf(field, id, label);
  made.id = field.custom_id;
  fields.push(made);
  const more = element("p", { class: "small", id: `${id}-more` }, description ?? "");
  const wrong = element("p", { class: "form-error", id: `${id}-wrong` });
  made.input.setAttribute("aria-describedby", `${id}-more ${id}-wrong`);
  made.focus = () => made.input.focus();
  made.check = () => {
    wrong.textContent = made.fault();
    made.isRight = !wrong.textContent;
    made.input.setAttribute("aria-invalid", String(!made.isRight));
    return made.isRight;
  };
  return element(
    "div",
    { class: "form-field" },
    element(
      "label",
      { for: id },
      label,
      field.required === false ? null : element("span", { class: "star", title: "required" }, " *"),
    ),
    description ? more : null,
    made.root,
    wrong,
  );
}

function fieldOf(field, id, label) {
  if (field.type === 4) return textField(field, id);
  if (field.type === 21 || field.type === 22) return ticked(field, id);
  if (field.type === 23) return checkbox(field, id);
  if (field.type === 19) return unavailable(id);
  return selectField(field, id, label);
}

function textField(field, id) {
  const isLong = field.style === PARAGRAPH;
  const input = element(isLong ? "textarea" : "input", {
    id,
    rows: isLong ? 4 : null,
    placeholder: field.placeholder,
    "aria-required": String(field.required !== false),
  });
  input.value = field.value ?? "";
  const fault = () => {
    const { length } = input.value;
    const least = field.min_length ?? 0;
    const most = field.max_length ?? 4000;
    if (!length) return field.required === false ? "" : "This field is required.";
    return length < least || length > most ? `Must be between ${least} and ${most} in length.` : "";
  };
  return { input, root: input, value: () => input.value, fault };
}

function tooFew(field, number) {
  const least = field.required === false ? 0 : field.min_values ?? 1;
  return number < least ? "This field is required." : "";
}

function selectField(field, id, label) {
  const options = optionsOf(field);
  let values = options.filter((each) => each.default).map((each) => each.value);
  const choice = {
    id,
    label,
    placeholder: field.placeholder ?? "Make a selection",
    options,
    least: field.min_values ?? 1,
    most: field.max_values ?? 1,
    required: field.required !== false,
  };
  const root = makeSelect(choice, (chosen) => (values = chosen));
  const input = root.querySelector("button");
  return { input, root, value: () => values, fault: () => tooFew(field, values.length) };
}

function ticked(field, id) {
  const isOne = field.type === 21;
  const name = freshId("group");
  const boxes = field.options.map((option) =>
    element("input", {
      type: isOne ? "radio" : "checkbox",
      name,
      value: option.value,
      checked: option.default,
    }),
  );
  const rows = boxes.map((box, number) => {
    const option = field.options[number];
    const more = option.description ? element("span", { class: "small" }, option.description) : null;
    return element("label", { class: "tick" }, box, element("span", {}, option.label, more));
  });
  const root = element("div", { id, role: isOne ? "radiogroup" : "group", class: "ticks" }, rows);
  const all = () => boxes.filter((box) => box.checked).map((box) => box.value);
  root.tabIndex = -1;
  const value = () => (isOne ? (all()[0] ?? "") : all());
  return { input: root, root, value, fault: () => tooFew(field, all().length) };
}

function checkbox(field, id) {
  const input = element("input", { type: "checkbox", id, checked: field.default });
  return { input, root: input, value: () => input.checked, fault: () => "" };
}

function unavailable(id) {
  const words = "Files cannot be sent from the demo.";
  const root = element("p", { class: "small", id, tabindex: "-1" }, words);
  return { input: root, root, value: () => "", fault: () => "" };
}
