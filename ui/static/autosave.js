// What is typed in a field of an attempt is sent when one pauses, not only when one leaves the field: a closed tab loses nothing
// but the last second. The keys are those that Streamlit itself sends on: Enter in a line, Ctrl+Enter in a larger field.
(() => {
  if (window.attemptAutosave) return;
  window.attemptAutosave = true;
  const PAUSE = 1200;
  let waiting = 0;
  const send = (field) => {
    const lines = field.tagName === "TEXTAREA";
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: lines, bubbles: true }));
  };
  const written = (field) =>
    field &&
    (field.tagName === "TEXTAREA" ||
      (field.tagName === "INPUT" && field.type === "text" && field.getAttribute("role") !== "combobox")) &&
    field.closest('[class*="st-key-item_"]');
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!written(field)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => send(field), PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    const field = document.activeElement;
    if (document.visibilityState === "hidden" && written(field)) send(field);
  });
})();
