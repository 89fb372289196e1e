// A phone with Signal: no buttons, numbers stand for them. It answers, reacts, edits, deletes, and can be a new phone.

import { act } from "/act.js";
import { Phone } from "/phone.js";
import { element } from "/render.js";

const PLACE = "/_signal";
const USELESS = [".export", "[data-media=contact]", "[data-media=location]", "[data-media=sticker]"];
const TYPES = { BOLD: "bold", ITALIC: "italic", STRIKETHROUGH: "strikethrough", MONOSPACE: "code", SPOILER: "spoiler" };
const THUMBS = { up: "\u{1F44D}", down: "\u{1F44E}" };
const FOLDED = 800; // UTF-16 units of a long text that are shown at first

export class SignalPhone extends Phone {
  constructor(root, place) {
    super(root, place);
    root.classList.add("signal");
    for (const selector of USELESS) this.find(selector).remove();
    for (const extra of root.querySelectorAll(".on-signal")) extra.hidden = false;
    this.find(".intro h3").dataset.text = "signalTitle";
    this.speak();
    this.on(".timer", "change", (event) => this.do("set_timer", { seconds: Number(event.target.value) }));
    this.on(".new-phone", "click", () => this.do("change_phone"));
  }

  // --- who holds the phone ---

  async wake() {
    const stored = localStorage.getItem(`${this.slot}.user`);
    await (stored ? this.become(stored) : this.becomeNew());
  }

  // The bot's data outlives the emulator: an id of an earlier run would be somebody it knows.
  async becomeNew() {
    this.name = this.newName();
    localStorage.setItem(`${this.slot}.name`, this.name);
    await this.become(crypto.randomUUID());
  }

  async becomeKnown(person) {
    localStorage.setItem(`${this.slot}.name`, person.name);
    await this.become(person.id);
  }

  async become(id) {
    this.userId = id;
    localStorage.setItem(`${this.slot}.user`, id);
    await this.introduce();
    this.stream?.close();
    this.stream = new EventSource(`${PLACE}/stream?id=${encodeURIComponent(id)}`);
    this.stream.addEventListener("chat", (event) => this.showAll(this.read(JSON.parse(event.data))));
    this.stream.addEventListener("message", (event) => this.heard(this.readNote(JSON.parse(event.data))));
    this.stream.addEventListener("error", () => this.setStatus(this.words.offline));
    this.stream.addEventListener("open", () => this.introduce());
  }

  async introduce() {
    this.name = localStorage.getItem(`${this.slot}.name`) ?? "";
    await act("person", { id: this.userId, name: this.name }, PLACE);
  }

  async people() {
    const people = await act("people", {}, PLACE);
    return people.map((person) => ({ ...person, first_name: person.name, label: `${person.name} · ${person.id.slice(0, 4)}` }));
  }

  close() {
    this.stream?.close();
  }

  // --- what is seen ---

  heard(message) {
    this.desk.showMessage(this, message);
    if (!this.started || message.turn) this.look();
  }

  read(chat) {
    return {
      messages: chat.messages.map((note) => this.readNote(note)),
      user: { id: chat.id, first_name: chat.name },
      bot: { first_name: "Sandbox" },
      name: "",
      description: this.words.signalAbout,
      commands: ["menu", "stop"].map((command) => ({ command, description: "" })),
      started: chat.messages.length > 0,
      blocked: chat.blocked,
      timer: chat.timer,
    };
  }

  readNote(note) {
    const [file] = note.files;
    const styles = note.styles.map(({ style, start, length }) => ({ type: TYPES[style], offset: start, length }));
    return {
      ...note,
      message_id: note.timestamp,
      date: note.timestamp / 1000,
      entities: styles,
      rows: [],
      reply_to: note.quote?.timestamp ?? null,
      kind: file ? kindOf(file) : "text",
      file: file && { ...file, name: file.name ?? this.words.document, url: addressOf(file) },
      deleted: false,
      gone: note.deleted,
    };
  }

