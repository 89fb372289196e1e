// A message as DOM nodes. Text only ever enters through textContent.

import { ZONE } from "/words.js";

const CLASS_OF = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
  spoiler: "spoiler",
  text_link: "link",
  url: "link",
  bot_command: "link",
};
const CLOCK = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: ZONE };
const SVG = "http://www.w3.org/2000/svg";
const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const MEDIA = { contact: "☎", location: "◎" };

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

// Entity offsets are UTF-16 units, and so are JavaScript's string indices.
export function styledText(text, entities) {
  const edges = new Set([0, text.length]);
  for (const { offset, length } of entities) edges.add(offset).add(offset + length);
  const cuts = [...edges].sort((one, other) => one - other);
  const pieces = document.createDocumentFragment();
  for (let at = 0; at + 1 < cuts.length; at += 1) {
    const around = entities.filter((e) => e.offset <= cuts[at] && e.offset + e.length >= cuts[at + 1]);
    pieces.append(around.reduceRight(wrapped, document.createTextNode(text.slice(cuts[at], cuts[at + 1]))));
  }
  return pieces;
}

function wrapped(inner, entity) {
  const node = element(TAGS[entity.type] ?? "span", CLASS_OF[entity.type]);
  if (entity.url) node.title = entity.url;
  if (entity.type === "spoiler") {
    node.addEventListener("click", () => node.classList.add("shown"));
  }
  node.append(inner);
  return node;
}

// `more` gives further things that can be done with a message, `quotedWords` what it quotes, where the phone knows.
export function messageNode(message, { words, language, quoted, quotedWords, onPress, onReply, onEdit, more }) {
  const item = element("li", message.mine ? "message mine" : "message");
  item.dataset.id = message.message_id;
  const bubble = element("div", "bubble");
  const answered = quotedWords?.(message) ?? (quoted && (quoted.text || words[quoted.kind] || "…"));
  if (answered) {
    const quote = element("div", "quoted", answered);
    quote.dir = "auto";
    bubble.append(quote);
  }
  if (message.kind !== "text") bubble.append(mediaNode(message, words));
  if (message.text) bubble.append(textNode(message));
  if (message.reaction) bubble.append(reactionNode(message.reaction));
  bubble.append(aboutNode(message, { words, language, onReply, onEdit, more }));
  item.append(bubble);
  if (message.rows.length) item.append(keyboardNode(message, onPress));
  return item;
}

function textNode(message) {
  const node = element("div", "words");
  node.dir = "auto";
  node.append(styledText(message.text, message.entities));
  return node;
}

function mediaNode(message, words) {
  if (message.kind === "photo") return photoNode(message.file, words);
  if (message.kind === "voice") return voiceNode(message.file, words);
  if (message.file) return fileNode(message.file, words);
  if (message.kind === "sticker") return element("div", "media sticker", "☺");
  const node = element("div", "media");
  node.append(markNode(MEDIA[message.kind] ?? "•"), element("span", "", words[message.kind] ?? message.kind));
  return node;
}

function photoNode(file, words) {
  const node = element("img", "media photo");
  node.src = address(file);
  node.alt = words.photo;
  return node;
}

function voiceNode(file, words) {
  const node = element("audio", "media voice");
  node.controls = true;
  node.preload = "metadata";
  node.src = address(file);
  node.setAttribute("aria-label", words.voice);
  return node;
}

function address(file) {
  return file.url ?? `/_sandbox/file?file_id=${encodeURIComponent(file.file_id)}`;
}

function fileNode(file, words) {
  const node = element("a", "media file");
  node.href = address(file);
  node.download = file.name;
  node.append(markNode("⤓"));
  const about = element("span", "file-about");
  const name = element("bdi", "file-name", file.name);
  about.append(name, element("span", "file-size", `${words.document} · ${size(file.size)}`));
  node.append(about);
  return node;
}

// Signs of ordinary fonts: not every machine has one of coloured pictures.
function markNode(sign) {
  const mark = element("span", "media-mark", sign);
  mark.setAttribute("aria-hidden", "true");
  return mark;
}

