// The machine room: how the bot is, what waits for it, what time it is, and the orders that change these.

import { act } from "/act.js";
import { label, ZONE } from "/words.js";

const CLOCK_MS = 5000;
const DAY = 86400;
const HOUR = 3600;

export class Room {
  constructor(root) {
    this.root = root;
    this.machine = null;
    this.listen();
    setInterval(() => this.tell(), CLOCK_MS);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  speak(words, language) {
    this.words = words;
    this.language = language;
    label(this.root, words);
    this.show(this.machine);
  }

  show(machine) {
    this.machine = machine;
    for (const group of [".bot", ".time"]) this.find(group).hidden = !machine;
    this.find(".authenticator").hidden = !machine?.code && !machine?.peer_code;
    if (!machine) return;
    const { condition, waiting, expired } = machine;
    setText(this.find(".condition-words"), this.words.conditions[condition]);
    setText(this.find(".count"), String(waiting));
    this.find(".expired").hidden = !expired;
    setText(this.find(".expired"), `${this.words.expired} ${expired}`);
    const isOff = ["stopped", "sealed"].includes(condition);
    this.find("[data-order=start]").hidden = !isOff;
    this.find("[data-order=stop]").hidden = isOff;
    this.find("[data-order=kill]").disabled = !["running", "starting"].includes(condition);
    this.find("[data-order=restart]").disabled = !["running", "starting"].includes(condition);
    this.showCode(".ours", machine.code);
    this.showCode(".peers", machine.peer_code);
    this.tell();
  }

  showCode(whose, code) {
    this.find(whose).hidden = !code;
    if (code) setText(this.find(`${whose} .code`), `${code.slice(0, 3)} ${code.slice(3)}`);
  }

  // The emulator itself is away: nobody knows how the bot is.
  lost() {
    setText(this.find(".condition-words"), this.words.offline);
  }

  tell() {
    if (!this.machine) return;
    const now = new Date(Date.now() + this.machine.ahead * 1000);
    const form = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: ZONE };
    setText(this.find("time"), now.toLocaleString(this.language, form));
    this.find("time").dateTime = now.toISOString();
    setText(this.find(".ahead"), this.ahead(this.machine.ahead));
  }

  ahead(seconds) {
    if (seconds < 60) return "";
    const [unit, count] =
      seconds >= DAY ? ["day", seconds / DAY] : seconds >= HOUR ? ["hour", seconds / HOUR] : ["minute", seconds / 60];
    const rounded = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 };
    return `\u2068+${new Intl.NumberFormat(this.language, rounded).format(count)}\u2069`;
  }

  async travel(seconds) {
    await this.busy(() => act("travel", { seconds }));
  }

  async busy(work) {
    const trouble = this.find(".trouble");
    trouble.hidden = true;
    this.root.setAttribute("aria-busy", "true");
    try {
      return await work();
    } catch (error) {
      trouble.textContent = error.message;
      trouble.hidden = false;
    } finally {
      this.root.removeAttribute("aria-busy");
    }
  }

  listen() {
    for (const button of this.root.querySelectorAll("[data-order]")) {
      button.addEventListener("click", () => this.busy(() => act("order", { order: button.dataset.order })));
    }
    for (const button of this.root.querySelectorAll("[data-seconds]")) {
      button.addEventListener("click", () => this.travel(Number(button.dataset.seconds)));
    }
    this.find(".jump").addEventListener("submit", (event) => {
      event.preventDefault();
      this.find(".time .menu").open = false;
      this.travel(Number(this.find(".amount").value) * Number(this.find(".unit").value));
    });
  }
}

// What a screen reader has said it should not say again.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
