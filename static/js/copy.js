// "Copy the address": a button in every element with data-copy, where the browser can copy.
for (const place of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary govuk-!-margin-bottom-1";
  button.textContent = place.dataset.copyLabel;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(place.dataset.copy);
    said.textContent = ` ${place.dataset.copied}`;
  });
  place.append(button, said);
}
