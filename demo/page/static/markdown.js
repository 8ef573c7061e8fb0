// Discord's markdown, read into a tree of plain values: `{ type, children or what it holds }`.

const INLINE = [
  ["text", /^\\([^0-9A-Za-z\s])/, (found) => ({ text: found[1] })],
  ["codeblock", /^```(?:([\w+.-]+)\n)?\n*([\s\S]+?)\n*```/, (found) => ({ text: found[2] })],
  ["code", /^(`+)([\s\S]*?[^`])\1(?!`)/, (found) => ({ text: inCode(found[2]) })],
  ["stamp", /^<t:(-?\d{1,17})(?::([tTdDfFRsS]))?>/, (found) => ({ at: found[1], style: found[2] })],
  ["person", /^<@!?(\d+)>/, (found) => ({ id: found[1] })],
  ["role", /^<@&(\d+)>/, (found) => ({ id: found[1] })],
  ["channel", /^<#(\d+)>/, (found) => ({ id: found[1] })],
  ["command", /^<\/([^:>]{1,100}):\d+>/, (found) => ({ name: found[1] })],
  ["text", /^<a?(:\w+:)\d+>/, (found) => ({ text: found[1] })],
  ["everyone", /^@(?:everyone|here)\b/, (found) => ({ text: found[0] })],
  ["link", /^<(https?:\/\/[^\s<>]+)>/, (found) => link(found[1])],
  ["link", /^\[((?:\\.|[^\]\\\n])+)\]\(\s*<?(https?:\/\/[^\s<>()]+)>?(?:\s+"[^"\n]*")?\s*\)/, masked],
  ["link", /^https?:\/\/[^\s<]*[^\s<.,:;"'\])*_~|]/, (found) => link(found[0])],
  ["strong", /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, inner],
  ["underline", /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, inner],
  ["emphasis", /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/, inner],
  ["emphasis", /^_((?:\\[\s\S]|__|[^\\_])+?)_(?![0-9A-Za-z_])/, inner],
  ["strike", /^~~(?=\S)((?:\\[\s\S]|[^\\])+?)~~/, inner],
  ["spoiler", /^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, inner],
];
const PLAIN = /^[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|https?:\/\/|$)/;
const DEEPEST = 12; // Nested marks beyond that are nobody's intention.

function inner(found, depth) {
  return { children: inline(found[1], depth + 1) };
}

function masked(found, depth) {
  return { url: found[2], children: inline(found[1], depth + 1) };
}

function link(url) {
  return { url, children: [{ type: "text", text: url }] };
}

function inCode(text) {
  return text.replace(/^ (?=\s*`)|(`\s*) $/g, "$1");
}

function next(text, before, depth) {
  if (depth < DEEPEST) {
    for (const [type, pattern, read] of INLINE) {
      // An underscore inside a word is a part of it.
      if (type === "emphasis" && text[0] === "_" && /[0-9A-Za-z]$/.test(before)) continue;
      const found = pattern.exec(text);
      if (found) return [{ type, ...read(found, depth) }, found[0].length];
    }
  }
  const found = PLAIN.exec(text)?.[0] || text[0];
  return [{ type: "text", text: found }, found.length];
}

export function inline(text, depth = 0) {
  const nodes = [];
  let at = 0;
  while (at < text.length) {
    const [node, length] = next(text.slice(at), text.slice(Math.max(at - 1, 0), at), depth);
    const previous = nodes.at(-1);
    if (node.type === "text" && previous?.type === "text") previous.text += node.text;
    else nodes.push(node);
    at += length;
  }
  return nodes;
}

const HEADING = /^(#{1,3})\s+(\S.*)$/;
const SMALL = /^-#\s+(\S.*)$/;
const ITEM = /^(\s*)(?:[-*]|(\d{1,9})\.)\s+(\S.*)$/;
const QUOTED = /^> ?(.*)$/;
const FENCE = /(```(?:[\w+.-]+\n)?\n*[\s\S]+?\n*```)/;

/** Read a whole text into blocks. */
export function blocks(text) {
  const all = /^>>> ([\s\S]*)$/m.exec(text);
  if (all) {
    const before = text.slice(0, all.index).replace(/\n$/, "");
    const quote = { type: "quote", children: blocks(all[1]) };
    return [...(before ? blocks(before) : []), quote];
  }
  return text.split(FENCE).flatMap((part, number) => {
    if (number % 2) return inline(part);
    return part.trim() ? blocksOfLines(part.replace(/^\n|\n$/g, "").split("\n")) : [];
  });
}

function blocksOfLines(lines) {
  const found = [];
  let at = 0;
  while (at < lines.length) {
    const [block, length] = blockAt(lines, at);
    found.push(block);
    at += length;
  }
  return found;
}

function run(lines, at, pattern) {
  let end = at;
  while (end < lines.length && pattern.test(lines[end])) end += 1;
  return lines.slice(at, end);
}

function blockAt(lines, at) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (heading) {
    return [{ type: "heading", level: heading[1].length, children: inline(heading[2]) }, 1];
  }
  const small = SMALL.exec(line);
  if (small) return [{ type: "small", children: inline(small[1]) }, 1];
  if (QUOTED.test(line)) {
    const quoted = run(lines, at, QUOTED);
    const text = quoted.map((each) => QUOTED.exec(each)[1]);
    return [{ type: "quote", children: blocksOfLines(text) }, quoted.length];
  }
  if (ITEM.test(line)) {
    const items = oneKind(run(lines, at, ITEM).map((each) => ITEM.exec(each)));
    return [list(items), items.length];
  }
  const plain = [line];
  while (at + plain.length < lines.length && !beginsBlock(lines[at + plain.length])) {
    plain.push(lines[at + plain.length]);
  }
  return [{ type: "lines", children: inline(plain.join("\n")) }, plain.length];
}

/** Those items at the beginning that make one list: numbers after bullets make another. */
function oneKind(items) {
  const [first] = items;
  const other = items.findIndex(
    (item) => item[1].length <= first[1].length && Boolean(item[2]) !== Boolean(first[2]),
  );
  return other < 0 ? items : items.slice(0, other);
}

function beginsBlock(line) {
  return [HEADING, SMALL, QUOTED, ITEM].some((pattern) => pattern.test(line));
}

/** Nest items by how far they are moved in. */
function list(items) {
  const first = items[0];
  const made = { type: "list", start: first[2] ? Number(first[2]) : null, items: [] };
  let at = 0;
  while (at < items.length) {
    let end = at + 1;
    while (end < items.length && items[end][1].length > first[1].length) end += 1;
    const within = items.slice(at + 1, end);
    made.items.push({ children: inline(items[at][3]), within: within.length ? list(within) : null });
    at = end;
  }
  return made;
}
