/* Runs as soon as it is there: from the cache, that is before the first paint, so that a chosen theme does not flash. All
   else waits for the reader's hand. */
(() => {
  const root = document.documentElement;
  const themes = ["system", "light", "dark"];
  const show = (theme) => theme === "system" ? delete root.dataset.theme : (root.dataset.theme = theme);
  const stored = (...value) => {
    try {
      return value.length ? localStorage.setItem("theme", value[0]) : localStorage.getItem("theme");
    } catch {
      return null; // Storage may be forbidden; the switch then lasts for the page.
    }
  };
  if (themes.includes(stored())) show(stored());

  const searchLink = () => document.querySelector("[data-search]");
  const search = () => import(new URL(searchLink().dataset.search, document.baseURI));

  const copy = async (button) => {
    const label = button.textContent;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = STRINGS.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  };

  const openSearch = (event) => {
    if (document.querySelector("[data-search-page]")) {
      const input = document.querySelector("[data-search-page] input");
      if (!input) return;
      event.preventDefault();
      input.focus();
      return;
    }
    event.preventDefault();
    search().then((module) => module.open(), () => location.assign(searchLink().href));
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) {
      const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
      show(next);
      stored(next);
    }
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (plain && event.target.closest("[data-search]")) openSearch(event);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (slash || chord) openSearch(event);
  });

  // A page on its way is fetched while the pointer rests on its link.
  document.addEventListener("pointerover", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || link.pathname === location.pathname || navigator.connection?.saveData) return;
    if (!link.pathname.endsWith("/") || document.head.querySelector(`link[rel=prefetch][href="${CSS.escape(link.href)}"]`)) return;
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: link.href }));
  });

  const begin = () => {
    const page = document.querySelector("[data-search-page]");
    if (page) search().then((module) => module.mount(page));
    else if (new URLSearchParams(location.search).has("q")) search().then((module) => module.open());
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
