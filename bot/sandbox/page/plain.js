// A phone of another kind: a messenger that carries words and nothing else. Numbers stand for buttons.

import { act } from "/act.js";
import { Phone } from "/phone.js";

const BLANK = { kind: "text", entities: [], rows: [] };
const USELESS = [".attach", ".export", ".block"];

export class PlainPhone extends Phone {
  constructor(root, place) {
    super(root, place);
    root.classList.add("plain");
    for (const selector of USELESS) this.find(selector).remove();
  }

  // --- who holds the phone ---

  async wake() {
    const stored = localStorage.getItem(`${this.slot}.user`);
    await (stored ? this.become(stored) : this.becomeNew());
  }

  async becomeNew() {
    const made = await act("person", { id: fresh(), language: this.language }, "/_plain");
    await this.become(made.id);
  }

  async becomeKnown(person) {
    this.useLanguage(person.language);
    await this.become(person.id);
  }

  async become(id) {
    this.userId = id;
    localStorage.setItem(`${this.slot}.user`, id);
    await this.introduce();
    this.stream?.close();
    this.stream = new EventSource(`/_plain/stream?id=${encodeURIComponent(id)}`);
    this.stream.addEventListener("chat", (event) => this.showAll(this.read(JSON.parse(event.data))));
    this.stream.addEventListener("message", (event) => this.showOne(this.readLine(JSON.parse(event.data))));
    this.stream.addEventListener("error", () => this.setStatus(this.words.offline));
    this.stream.addEventListener("open", () => this.introduce());
  }

  async introduce() {
    await act("person", { id: this.userId, language: this.language }, "/_plain");
  }

  async people() {
    const people = await act("people", {}, "/_plain");
    return people.map((person) => ({ ...person, first_name: person.id }));
  }

  close() {
    this.stream?.close();
  }

  // --- what is seen ---

  read(chat) {
    return {
      messages: chat.messages.map((line) => this.readLine(line)),
      user: { id: chat.id, first_name: chat.id },
      bot: { first_name: "Sandbox" },
      name: "",
      description: this.words.plainAbout,
      commands: ["menu", "stop"].map((command) => ({ command, description: "" })),
      started: chat.messages.length > 0,
      blocked: false,
    };
  }

  readLine({ number, mine, date, text }) {
    return { ...BLANK, message_id: number, mine, date, text };
  }

  surroundings(chat) {
    super.surroundings(chat);
    this.find(".me").textContent = `${this.words.me} ${chat.user.id}`;
    this.find(".holder-name").textContent = "";
    this.setStatus(this.words.plainStatus);
  }

  showOne(message) {
    super.showOne(message);
    if (!this.started) this.look();
  }

  async look() {
    this.surroundings(this.read(await act("chat", { id: this.userId }, "/_plain")));
  }

  asides() {
    return {};
  }

  // --- what is done ---

  async do(verb, given = {}) {
    const text = verb === "start" ? `/start ${given.payload ?? ""}`.trim() : given.text;
    try {
      return await act("send", { id: this.userId, text }, "/_plain");
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  async chooseLanguage(language) {
    this.useLanguage(language);
    await this.introduce();
    this.showAll(this.read(await act("chat", { id: this.userId }, "/_plain")));
  }
}

// The bot's data outlives the emulator: an id of an earlier run would be somebody it knows.
function fresh() {
  return `plain-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
}
