/* The search, loaded when a reader opens it: one view, for the dialog and for the search page. Pagefind finds; this file
   shows, keeps the query in the address, and mends misspelt words. No text of the index ever becomes markup. Publishing
   puts the texts of the site's language in the place of STRINGS. */
const FACETS = ["topic", "tag", "author", "year"];
const FACET_NAMES = { topic: STRINGS.topic, tag: STRINGS.tag, author: STRINGS.author, year: STRINGS.year };
const PAGE_SIZE = 8;
const FACET_SIZE = 8;
const PAUSE_MS = 120;
const TRIED_TERMS = 3; // each may load a part of the index
const NOTHING = { results: [], filters: {}, totalFilters: {} }; // as Pagefind answers

let loading;
/** The index; its first use loads it. The bundle lies beside the folder of this file. */
const pagefind = () => loading ??= import(new URL("../pagefind/pagefind.js", import.meta.url)).then(async (engine) => {
  await engine.options({ excerptLength: 26 });
  return engine;
}).catch((error) => {
  loading = undefined; // A reader who was offline may try again.
  throw error;
});

const element = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

/** Text and <mark> of an excerpt, whatever else it may hold. */
const marked = (excerpt) => {
  const parsed = new DOMParser().parseFromString(excerpt, "text/html").body;
  return [...parsed.childNodes].map((node) =>
    node.nodeName === "MARK" ? element("mark", { textContent: node.textContent }) : node.textContent);
};

/** A text with its gaps, as "{query}", filled. */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The number of letters to insert, delete, replace or swap to make one word of another. */
const distance = (from, to) => {
  let before = [];
  let row = [...Array(to.length + 1).keys()];
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, row[j] + 1, next[j - 1] + 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwap) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[to.length];
};

/** The same, but `term` may go on where the reader stopped typing. */
const distanceSoFar = (word, term) => Math.min(...[-1, 0, 1, term.length].map((more) => distance(word, term.slice(0, Math.max(1, word.length + more)))));

/** The words of titles and terms, those of most articles first; none where they cannot be had. */
let known;
const vocabulary = () => known ??= fetch(new URL("../search/words.txt", import.meta.url))
  .then((response) => response.ok ? response.text() : "")
  .then((text) => text.split(" "), () => []);

/** The words that find nearly every article, as the index spells them; to look one up would cost more than all else. */
let common;
const commonWords = () => common ??= fetch(new URL("../pagefind/common.json", import.meta.url))
  .then((response) => response.ok ? response.json() : {})
  .then((all) => all[document.documentElement.lang.toLowerCase()] ?? [], () => []);

/** Whether a word is one of those, or so short that it only begins one. The index has "veri" for "very", "becaus" for "because". */
const isCommon = (word, terms) => {
  const spellings = [word, word.replace(/y$/, "i"), word.length > 5 ? word.replace(/e$/, "") : word];
  return terms.some((term) => spellings.includes(term) || (word.length < 3 && term.startsWith(word)));
};

/** The terms that `word` may be meant for, nearest first, then those of most articles. */
const nearTerms = (word, terms) => {
  const allowed = word.length < 5 ? 1 : 2;
  const near = terms.map((term) => ({ term, steps: distanceSoFar(word, term) })).filter(({ steps }) => steps <= allowed);
  near.sort((a, b) => a.steps - b.steps);
  return near.slice(0, TRIED_TERMS).map(({ term }) => term);
};

/** Guesses at what was meant by `word`: two letters swapped, one left out, and at last its beginning alone. */
const guesses = (word) => {
  const swapped = [...word].slice(1).map((letter, i) => word.slice(0, i) + letter + word[i] + word.slice(i + 2));
  const shortened = [...word].map((_, i) => word.slice(0, i) + word.slice(i + 1));
  const beginnings = [...word].map((_, i) => word.slice(0, -i - 1)).filter((start) => start.length >= Math.max(3, word.length / 2));
  return [...new Set([...swapped, ...shortened, ...beginnings])];
};

/** The words for which an article was found: Pagefind also answers with words that only begin alike. */
const matchedWords = (article) => {
  const spoken = article.content.split(/\s+/);
  return words([...article.locations.map((place) => spoken[place]), ...Object.values(article.meta)].join(" "));
};

const isKnown = (word, matched) => matched.some((found) => {
  const length = [...word].findIndex((letter, i) => letter !== found[i]);
  return length < 0 || length >= Math.max(3, word.length - 3);
});

/** The first of the vocabulary's `terms` by which an article is found, or "". */
const firstKnown = async (engine, terms) => {
  for (const term of terms) if ((await engine.search(term)).results.length) return term;
  return "";
};

