// "Leave this site quickly": at once nothing of the page is on the screen, and "back" does not lead to it.
// Without this file it is a plain link.
const TIMES = 3;
const WITHIN = 5000; // milliseconds

const link = document.querySelector("[data-quick-exit]");
if (link) {
  const leave = () => {
    document.documentElement.classList.add("quick-exit-gone");
    document.title = " ";
    window.location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let pressed = 0;
  let forget;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      pressed = 0;
      return;
    }
    if (event.repeat) return;
    pressed += 1;
    clearTimeout(forget);
    forget = setTimeout(() => {
      pressed = 0;
    }, WITHIN);
    if (pressed >= TIMES) leave();
  });
}