function size(bytes) {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}

function aboutNode(message, { words, language, onReply, onEdit, more }) {
  const about = element("div", "about");
  if (more) about.append(asidesNode(message, more(message)));
  else if (!message.mine && onReply) about.append(asideNode("reply-here", words.reply, () => onReply(message)));
  else if (message.mine && message.kind === "text" && onEdit) about.append(asideNode("edit-here", words.edit, () => onEdit(message)));
  if (message.protected) {
    const mark = lockNode();
    mark.setAttribute("aria-label", words.protectedMessage);
    about.append(mark);
  }
  if (message.edited) about.append(element("span", "edited", words.edited));
  const time = new Date(message.date * 1000);
  about.append(element("time", "", time.toLocaleTimeString(language, CLOCK)));
  return about;
}

function lockNode() {
  return drawn("protected", "0 0 12 14", "M1 6h10v7H1zM3.2 6V4a2.8 2.8 0 0 1 5.6 0v2");
}

// The mark of what has arrived is drawn, because not every machine has a font with it.
const ARRIVED = "\u{1F44C}";
const OK_HAND = "M8.6 13.5a3.4 3.4 0 1 1-1.2-2.6M8.3 11.8 10 4.5M11 12.8 13.2 3.4M13.4 13.6 16.6 4.6M6.6 18c1.6 3.4 7 2.6 8.4-.8l2.6-7.6";

const THUMB = "M2.5 10.5h3.2v8H2.5zM5.7 11l3.6-7.6c1.6 0 2.3 1.1 2 2.6L10.7 9h5.3c1.1 0 1.7.9 1.5 1.9l-1.3 6.200c-.2.9-.9 1.4-1.800 1.4H5.7";
const THUMBS = { "\u{1F44D}": "", "\u{1F44E}": " down" };

function thumbNode(emoji) {
  const thumb = drawn(`mark${THUMBS[emoji]}`, "0 0 20 22", THUMB);
  thumb.setAttribute("aria-label", emoji);
  return thumb;
}

function reactionNode(emoji) {
  if (emoji in THUMBS) {
    const node = element("div", "reaction");
    node.append(thumbNode(emoji));
    return node;
  }
  const node = element("div", "reaction", emoji === ARRIVED ? "" : emoji);
  if (emoji !== ARRIVED) return node;
  const hand = drawn("mark", "0 0 20 22", OK_HAND);
  hand.setAttribute("aria-label", emoji);
  node.append(hand);
  return node;
}

function drawn(className, viewBox, line) {
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("class", className);
  node.setAttribute("viewBox", viewBox);
  node.setAttribute("role", "img");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", line);
  node.append(path);
  return node;
}

function asideNode(name, text, onClick) {
  const node = element("button", `aside ${name}`, text);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

function asidesNode(message, offered) {
  const asides = element("span", "asides");
  for (const [name, text, onClick] of offered) {
    const node = asideNode(name, name === "thumb" ? "" : text, () => onClick(message));
    if (name === "thumb") {
      node.setAttribute("aria-label", text);
      node.append(thumbNode(text));
    }
    asides.append(node);
  }
  return asides;
}

function keyboardNode(message, onPress) {
  const keyboard = element("div", "keyboard");
  keyboard.setAttribute("role", "group");
  for (const row of message.rows) {
    const line = element("div", "row");
    line.append(...row.map((button) => buttonNode(message, button, onPress)));
    keyboard.append(line);
  }
  return keyboard;
}

function buttonNode(message, button, onPress) {
  const node = element("button", button.style ?? "");
  node.type = "button";
  if (button.data) node.dataset.data = button.data;
  const label = element("span", "", button.text);
  label.dir = "auto";
  node.append(label);
  if (button.url) node.append(element("span", "mark", "↗"));
  if (button.copy) node.append(element("span", "mark", "⧉"));
  node.addEventListener("click", () => onPress(message, button, node));
  return node;
}