/** The word of an article that is nearest to `word` and begins as one of the guesses at it, or "". */
const nearestWord = async (engine, word, left) => {
  for (const guess of guesses(word).filter((guess) => !isCommon(guess, left))) {
    const { results } = await engine.search(guess);
    if (!results.length) continue;
    const alike = matchedWords(await results[0].data()).filter((found) => found.startsWith(guess));
    alike.sort((a, b) => distance(word, a) - distance(word, b));
    if (alike.length) return alike[0];
  }
  return "";
};

/** The query with each of its `unknown` words spelt as the index has it, or left out where no spelling is found. */
const mended = async (engine, query, unknown) => {
  const left = await commonWords(); // what costs too much to be looked up is not tried either
  const terms = (await vocabulary()).filter((term) => !isCommon(term, left));
  const spelt = [];
  for (const word of words(query)) {
    if (unknown.includes(word)) {
      spelt.push(await firstKnown(engine, nearTerms(word, terms)) || await nearestWord(engine, word, left));
    } else {
      spelt.push(word);
    }
  }
  return spelt.filter(Boolean).join(" ");
};

/** The box of the dialog; the search page brings its own. */
const searchBox = (close) => element("form", { className: "search-box", action: document.querySelector("[data-search]").href, role: "search" },
  element("label", {},
    element("span", { className: "visually-hidden", textContent: STRINGS.search }),
    element("input", { type: "search", name: "q", autocomplete: "off", placeholder: STRINGS.search })),
  element("button", { type: "button", textContent: STRINGS.close, onclick: close }));

class SearchView {
  constructor(root) {
    this.root = root;
    this.latest = 0;
    this.boxes = new Map();
    this.form = root.querySelector("form");
    this.input = root.querySelector("input");
    this.status = element("p", { className: "search-status", role: "status" });
    this.list = element("ol", { className: "results" });
    this.more = element("button", { type: "button", className: "more", textContent: STRINGS.more_results, hidden: true });
    this.groups = element("div", { className: "facet-groups" });
    this.facets = element("details", { className: "facets", hidden: true },
      element("summary", { textContent: STRINGS.filter }), this.groups);
    root.append(element("div", { className: "search-body" }, this.status, this.facets, this.list, this.more));
    this.listen();
    this.read();
  }

