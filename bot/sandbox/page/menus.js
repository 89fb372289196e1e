// Small menus made of <details>: one is open at a time, a choice or a click elsewhere or Escape closes it.

const all = () => [...document.querySelectorAll("details.menu")];

export function closeMenus(except = null) {
  for (const menu of all()) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => {
  const chosen = event.target.closest(".sheet button, .sheet a");
  closeMenus(chosen ? null : event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  all().find((menu) => menu.open)?.querySelector("summary").focus();
  closeMenus();
});
