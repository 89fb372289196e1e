// One phone of one simulated person: shows the chat as it streams in, and acts through /_sandbox/.

import { element, messageNode } from "/render.js";
import { directionOf, wordsOf } from "/words.js";

const NAMES = { he: ["נועה", "עמית", "יעל", "דניאל", "שחר"], en: ["Noa", "Amit", "Yael", "Daniel", "Shahar"] };
const TOAST_MS = 4000;
const SPINNER_MS = 10000;

async function act(verb, given) {
  const answer = await fetch(`/_sandbox/${verb}`, { method: "POST", body: JSON.stringify(given) });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body.result;
}

class Phone {
  constructor(root, slot) {
    this.root = root;
    this.slot = slot;
    this.language = localStorage.getItem(`${slot}.language`) ?? "he";
    this.messages = new Map();
    this.replyTo = null;
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

  async wake() {
    const stored = Number(localStorage.getItem(`${this.slot}.user`));
    await (stored ? this.become(stored) : this.becomeNew());
  }

  async becomeNew() {
    const names = NAMES[this.language];
    const first_name = names[Math.floor(Math.random() * names.length)];
    const made = await act("person", { first_name, language_code: this.language });
    localStorage.setItem(`${this.slot}.name`, first_name);
    await this.become(made.user_id);
  }

  async become(userId) {
    this.userId = userId;
    localStorage.setItem(`${this.slot}.user`, userId);
    await this.introduce();
    this.stream?.close();
    this.stream = new EventSource(`/_sandbox/stream?user_id=${userId}`);
    this.stream.addEventListener("chat", (event) => this.showAll(JSON.parse(event.data)));
    this.stream.addEventListener("message", (event) => this.showOne(JSON.parse(event.data)));
    this.stream.addEventListener("toast", (event) => this.answered(JSON.parse(event.data)));
    this.stream.addEventListener("standing", () => this.look());
    this.stream.addEventListener("error", () => this.setStatus(this.words.offline));
    this.stream.addEventListener("open", () => this.introduce());
  }

  // An emulator that was restarted has forgotten everybody: tell it again who this is.
  async introduce() {
    const first_name = localStorage.getItem(`${this.slot}.name`) ?? NAMES[this.language][0];
    await act("person", { user_id: this.userId, first_name, language_code: this.language });
  }

  // --- what is seen ---

  showAll(chat) {
    const list = this.find(".messages");
    list.setAttribute("aria-busy", "true");
    list.replaceChildren();
    this.messages.clear();
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
    const before = node.previousElementSibling;
    node.classList.toggle("turn", before?.classList.contains("mine") !== message.mine);
    return node;
  }

  drawn(message) {
    return messageNode(message, {
      words: this.words,
      language: this.language,
      quoted: this.messages.get(message.reply_to),
      onPress: (...press) => this.press(...press),
      onReply: (to) => this.startReply(to),
    });
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
    this.find(".me").textContent = `${this.words.me} ${chat.user.first_name} · ${chat.user.id}`;
    this.blocked = chat.blocked;
    this.find(".block").textContent = chat.blocked ? this.words.unblock : this.words.block;
    this.find(".unblock").hidden = !chat.blocked;
    this.find(".start").hidden = chat.blocked || chat.started;
    this.find(".composer").hidden = chat.blocked || !chat.started;
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
    for (const button of this.root.querySelectorAll(".waiting")) button.classList.remove("waiting");
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
    box.value = "";
    const reply = this.replyTo ? { reply_to: this.replyTo } : {};
    this.startReply(null);
    await this.do("send", { text, ...reply });
    box.focus();
  }

  async press(message, button, node) {
    if (button.copy) {
      await navigator.clipboard?.writeText(button.copy).catch(() => {});
      this.toast(this.words.copied);
    } else if (button.url) {
      this.toast(`${this.words.opens} ${button.url}`);
    } else {
      node.classList.add("waiting");
      setTimeout(() => node.classList.remove("waiting"), SPINNER_MS);
      await this.do("press", { button: button.data, message_id: message.message_id });
    }
  }

  startReply(message) {
    this.replyTo = message?.message_id ?? null;
    this.find(".replying").hidden = !message;
    this.find(".replying-to").textContent = message?.text ?? "";
    if (message) this.find(".text").focus();
  }

  async chooseLanguage(language) {
    this.language = language;
    localStorage.setItem(`${this.slot}.language`, language);
    this.speak();
    await this.do("language", { language_code: language });
    this.showAll(await act("chat", { user_id: this.userId }));
  }

  // --- set-up ---

  speak() {
    document.documentElement.lang = this.language;
    document.documentElement.dir = directionOf(this.language);
    this.find(".language").value = this.language;
    for (const node of this.root.querySelectorAll("[data-text]")) node.textContent = this.words[node.dataset.text];
    for (const node of this.root.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", this.words[node.dataset.label]);
    }
    this.find(".text").placeholder = this.words.message;
  }

  listen() {
    this.on(".composer", "submit", (event) => {
      event.preventDefault();
      this.write();
    });
    this.on(".text", "keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.write();
    });
    this.on(".start", "click", () => this.do("start"));
    this.on(".unblock", "click", () => this.do("unblock"));
    this.on(".block", "click", () => this.do(this.blocked ? "unblock" : "block"));
    this.on(".new-person", "click", () => this.becomeNew());
    this.on(".language", "change", (event) => this.chooseLanguage(event.target.value));
    this.on(".stop-reply", "click", () => this.startReply(null));
    for (const button of this.root.querySelectorAll("[data-media]")) {
      button.addEventListener("click", () => this.do(button.dataset.media));
    }
    this.closeMenus();
    this.followEnd();
  }

  on(selector, event, reaction) {
    this.find(selector).addEventListener(event, reaction);
  }

  closeMenus() {
    const menus = [...this.root.querySelectorAll("details.menu")];
    const close = (except) => menus.filter((menu) => menu !== except).forEach((menu) => (menu.open = false));
    document.addEventListener("click", (event) => {
      const inButton = event.target.closest(".sheet button");
      close(inButton ? null : event.target.closest("details.menu"));
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menus.find((menu) => menu.open)?.querySelector("summary").focus();
      close(null);
    });
  }
}

const phone = document.querySelector("#phone").content.cloneNode(true).firstElementChild;
document.querySelector("#phones").append(phone);
new Phone(phone, "phone1").wake();