  surroundings(chat) {
    super.surroundings(chat);
    this.find(".me").textContent = `${this.words.me} ${chat.user.first_name}`;
    this.find(".timer").value = [...this.find(".timer").options].some((one) => Number(one.value) === chat.timer) ? chat.timer : "";
    this.setStatus(chat.blocked ? this.words.blocked : [this.words.signalStatus, this.lasting(chat.timer)].filter(Boolean).join(" · "));
  }

  async look() {
    this.surroundings(this.read(await act("chat", { id: this.userId }, PLACE)));
  }

  drawn(message) {
    if (message.turn || message.gone) return this.remark(message);
    const node = super.drawn(message);
    if (message.expires) node.querySelector(".about").prepend(element("span", "expires", this.lasting(message.expires)));
    const words = node.querySelector(".words");
    if (message.options?.length) words.after(this.poll(message));
    if (words && message.text.length > FOLDED) this.fold(words);
    return node;
  }

  // A poll of the bot: one option can be chosen, and another one later.
  poll(message) {
    const options = element("div", "poll");
    message.options.forEach((option, index) => {
      const button = element("button", message.vote === index ? "option chosen" : "option", option);
      button.type = "button";
      button.dir = "auto";
      button.addEventListener("click", () => this.do("vote", { timestamp: message.message_id, option: index }));
      options.append(button);
    });
    return options;
  }

  // What happened in the chat that is no message, and what is left of one that was deleted.
  remark(message) {
    const text = message.gone ? this.words.gone : this.words.turns[message.turn](this.lasting(message.expires) || this.words.off);
    const item = element("li", message.mine ? "message mine remark" : "message remark");
    item.dataset.id = message.message_id;
    item.append(element("p", "", text));
    return item;
  }

  fold(words) {
    const more = element("button", "read-more", this.words.readMore);
    more.type = "button";
    words.classList.add("folded");
    more.addEventListener("click", () => {
      words.classList.remove("folded");
      more.remove();
    });
    words.after(more);
  }

  lasting(seconds) {
    return seconds ? (this.words.timers[seconds] ?? `${seconds} s`) : "";
  }

  asides() {
    const react = (emoji) => (message) =>
      this.do("react", { timestamp: message.message_id, emoji, remove: message.reaction === emoji });
    return {
      quotedWords: (message) => message.quote && (message.quote.text || "…"),
      more: (message) =>
        message.mine
          ? [
              ["reply-here", this.words.reply, (to) => this.startReply(to)],
              ...(message.kind === "text" ? [["edit-here", this.words.edit, (what) => this.startEdit(what)]] : []),
              ["delete-here", this.words.deleteHere, (what) => this.do("delete", { timestamp: what.message_id })],
            ]
          : [
              ["reply-here", this.words.reply, (to) => this.startReply(to)],
              ["thumb", THUMBS.up, react(THUMBS.up)],
              ["thumb", THUMBS.down, react(THUMBS.down)],
            ],
    };
  }

  // --- what is done ---

  async do(verb, given = {}) {
    try {
      const result = await act(...this.asked(verb, given), PLACE);
      if (verb.endsWith("block")) await this.look(); // nothing in the chat tells of it
      return result;
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  // The other phones' words for it, in Signal's.
  asked(verb, { payload, message_id, reply_to, ...given }) {
    const who = { id: this.userId };
    const quote = reply_to ? { quote: reply_to } : {};
    switch (verb) {
      case "start":
        return ["send", { ...who, text: `/start ${payload ?? ""}`.trim() }];
      case "send":
        return ["send", { ...who, ...quote, ...given }];
      case "edit":
        return ["edit", { ...who, timestamp: message_id, ...given }];
      case "photo":
      case "voice":
      case "document":
        return ["attach", { ...who, ...quote, media: verb }];
      default:
        return [verb, { ...who, ...given }];
    }
  }

  async chooseLanguage(language) {
    this.useLanguage(language);
    this.showAll(this.read(await act("chat", { id: this.userId }, PLACE)));
  }
}

function kindOf(file) {
  const kind = file.kind.split("/")[0];
  return { image: "photo", audio: "voice" }[kind] ?? "document";
}

function addressOf(file) {
  return `${PLACE}/file?id=${encodeURIComponent(file.id)}&kind=${encodeURIComponent(file.kind)}`;
}
