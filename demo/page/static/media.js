// Pictures and files.

import { element } from "./dom.js";
import { markdown } from "./markdown_view.js";

const UNITS = ["bytes", "KB", "MB"];

function size(bytes) {
  let unit = 0;
  let number = bytes;
  while (number >= 1000 && unit < 2) {
    number /= 1000;
    unit += 1;
  }
  return `${unit ? number.toFixed(2) : number} ${UNITS[unit]}`;
}

/** A picture; where it cannot be loaded, its description stands in its place. */
function picture(media, description, className) {
  const made = element("img", {
    class: className,
    src: media.url,
    alt: description ?? "",
    loading: "lazy",
    width: media.width,
    height: media.height,
    error: () => made.replaceWith(missing(description)),
  });
  return made;
}

function missing(description) {
  return element("span", { class: "missing-picture" }, description || "a picture from elsewhere");
}

function spoilered(one, shown) {
  if (!one.spoiler) return shown;
  const cover = element(
    "button",
    { type: "button", class: "covered-picture", "aria-label": "Spoiler, show the picture" },
    "Spoiler",
  );
  cover.addEventListener("click", () => cover.replaceWith(shown));
  return cover;
}

export function thumbnail(one) {
  return spoilered(one, picture(one.media, one.description, "thumbnail"));
}

export function gallery(one) {
  const items = one.items.map((item) =>
    spoilered(item, picture(item.media, item.description, "gallery-picture")),
  );
  return element("div", { class: "gallery", "data-number": Math.min(items.length, 4) }, items);
}

export function fileCard(one, message) {
  const url = one.file.url;
  const file = message.attachments?.find((each) => each.url === url);
  const name = file?.filename ?? decodeURIComponent(url.split("/").at(-1));
  return card(name, url, file?.size);
}

function card(name, url, bytes) {
  return element(
    "div",
    { class: "file" },
    element("span", { class: "file-picture", "aria-hidden": "true" }),
    element(
      "span",
      { class: "file-words" },
      element("a", { href: url, download: name }, name),
      bytes ? element("span", { class: "small" }, size(bytes)) : null,
    ),
  );
}

/** The files of a message that has no newer components to show them. */
export function attachments(all) {
  return all.map((file) =>
    file.content_type?.startsWith("image/")
      ? picture(file, file.description, "gallery-picture")
      : card(file.filename, file.url, file.size),
  );
}

export function embed(one) {
  const title = one.title ? element("p", { class: "embed-title" }, one.title) : null;
  const made = element(
    "div",
    { class: "container has-accent" },
    title,
    one.description ? element("div", { class: "text" }, markdown(one.description)) : null,
    (one.fields ?? []).map((field) =>
      element(
        "div",
        {},
        element("p", { class: "embed-title" }, field.name),
        element("div", { class: "text" }, markdown(field.value)),
      ),
    ),
    one.image ? picture(one.image, "", "gallery-picture") : null,
    one.footer ? element("p", { class: "small" }, one.footer.text) : null,
  );
  if (one.color) {
    made.style.setProperty("--accent", `#${one.color.toString(16).padStart(6, "0")}`);
  }
  return made;
}
