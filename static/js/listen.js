// "Listen to this page": the browser's own voice reads the article. The button appears only where the
// browser can speak; nothing leaves the computer.
const words = document.getElementById("listen-words").dataset;
const article = document.querySelector("[data-read-aloud]");

if (article && "speechSynthesis" in window) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = words.listen;
  (article.querySelector(".button-row") ?? article).append(button);

  let speaking = false;
  const finish = () => {
    speaking = false;
    button.textContent = words.listen;
  };

  button.addEventListener("click", () => {
    speechSynthesis.cancel();
    if (speaking) return finish();
    // A piece for each line: some browsers stop after fifteen seconds of one long text.
    const lines = [...article.querySelectorAll("h1, h2, p, dt, dd, li, strong")]
      .filter((part) => !part.closest(".button-row") && !part.querySelector("p, dd, li"))
      .map((part) => part.textContent.trim())
      .filter(Boolean);
    if (!lines.length) return;
    speaking = true;
    button.textContent = words.stop;
    lines.forEach((line, index) => {
      const piece = new SpeechSynthesisUtterance(line);
      piece.lang = document.documentElement.lang || "en-GB";
      piece.rate = 0.9;
      if (index === lines.length - 1) piece.onend = finish;
      piece.onerror = finish;
      speechSynthesis.speak(piece);
    });
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}
