/**
 * Makes the frame that Streamlit draws around the pages Danish. Streamlit cannot be translated (streamlit/streamlit#1353),
 * so its built-in English is replaced as it appears. What people and pages have written is left alone:
 * only whole, known strings are replaced, short words never inside content, and typed text never.
 *
 * `dictionary` is danish.json:
 *   sentences, sentence_patterns   long enough to be recognised anywhere, also inside Markdown
 *   texts, text_patterns           replaced outside content only
 *   label_patterns                 replaced in attributes only
 *   months                         names for "{month:…}" in a replacement
 *
 * No "<" may be followed by a letter, "/" or "!" in this file: Streamlit's sanitiser would drop the script.
 */
function danishFrame(dictionary) {
  "use strict";
  if (window.danishFrameInstalled) return;
  window.danishFrameInstalled = true;

  const ATTRIBUTES = ["aria-label", "aria-valuetext", "aria-roledescription", "title", "placeholder", "alt"];
  // Typed text, code, data and file names.
  const UNTOUCHED =
    "script, style, textarea, pre, code, svg, [contenteditable='true'], [data-testid='stText'], [data-testid='stTable']," +
    " [data-testid='stJson'], [data-testid='stMetricValue'], [data-testid='stMetricDelta']," +
    " [data-testid='stFileChipName'], [data-tag]";
  // Streamlit's own labels among them: fields, the cross on a chosen value, axes of a chart.
  const LABELLED = "textarea, [data-tag] button, [role='spinbutton'], [aria-roledescription]";
  // What pages write: a short word here belongs to the page.
  const CONTENT = "[data-testid='stMarkdownContainer'], [data-testid^='stTopNav'], [data-testid^='stSidebarNavLink']";
  // Labels that Streamlit itself draws as Markdown.
  const FRAME_IN_CONTENT =
    "[data-testid='stFileUploaderDropzone'] button, [data-testid='stTooltipContent'], [data-testid='stTooltipErrorContent']," +
    " [data-testid='stElementToolbar'], [data-testid='stStatusWidget'], [data-testid='stMainMenuPopover'], [role='tooltip']";
  // A list holds the page's options and, among them, some of Streamlit's own. An empty list's note has no key.
  const OPTION = "[role='option'][data-key]";
  const OWN_OPTION = /^(Select all|Add: .+|Select \d+ matches)$/;

  const compiled = (pairs) => pairs.map(([source, danish]) => [new RegExp(source), danish]);
  const sentencePatterns = compiled(dictionary.sentence_patterns);
  const textPatterns = compiled(dictionary.text_patterns);
  const labelPatterns = compiled(dictionary.label_patterns);

  const month = (_, name) => dictionary.months[name] ?? name;

  /** The Danish of `text`, with its white space kept, or `text` itself where nothing matches. */
  function danish(text, words, patterns) {
    const core = text.trim();
    if (core.length === 0 || core.length > 400) return text;
    for (const list of words) {
      if (Object.hasOwn(list, core)) return text.replace(core, () => list[core]);
    }
    for (const [pattern, replacement] of patterns) {
      if (pattern.test(core)) {
        return text.replace(core, () => core.replace(pattern, replacement).replace(/\{month:(\w+)\}/g, month));
      }
    }
    if (core.startsWith("Error: ")) return text.replace(core, () => "Fejl: " + danish(core.slice(7), words, patterns));
    return text;
  }

  /** Whether `element` belongs to what the page has written. */
  function isContent(element) {
    const content = element.closest(CONTENT);
    return content !== null && element.closest(FRAME_IN_CONTENT) === null;
  }

  function translateText(node) {
    const parent = node.parentElement;
    if (parent === null || !/[A-Za-z]/.test(node.data) || parent.closest(UNTOUCHED)) return;
    const option = parent.closest(OPTION) !== null && !OWN_OPTION.test(node.data.trim());
    const translated =
      option || isContent(parent)
        ? danish(node.data, [dictionary.sentences], sentencePatterns)
        : danish(node.data, [dictionary.sentences, dictionary.texts], sentencePatterns.concat(textPatterns));
    if (translated !== node.data) node.data = translated;
  }

  function translateAttribute(element, name) {
    const value = element.getAttribute(name);
    if (value === null || element.closest(OPTION)) return;
    if (element.closest(UNTOUCHED) && !element.matches(LABELLED)) return;
    // Markdown can give a picture an alt and a link a title, but nothing an aria-label.
    if (name !== "aria-label" && isContent(element)) return;
    const known = [dictionary.sentences, dictionary.texts];
    let translated = danish(value, known, sentencePatterns.concat(textPatterns, labelPatterns));
    // The buttons over a table or chart are called "Download as CSV: " and what the page calls it.
    const [, button, rest] = (element.closest("[data-testid='stElementToolbar']") && /^([^:]+)(: .*)$/.exec(value)) || [];
    if (button !== undefined) translated = danish(button, known, []) + rest;
    if (translated !== value) element.setAttribute(name, translated);
  }

  /** The narrow menu puts sections straight into a list (axe: list, listitem); its links lie in a named landmark anyway. */
  function repairList(element) {
    const list = element.closest("ul[data-testid='stSidebarNavItems']:has(> div)");
    if (list === null) return;
    for (const part of [list, ...list.querySelectorAll("li")]) part.setAttribute("role", "presentation");
  }

  function translateTree(root) {
    if (root.nodeType === Node.TEXT_NODE) return translateText(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = root; node !== null; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) translateText(node);
      else {
        for (const name of ATTRIBUTES) if (node.hasAttribute(name)) translateAttribute(node, name);
        repairList(node);
      }
    }
  }

  /** Dates, numbers and calendars follow the page's language, not the browser's (WCAG 3.1.1: one language of the page). */
  function useDanishLocale() {
    document.documentElement.lang = "da";
    if (navigator.language.startsWith("da")) return;
    Object.defineProperty(navigator, "language", { get: () => "da-DK", configurable: true });
    Object.defineProperty(navigator, "languages", { get: () => ["da-DK", "da"], configurable: true });
    window.dispatchEvent(new Event("languagechange"));
  }

  /**
   * Streamlit runs a page again on a lone "r" (WCAG 2.1.4: single-key shortcuts must be possible to turn off).
   * Its listener sits on `document`; a key pressed on the page passes everything below that first, so that
   * lists, tables and fields still get it, and stops here.
   */
  function disarmSingleKeys() {
    const typed = "input, textarea, select, [contenteditable='true']";
    const stop = (event) => {
      const printable = event.key?.length === 1 && event.key !== " ";
      if (!printable || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(typed)) return;
      event.stopPropagation();
    };
    for (const type of ["keydown", "keypress"]) document.documentElement.addEventListener(type, stop);
  }

  function observe() {
    const observer = new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "characterData") translateText(change.target);
        else if (change.type === "attributes") translateAttribute(change.target, change.attributeName);
        else change.addedNodes.forEach(translateTree);
      }
    });
    observer.observe(document.documentElement, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ATTRIBUTES,
    });
    translateTree(document.documentElement);
  }

  useDanishLocale();
  disarmSingleKeys();
  observe();
}
