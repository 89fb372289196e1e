// What happens at the emulator, as one stream for all phones and the machine room: browsers allow few connections.

export class Feed {
  // `to` has onChat, onMessage, onToast, onStanding (each with the chat's id first), onMachine, onOpen and onLost.
  constructor(to) {
    this.to = to;
  }

  watch(userIds) {
    this.source?.close();
    this.source = new EventSource(`/_sandbox/stream?user_id=${[...new Set(userIds)].join(",")}`);
    const hear = (name, reaction) =>
      this.source.addEventListener(name, (event) => reaction(JSON.parse(event.data)));
    hear("chat", (chat) => this.to.onChat(chat.user.id, chat));
    hear("message", (message) => this.to.onMessage(message.chat_id, message));
    hear("toast", (toast) => this.to.onToast(toast.chat_id, toast));
    hear("standing", ({ chat_id }) => this.to.onStanding(chat_id));
    hear("machine", (machine) => this.to.onMachine(machine));
    this.source.addEventListener("open", () => this.to.onOpen());
    this.source.addEventListener("error", () => this.to.onLost());
  }
}
