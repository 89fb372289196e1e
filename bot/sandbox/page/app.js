// The desk: the phones on it, the tabs that switch between them on a narrow screen, and the machine room.

import { act } from "/act.js";
import { Feed } from "/feed.js";
import "/menus.js";
import { Phone } from "/phone.js";
import { element } from "/render.js";
import { Room } from "/room.js";
import { SignalPhone } from "/signal.js";
import { directionOf, label, wordsOf } from "/words.js";

const FIRST = [
  { slot: "phone1", role: "reservist" },
  { slot: "phone2", role: "volunteer" },
  { slot: "phone3", role: "organizer" },
];
const OTHER_LANGUAGE = { he: "en", en: "he" };
const ROOM = "room";

class Desk {
  constructor() {
    this.language = localStorage.getItem("page.language") ?? "he";
    this.room = new Room(document.querySelector("#room"));
    this.phones = [];
    this.shown = FIRST[0].slot;
    this.feed = new Feed({
      onChat: (id, chat) => this.holding(id).forEach((phone) => phone.showAll(chat)),
      onMessage: (id, message) => this.holding(id).forEach((phone) => this.showMessage(phone, message)),
      onToast: (id, toast) => this.holding(id).forEach((phone) => phone.answered(toast)),
      onStanding: (id) => this.holding(id).forEach((phone) => phone.look()),
      onMachine: (machine) => this.showMachine(machine),
      onOpen: () => this.phones.forEach((phone) => phone.introduce()),
      onLost: () => this.showLost(),
    });
  }

  async open() {
    this.listen();
    this.speak();
    const added = JSON.parse(localStorage.getItem("desk.added") ?? "[]");
    for (const place of [...FIRST, ...added]) this.phones.push(this.placed(place));
    this.drawTabs();
    this.awake = false;
    for (const phone of this.phones) await this.wake(phone);
    this.awake = true;
    this.held();
  }

  async wake(phone, holder) {
    await phone.wake(holder);
    phone.root.classList.add("awake");
  }

  holding(userId) {
    return this.phones.filter((phone) => phone.userId === userId);
  }

  isTaken(name) {
    return this.phones.some((phone) => phone.name === name);
  }

  // Somebody took a phone.
  held() {
    if (this.awake) this.feed.watch(this.phones.filter((phone) => phone.role !== "signal").map((phone) => phone.userId));
  }

  showMessage(phone, message) {
    phone.showOne(message);
    if (phone.slot !== this.shown && !message.mine) this.tab(phone.slot)?.classList.add("news");
  }

  showMachine(machine) {
    this.room.show(machine);
    document.body.dataset.condition = machine.condition;
    for (const phone of this.phones) phone.offerJoin(machine.invite);
  }

  showLost() {
    document.body.dataset.condition = "lost";
    this.room.lost();
    for (const phone of this.phones) phone.setStatus(phone.words.offline);
  }

  // --- phones ---

  placed({ slot, role }) {
    const root = document.querySelector("#phone").content.cloneNode(true).firstElementChild;
    root.id = slot;
    root.querySelector(".put-away").hidden = FIRST.some((first) => first.slot === slot);
    document.querySelector("#phones").append(root);
    const Kind = role === "signal" ? SignalPhone : Phone;
    return new Kind(root, { slot, role, desk: this });
  }

  async add(role) {
    document.querySelector(".add").open = false;
    const there = role === "peer" && this.phones.find((phone) => phone.role === role);
    if (there) return this.show(there.slot);
    const holder = role === "peer" ? await this.room.busy(() => act("second")) : undefined;
    if (role === "peer" && !holder) return undefined; // the room says why
    return this.addFor(role, holder);
  }

  async addFor(role, holder) {
    const slot = `phone-${Date.now()}`;
    const phone = this.placed({ slot, role });
    this.phones.push(phone);
    this.remember();
    this.drawTabs();
    await this.wake(phone, holder);
    this.show(slot);
    phone.root.scrollIntoView({ inline: "nearest" });
    phone.root.querySelector(holder ? ".text" : ".start").focus();
  }

  putAway(phone) {
    phone.close();
    phone.root.remove();
    this.phones = this.phones.filter((other) => other !== phone);
    for (const what of ["user", "name", "language"]) localStorage.removeItem(`${phone.slot}.${what}`);
    this.remember();
    this.drawTabs();
    this.show(FIRST[0].slot);
    this.held();
  }

  remember() {
    const added = this.phones.slice(FIRST.length).map(({ slot, role }) => ({ slot, role }));
    localStorage.setItem("desk.added", JSON.stringify(added));
  }

  // --- tabs ---

  tab(slot) {
    return document.querySelector(`.tabs [aria-controls="${slot}"]`);
  }

  drawTabs() {
    const names = this.phones.map((phone) => [phone.slot, this.words.roles[phone.role]]);
    const tabs = [...names, [ROOM, this.words.machines]].map(([slot, name]) => {
      const tab = element("button", "tab", name);
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", slot);
      tab.addEventListener("click", () => this.show(slot));
      return tab;
    });
    document.querySelector(".tabs").replaceChildren(...tabs);
    this.show(this.shown);
  }

  show(slot) {
    this.shown = slot;
    document.body.dataset.shown = slot === ROOM ? ROOM : "phone";
    for (const tab of document.querySelectorAll(".tabs .tab")) {
      const isShown = tab.getAttribute("aria-controls") === slot;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      if (!isShown) continue;
      tab.classList.remove("news");
      tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    for (const phone of this.phones) phone.root.classList.toggle("shown", phone.slot === slot);
    this.phones.find((phone) => phone.slot === slot)?.toEnd();
  }

  moveTab(event) {
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const steps = { Home: -Infinity, End: Infinity, ArrowLeft: -1, ArrowRight: -1, [forward]: 1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const tabs = [...document.querySelectorAll(".tabs .tab")];
    const at = tabs.indexOf(document.activeElement) + step;
    const next = tabs[Math.max(0, Math.min(tabs.length - 1, at))];
    this.show(next.getAttribute("aria-controls"));
    next.focus();
  }

  // --- words ---

  get words() {
    return wordsOf(this.language);
  }

  speak() {
    document.title = this.words.sandbox;
    document.documentElement.lang = this.language;
    document.documentElement.dir = directionOf(this.language);
    label(document.querySelector(".top"), this.words);
    document.querySelector(".page-language").textContent = wordsOf(OTHER_LANGUAGE[this.language]).itself;
    document.querySelector(".page-language").lang = OTHER_LANGUAGE[this.language];
    this.room.speak(this.words, this.language);
  }

  listen() {
    document.querySelector(".tabs").addEventListener("keydown", (event) => this.moveTab(event));
    document.querySelector(".page-language").addEventListener("click", () => {
      this.language = OTHER_LANGUAGE[this.language];
      localStorage.setItem("page.language", this.language);
      this.speak();
      this.drawTabs();
    });
    for (const button of document.querySelectorAll("[data-add]")) {
      button.addEventListener("click", () => this.add(button.dataset.add));
    }
  }
}

new Desk().open();