  listen() {
    let timer;
    this.input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.search(), PAUSE_MS);
    });
    this.input.addEventListener("keydown", () => pagefind().catch(() => {}), { once: true });
    this.more.addEventListener("click", () => this.extend());
    this.facets.addEventListener("toggle", () => this.facets.open && this.search());
    this.groups.addEventListener("change", () => this.search());
    this.root.addEventListener("keydown", (event) => this.move(event));
    if (!this.root.closest("dialog")) this.form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Arrow keys walk from the box through the results and back. */
  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [this.input, ...this.list.querySelectorAll("a")];
    const target = stops[stops.indexOf(document.activeElement) + step];
    if (!stops.includes(document.activeElement) || !target) return;
    event.preventDefault();
    target.focus();
  }

  /** Takes the query and the facets from the address. */
  read() {
    const parameters = new URLSearchParams(location.search);
    this.input.value = parameters.get("q") ?? "";
    this.chosen = new Map(FACETS.map((facet) => [facet, new Set(parameters.getAll(facet))]));
    if (FACETS.some((facet) => this.chosen.get(facet).size)) this.facets.open = true;
    if (this.input.value || this.facets.open) this.search();
  }

  write() {
    const address = new URL(location.href);
    const parameters = new URLSearchParams();
    if (this.input.value.trim()) parameters.set("q", this.input.value.trim());
    for (const [facet, values] of this.chosen) values.forEach((value) => parameters.append(facet, value));
    address.search = parameters;
    history.replaceState(history.state, "", address);
  }

  clearAddress() {
    history.replaceState(history.state, "", location.pathname + location.hash);
  }

  async search() {
    const turn = ++this.latest;
    for (const box of this.boxes.values()) this.chosen.get(box.name)[box.checked ? "add" : "delete"](box.value);
    this.write();
    const query = this.input.value.trim();
    const filters = {};
    for (const [facet, values] of this.chosen) if (values.size) filters[facet] = { any: [...values] };
    if (!query && !Object.keys(filters).length) return this.show([], NOTHING, "");
    try {
      const engine = await pagefind();
      if (this.facets.open) await engine.filters();
      const found = await this.find(engine, query, filters);
      if (turn === this.latest) this.show(...found);
    } catch (error) {
      this.status.textContent = STRINGS.search_failed;
      throw error;
    }
  }

  /** The first articles, Pagefind's response, and what to say of it; words that are in nearly all of them are not asked for. */
  async find(engine, typed, filters) {
    const terms = typed.includes("\"") ? [] : await commonWords(); // in a phrase every word has its place
    const common = words(typed).filter((word) => isCommon(word, terms));
    if (!common.length) return this.lookUp(engine, typed, filters);
    const query = words(typed).filter((word) => !common.includes(word)).join(" ");
    const left = { words: common.join(" ") };
    if (!query && !Object.keys(filters).length) return [[], NOTHING, fill(STRINGS.too_common, left)];
    const [articles, response, status] = await this.lookUp(engine, query, filters);
    return [articles, response, `${status.replace(/\.?$/, ".")} ${fill(STRINGS.left_out, left)}`];
  }

  async lookUp(engine, query, filters) {
    const asked = async (words) => {
      const response = await engine.search(words || null, { filters });
      return [await Promise.all(response.results.slice(0, PAGE_SIZE).map((result) => result.data())), response];
    };
    const [articles, response] = await asked(query);
    const matched = articles.flatMap(matchedWords);
    const unknown = words(query).filter((word) => !isKnown(word, matched));
    if (!unknown.length || (!articles.length && response.unfilteredResultCount)) return [articles, response, this.amount(response)];
    const spelling = await mended(engine, query, unknown);
    if (spelling && spelling !== query) {
      const better = await asked(spelling);
      if (better[0].length) return [...better, fill(STRINGS.mended, { query, spelling, results: this.amount(better[1]) })];
    }
    if (articles.length) return [articles, response, fill(STRINGS.come_near, { query, results: this.amount(response) })];
    return [articles, response, fill(STRINGS.nothing_found, { query })];
  }

  amount({ results }) {
    const { one, other } = STRINGS.results;
    return fill(results.length === 1 ? one : other, { count: results.length });
  }

  show(articles, response, status) {
    this.rest = response.results.slice(PAGE_SIZE);
    this.list.replaceChildren(...articles.map((article) => this.result(article)));
    this.more.hidden = !this.rest.length;
    this.status.textContent = status;
    this.facets.hidden = !articles.length && !this.facets.open;
    if (this.facets.open) this.count(response);
  }

  result(article) {
    const { title, topic, author, date } = article.meta;
    const line = [topic, author, date].filter(Boolean).join(" · ");
    return element("li", {},
      element("p", { className: "kicker", textContent: line }),
      element("a", { href: article.url, textContent: title }),
      element("p", {}, "… ", ...marked(article.excerpt), " …"));
  }

  async extend() {
    const page = await Promise.all(this.rest.splice(0, PAGE_SIZE).map((result) => result.data()));
    const added = page.map((article) => this.result(article));
    this.list.append(...added);
    this.more.hidden = !this.rest.length;
    added[0]?.querySelector("a").focus();
  }

  /** Writes the facets with their counts; a facet in use keeps offering its other values. */
  count({ filters, totalFilters }) {
    for (const facet of FACETS) {
      const counts = (this.chosen.get(facet).size ? totalFilters : filters)[facet] ?? {};
      const ranked = Object.entries(counts).filter(([value, count]) => count || this.chosen.get(facet).has(value));
      ranked.sort(facet === "year" ? ([a], [b]) => b.localeCompare(a) : ([a, m], [b, n]) => n - m || a.localeCompare(b));
      this.group(facet, ranked.slice(0, FACET_SIZE));
    }
  }

  group(facet, ranked) {
    let set = this.groups.querySelector(`[name=${facet}-group]`);
    if (!set) {
      set = element("fieldset", { name: `${facet}-group` }, element("legend", { textContent: FACET_NAMES[facet] }));
      this.groups.append(set);
    }
    const focused = document.activeElement;
    const labels = ranked.map(([value, count]) => {
      const key = `${facet}:${value}`;
      const box = this.boxes.get(key) ?? element("input", { type: "checkbox", name: facet, value });
      box.checked = this.chosen.get(facet).has(value);
      this.boxes.set(key, box);
      return element("label", {}, box, element("span", {}, `${value} `, element("span", { className: "count", textContent: count })));
    });
    set.replaceChildren(set.firstElementChild, ...labels);
    set.hidden = !labels.length;
    if (set.contains(focused)) focused.focus();
  }
}

let sheet;
/** The search's own style sheet is there, or cannot be had. */
const styled = () => sheet ??= new Promise((settle) => {
  const href = document.querySelector("[data-search-style]").dataset.searchStyle;
  document.head.append(element("link", { rel: "stylesheet", href, onload: settle, onerror: settle }));
});

let dialog;

/** Opens the dialog; what was typed before is still in it. */
export const open = async () => {
  await styled();
  if (!dialog) {
    dialog = element("dialog", { className: "search-dialog", ariaLabel: STRINGS.search });
    dialog.append(searchBox(() => dialog.close()));
    document.body.append(dialog);
    const view = new SearchView(dialog);
    dialog.addEventListener("close", () => view.clearAddress());
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // In a search box the key would only empty the box.
      dialog.close();
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
  if (!dialog.open) dialog.showModal();
  pagefind().catch(() => {}); // so that it is there with the first word
  dialog.querySelector("input").focus();
};

/** Makes the search page's box search as a reader types. */
export const mount = (root) => new SearchView(root);
