// One phone of one simulated person: shows the chat as it streams in, and acts through /_sandbox/.

import { act } from "/act.js";
import { element, messageNode } from "/render.js";
import { directionOf, label, wordsOf } from "/words.js";

const NAMES = {
  he: ["נועה", "עמית", "יעל", "דניאל", "שחר", "רוני", "טל", "מיכל"],
  en: ["Noa", "Amit", "Yael", "Daniel", "Shahar", "Roni", "Tal", "Michal"],
};
const TOAST_MS = 4000;
const SPINNER_MS = 10000;

export class Phone {
  // `desk` is told who holds the phone (`held`), and knows which names are taken.
  constructor(root, { slot, role, desk }) {
    this.root = root;
    this.slot = slot;
    this.role = role;
    this.desk = desk;
    this.language = localStorage.getItem(`${slot}.language`) ?? desk.language;
    this.messages = new Map();
    this.replyTo = null;
    this.editing = null;
    this.atEnd = true;
    this.listen();
    this.speak();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get words() {
    return wordsOf(this.language);
  }

  // --- who holds the phone ---

  async wake(holder) {
    const stored = Number(localStorage.getItem(`${this.slot}.user`));
    const ready = holder ?? (await this.ready());
    if (ready) await this.becomeNew(ready);
    else await (stored ? this.become(stored) : this.becomeNew());
  }

  // Whom the sandbox has made a volunteer, for the volunteer's phone; null once the phone knows it.
  async ready() {
    if (this.role !== "volunteer") return null;
    const ready = await act("ready").catch(() => null); // an emulator without a bot has nobody ready
    if (!ready || String(ready) === localStorage.getItem("ready")) return null;
    localStorage.setItem("ready", ready);
    return ready;
  }

  async becomeNew(userId) {
    this.name = this.newName();
    const made = await act("person", { user_id: userId, first_name: this.name, language_code: this.language });
    localStorage.setItem(`${this.slot}.name`, this.name);
    await this.become(made.user_id);
  }

  newName() {
    const names = NAMES[this.language].filter((name) => !this.desk.isTaken(name));
    const all = names.length ? names : NAMES[this.language];
    return all[Math.floor(Math.random() * all.length)];
  }

  async becomeKnown(person) {
    localStorage.setItem(`${this.slot}.name`, person.first_name);
    if (person.language_code) this.useLanguage(person.language_code);
    await this.become(person.id);
  }

  async become(userId) {
    this.userId = userId;
    localStorage.setItem(`${this.slot}.user`, userId);
    this.find(".export").href = `/_sandbox/transcript?user_id=${userId}`;
    await this.introduce();
    this.desk.held();
  }

  // An emulator that was restarted has forgotten everybody: tell it again who this is.
  async introduce() {
    this.name = localStorage.getItem(`${this.slot}.name`) ?? NAMES[this.language][0];
    await act("person", { user_id: this.userId, first_name: this.name, language_code: this.language });
  }

  async people() {
    return act("people");
  }

  close() {}

  async offerHolders() {
    const people = await this.people();
    const select = this.find(".holder");
    select.replaceChildren(
      ...people.map((person) => {
        const option = element("option", "", person.label ?? [...new Set([person.first_name, person.id])].join(" · "));
        option.value = person.id;
        option.selected = person.id === this.userId;
        return option;
      }),
    );
    this.known = people;
    this.find(".holders").hidden = people.length < 2;
  }

  // --- what is seen ---

  showAll(chat) {
    const list = this.find(".messages");
    list.setAttribute("aria-busy", "true");
    list.replaceChildren();
    this.messages.clear();
    this.stopAside();
    for (const message of chat.messages) this.place(message);
    list.setAttribute("aria-busy", "false");
    this.surroundings(chat);
    this.toEnd();
  }

  showOne(message) {
    const isNew = !this.messages.has(message.message_id);
    const node = this.place(message);
    if (node && isNew) node.classList.add("fresh");
    if (this.atEnd || (isNew && message.mine)) this.toEnd();
  }

  place(message) {
    const list = this.find(".messages");
    const old = list.querySelector(`[data-id="${message.message_id}"]`);
    this.messages.set(message.message_id, message);
    if (message.deleted) {
      old?.remove();
      return null;
    }
    const node = this.drawn(message);
    if (old) old.replaceWith(node);
    else list.append(node);
    if (message.mine) this.keepOneEdit(node);
    const before = node.previousElementSibling;
    node.classList.toggle("turn", before?.classList.contains("mine") !== message.mine);
    return node;
  }

  // Only what was sent last can be edited here, as a golden chat can only tell of that.
  keepOneEdit(node) {
    const own = [...this.messages.values()].filter((message) => message.mine && !message.deleted);
    const last = own.at(-1)?.message_id;
    for (const edit of this.find(".messages").querySelectorAll(".edit-here")) {
      if (Number(edit.closest(".message").dataset.id) !== last) edit.remove();
    }
    return node;
  }

  drawn(message) {
    return messageNode(message, {
      words: this.words,
      language: this.language,
      quoted: this.messages.get(message.reply_to),
      onPress: (...press) => this.press(...press),
      ...this.asides(),
    });
  }

  // What can be done with a message that has no button.
  asides() {
    return { onReply: (to) => this.startReply(to), onEdit: (what) => this.startEdit(what) };
  }

  async look() {
    this.surroundings(await act("chat", { user_id: this.userId }));
  }

  surroundings(chat) {
    const name = chat.name || chat.bot.first_name;
    this.find(".name").textContent = name;
    this.find(".avatar").textContent = [...name][0] ?? "•";
    this.find(".description").textContent = chat.description;
    this.find(".intro").hidden = chat.started || chat.messages.length > 0;
    this.find(".on-duty").hidden = String(this.userId) !== localStorage.getItem("ready");
    this.find(".peer-here").hidden = this.role !== "peer";
    this.find(".me").textContent = `${this.words.me} ${chat.user.first_name} · ${chat.user.id}`;
    this.find(".holder-name").textContent = chat.user.first_name;
    this.blocked = chat.blocked;
    this.started = chat.started;
    const block = this.find(".block");
    if (block) block.textContent = chat.blocked ? this.words.unblock : this.words.block;
    this.find(".unblock").hidden = !chat.blocked;
    this.find(".start").hidden = chat.blocked || chat.started;
    this.find(".composer").hidden = chat.blocked || !chat.started;
    this.offerJoin(this.invite);
    this.setStatus(chat.blocked ? this.words.blocked : this.words.status);
    this.offer(chat);
  }

  offer(chat) {
    const names = chat.commands.map((command) => command.command);
    const offered = ["start", ...names.filter((name) => name !== "start")];
    const chips = offered.map((name) => {
      const chip = element("button", "", `/${name}`);
      chip.type = "button";
      chip.dir = "ltr";
      chip.title = chat.commands.find((command) => command.command === name)?.description ?? "";
      chip.addEventListener("click", () => this.command(name));
      return chip;
    });
    this.find(".quick").replaceChildren(...chips);
    this.find(".quick").hidden = chat.blocked || !chat.started;
  }

  // The organizer's phone can scan the link of the invite that was made for it.
  offerJoin(invite) {
    this.invite = invite;
    const offered = this.role === "organizer" && Boolean(invite);
    this.find(".join").hidden = !offered || this.blocked;
    this.find(".join-first").hidden = !offered || this.blocked || this.started;
  }

  setStatus(text) {
    this.find(".status").textContent = text;
  }

  toEnd() {
    const scroll = this.find(".scroll");
    scroll.scrollTop = scroll.scrollHeight;
    this.atEnd = true;
  }

  // Whoever reads further up is left there; everybody else stays at the newest message.
  followEnd() {
    const scroll = this.find(".scroll");
    scroll.addEventListener("scroll", () => {
      this.atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
    });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(scroll);
  }

  toast(text) {
    const toast = this.find(".toast");
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
  }

  answered(toast) {
    for (const button of this.root.querySelectorAll(".waiting-press")) button.classList.remove("waiting-press");
    if (toast.text) this.toast(toast.text);
  }

  // --- what is done ---

  async do(verb, given = {}) {
    try {
      return await act(verb, { user_id: this.userId, ...given });
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  async command(name) {
    await (name === "start" ? this.do("start") : this.do("send", { text: `/${name}` }));
  }

  async write() {
    const box = this.find(".text");
    const text = box.value.trim();
    if (!text) return;
    const { editing, replyTo } = this;
    box.value = "";
    this.stopAside();
    if (editing) await this.do("edit", { message_id: editing, text });
    else await this.do("send", { text, ...(replyTo ? { reply_to: replyTo } : {}) });
    box.focus();
  }

  // What has a place for it answers the message that is being answered.
  async send(media) {
    const answers = ["photo", "voice"].includes(media) && this.replyTo;
    await this.do(media, answers ? { reply_to: this.replyTo } : {});
    this.stopAside();
  }

  async press(message, button, node) {
    if (button.copy) {
      await navigator.clipboard?.writeText(button.copy).catch(() => {});
      this.toast(this.words.copied);
    } else if (button.url) {
      this.toast(`${this.words.opens} ${button.url}`);
    } else {
      this.atEnd = true; // whoever presses waits for what comes of it
      node.classList.add("waiting-press");
      setTimeout(() => node.classList.remove("waiting-press"), SPINNER_MS);
      await this.do("press", { button: button.data, message_id: message.message_id });
    }
  }

  startReply(message) {
    this.stopAside();
    this.replyTo = message.message_id;
    this.aside(message.text);
  }

  startEdit(message) {
    this.stopAside();
    this.editing = message.message_id;
    this.find(".text").value = message.text;
    this.aside(`${this.words.editing} ${message.text}`);
  }

  aside(text) {
    this.find(".replying").hidden = false;
    this.find(".replying-to").textContent = text;
    this.find(".text").focus();
  }

  stopAside() {
    if (this.editing) this.find(".text").value = "";
    this.replyTo = this.editing = null;
    this.find(".replying").hidden = true;
  }

  async chooseLanguage(language) {
    this.useLanguage(language);
    await this.do("language", { language_code: language });
    this.showAll(await act("chat", { user_id: this.userId }));
  }

  useLanguage(language) {
    this.language = language;
    localStorage.setItem(`${this.slot}.language`, language);
    this.speak();
  }

  // --- set-up ---

  speak() {
    this.root.lang = this.language;
    this.root.dir = directionOf(this.language);
    this.find(".language").value = this.language;
    label(this.root, this.words);
    this.root.setAttribute("aria-label", this.words.roles[this.role]);
    this.find(".role").textContent = this.words.roles[this.role];
    this.find(".text").placeholder = this.words.message;
  }

  listen() {
    this.on(".composer", "submit", (event) => {
      event.preventDefault();
      this.write();
    });
    this.on(".text", "keydown", (event) => {
      if (event.key === "Escape") this.stopAside();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.write();
    });
    this.on(".flyer", "submit", (event) => {
      event.preventDefault();
      this.do("start", { payload: this.find(".payload").value.trim() });
      this.find(".bar .menu").open = false;
    });
    this.on(".start", "click", () => this.do("start"));
    for (const join of [".join", ".join-first"]) {
      this.on(join, "click", () => this.do("start", { payload: this.invite }));
    }
    this.on(".unblock", "click", () => this.do("unblock"));
    this.on(".block", "click", () => this.do(this.blocked ? "unblock" : "block"));
    this.on(".new-person", "click", () => this.becomeNew());
    this.on(".put-away", "click", () => this.desk.putAway(this));
    this.on(".bar .menu", "toggle", () => this.find(".bar .menu").open && this.offerHolders());
    this.on(".holder", "change", (event) => {
      const chosen = this.known.find((person) => String(person.id) === event.target.value);
      this.find(".bar .menu").open = false;
      this.becomeKnown(chosen);
    });
    this.on(".language", "change", (event) => this.chooseLanguage(event.target.value));
    this.on(".stop-reply", "click", () => this.stopAside());
    for (const button of this.root.querySelectorAll("[data-media]")) {
      button.addEventListener("click", () => this.send(button.dataset.media));
    }
    this.followEnd();
  }

  on(selector, event, reaction) {
    this.find(selector).addEventListener(event, reaction);
  }
}
