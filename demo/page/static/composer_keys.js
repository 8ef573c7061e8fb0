// What the keys do in the message box; `field` is the option they were pressed in, null outside.

const KEYS = {
  ArrowDown: (composer) => moveInList(composer.picker, 1),
  ArrowUp: (composer) => moveInList(composer.picker, -1),
  Enter: pickOrSend,
  Tab: (composer, field, event) => !event.shiftKey && pickCurrent(composer.picker),
  Escape: escape,
  Backspace: rubOut,
  ArrowLeft: (composer, field) => stepAside(composer, field, -1),
  ArrowRight: (composer, field) => stepAside(composer, field, 1),
};

export function onKey(composer, event, field) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS[event.key]?.(composer, field, event)) event.preventDefault();
}

function moveInList(picker, step) {
  if (!picker.isOpen || !picker.items.length) return false;
  picker.move(step);
  return true;
}

function pickCurrent(picker) {
  const { current } = picker;
  current?.pick();
  return Boolean(current);
}

function pickOrSend(composer) {
  if (!pickCurrent(composer.picker)) composer.submit();
  return true;
}

/** Close the list; if there is none, leave the command. */
function escape(composer) {
  const { picker, line, input } = composer;
  if (picker.isOpen) {
    composer.closeList();
    return true;
  }
  if (!line && !input.value) return false;
  composer.leave();
  input.focus();
  return true;
}

/** Backspace in an empty place takes away what is before it. */
function rubOut(composer, field) {
  const { line, input } = composer;
  if (!line || (field?.input ?? input).value) return false;
  if (!field) {
    const last = line.beside(null, -1);
    if (last) last.input.focus();
    else backToText(composer);
    return true;
  }
  if (field.option.required) return false;
  const before = line.beside(field, -1)?.input ?? input;
  line.remove(field);
  before.focus();
  return true;
}

function backToText(composer) {
  const { name } = composer.line.command;
  composer.leave();
  composer.input.value = `/${name}`;
  composer.onTyped();
}

/** Go over the edge of an input into the one beside it. */
function stepAside({ line, input: rest }, field, step) {
  if (!line) return false;
  const input = field?.input ?? rest;
  const edge = step < 0 ? 0 : input.value.length;
  if (input.selectionStart !== edge || input.selectionEnd !== edge) return false;
  const next = line.beside(field, step)?.input ?? (step > 0 && field ? rest : null);
  if (!next) return false;
  next.focus();
  const at = step < 0 ? next.value.length : 0;
  next.setSelectionRange(at, at);
  return true;
}
