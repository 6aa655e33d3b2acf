// Buttons that copy a digest. Without script the digest stands there to be selected, and no button.

const said = document.querySelector("[data-copied]").dataset.copied;

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = said;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
