/* One language switch for a whole admin form.

   Works on what the stock admin and django-modeltranslation print: every widget of a translated field carries the class
   "mt mt-field-<name>-<language>", every row "field-<name>_<language>", every table head "column-<name>_<language>".
   Nothing is moved: rows are marked with data-mt-lang and hidden by staff.css, so rows that an inline adds later (copies of
   a marked row) obey without a line of code. Languages, states and words come from the server (staff/switch.py); the source's
   changes since a translation was made stand in <template data-source-diff="name of the control" data-source="en">. */

const KEY = "staff.language";
const WIDGET = /(?:^|\s)mt-field-(.+)-([a-z]{2,3}(?:_[a-z]+)?)(?=\s|$)/;
const ROW = /(?:^|\s)(?:field|column)-(\w+)_([a-z]{2,3}(?:_[a-z]+)?)(?=\s|$)/;
const RICH = /^\s*<(?:p|h[23]|ul|ol|blockquote|table)[\s>]/;

const node = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children.filter(Boolean));
  return made;
};
const shape = (name) => {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const use = document.createElementNS(ns, "use");
  svg.setAttribute("class", `shape shape--${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("viewBox", "0 0 14 14");
  use.setAttribute("href", `#shape-${name}`);
  svg.append(use);
  return svg;
};
const hidden = (text) => node("span", { className: "visually-hidden", textContent: text });
const fill = (pattern, values) => pattern.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const counted = ({ forms, of }, count, values = {}) => fill(forms[of[count < 200 ? count : 100 + (count % 100)]], { count, ...values });
const remembered = {
  get() { try { return localStorage.getItem(KEY); } catch { return null; } },
  set(code) { try { localStorage.setItem(KEY, code); } catch { /* private mode */ } },
};

/* Rich text is read as its lines, never put into the page as HTML. */
function lines(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const br of parsed.querySelectorAll("br")) br.replaceWith("\n");
  for (const block of parsed.querySelectorAll("p, h2, h3, li, blockquote, tr, caption")) block.append("\n\n");
  return parsed.body.textContent.replace(/\s*\n\s*\n\s*/g, "\n\n").trim();
}
const said = (control) => {
  if (control.tagName === "SELECT") return control.value ? control.selectedOptions[0].text : "";
  return RICH.test(control.value) ? lines(control.value) : control.value.trim();
};

function start(form, data) {
  const words = data.words;
  const names = new Map(data.languages.map((language) => [language.code, language.name]));
  const codes = [...names.keys()];
  const chooser = form.elements.original_language;
  let original = names.has(chooser?.value) ? chooser.value : data.original;
  let source = original;
  let shown = null;

  /* Mark. A widget is sure knowledge; a name in a class is believed only when it is there in every language, so that a plain
     field called "valid_be" is not taken for Belarusian. Read-only fields and table heads have no widget. */
  const holder = (widget) => widget.closest("td, .fieldBox") || widget.closest(".form-row");
  const scopeOf = (box) => (box.closest(".inline-group")?.id || "").replace(/-group$/, "");
  function mark(root) {
    for (const widget of root.querySelectorAll(".mt")) {
      const [, name, code] = widget.className.match(WIDGET) || [];
      const box = names.has(code) && holder(widget);
      if (box) Object.assign(box.dataset, { mtLang: code, mtField: name });
      if (box && !widget.lang) widget.lang = code;
    }
    const seen = new Map();
    for (const box of root.querySelectorAll('[class*="field-"], [class*="column-"]')) {
      const [, name, code] = box.className.match?.(ROW) || [];
      if (!names.has(code) || box.dataset.mtLang || box.matches(".mt")) continue;
      const key = `${scopeOf(box)}/${box.tagName}/${name}`;
      seen.set(key, [...(seen.get(key) || []), [box, code, name]]);
    }
    for (const boxes of seen.values()) {
      if (new Set(boxes.map(([, code]) => code)).size < codes.length) continue;
      for (const [box, code, name] of boxes) Object.assign(box.dataset, { mtLang: code, mtField: name });
    }
  }

  /* A box is a row or cell with one text in one language; its control, if it may be written. The boxes of one field stand in
     one group {language: box}. */
  let groups = [];
  let groupOf = new WeakMap();
  function gather() {
    const parents = new Map();
    groups = [];
    groupOf = new WeakMap();
    for (const box of form.querySelectorAll("[data-mt-lang]:not(th)")) {
      if (box.closest(".empty-form")) continue;
      if (!parents.has(box.parentElement)) parents.set(box.parentElement, new Map());
      const fields = parents.get(box.parentElement);
      if (!fields.has(box.dataset.mtField)) groups.push(fields.set(box.dataset.mtField, new Map()).get(box.dataset.mtField));
      groupOf.set(box, fields.get(box.dataset.mtField).set(box.dataset.mtLang, box));
    }
  }
  const boxes = (code) => groups.map((group) => group.get(code)).filter(Boolean);
  const control = (box) => box?.querySelector(".mt");
  const twin = (box, code) => groupOf.get(box)?.get(code);
  const text = (box) => {
    if (control(box)) return said(control(box));
    const shownText = box.querySelector(".readonly, p")?.textContent.trim() || "";
    return /^[–-]?$/.test(shownText) ? "" : shownText;
  };
  const needed = (box) => data.required[scopeOf(box)]?.includes(box.dataset.mtField);
  const wrong = () => [...form.querySelectorAll("[data-mt-lang] .errorlist")].map((list) => list.closest("[data-mt-lang]")).filter((box) => groupOf.has(box));

  mark(form);
  gather();
  if (!form.querySelector("[data-mt-lang]")) return;

  /* The bar: a toolbar of pressed buttons with one tab stop; arrows move and choose. */
  const place = form.querySelector("[data-language-switch]");
  place.classList.add("switch");
  const bar = node("div", { className: "switch__bar" });
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.toolbar);
  const buttons = new Map();
  for (const language of data.languages) {
    const count = node("span", { className: "switch__count" });
    const name = node("span", { className: "switch__name", lang: language.code, textContent: language.name });
    const short = node("span", { className: "switch__code", textContent: language.code });
    short.setAttribute("aria-hidden", "true");
    const word = language.state && node("span", { className: `switch__state state state--${language.state}` }, shape(language.state), node("span", { textContent: language.word }));
    const readers = language.public && node("span", { className: "switch__public" }, shape(language.public), hidden(`, ${language.public_word}`));
    const low = (word || readers) && node("span", { className: "switch__low" }, word, readers);
    const button = node("button", { type: "button", className: "switch__button" }, node("span", { className: "switch__top" }, name, short, count), low);
    button.dataset.code = language.code;
    button.addEventListener("click", () => show(language.code, { remember: true }));
    buttons.set(language.code, { button, count });
    bar.append(button);
  }
  bar.addEventListener("keydown", (event) => {
    const list = [...buttons.values()].map(({ button }) => button);
    const at = list.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = list[(to + list.length) % list.length];
    next.focus();
    next.click();
  });

  const pick = node("select", { id: "switch-source" });
  function offer() {
    pick.replaceChildren(...data.languages.map(({ code, name }) => node("option", { value: code, lang: code, textContent: code === original ? fill(words.choice_original, { language: name }) : name })));
    pick.value = source;
  }
  pick.addEventListener("change", () => { source = pick.value; show(shown); });
  const hint = node("span", { className: "switch__hint" }, node("kbd", { textContent: "Alt Shift ←" }), " ", node("kbd", { textContent: "→" }), ` ${words.keys}`);
  place.append(bar, node("p", { className: "switch__beside" }, node("label", { htmlFor: pick.id, textContent: words.beside }), pick, hint));

  /* The source text beside the target: read-only, can be selected, copied with one button. */
  function pair(box) {
    box.querySelector(":scope > .mt-source")?.remove();
    box.classList.remove("mt-paired");
    const from = twin(box, source);
    if (!from || shown === source) return;
    const [target, given, reading] = [control(box), control(from), text(from)];
    const changes = target && given && given.value === given.defaultValue
      && document.querySelector(`template[data-source-diff="${CSS.escape(target.name)}"][data-source="${source}"]`);
    const about = [source === original && "original", !reading ? "empty" : changes && "changed"].filter(Boolean).join("_");
    const head = node("p", { className: "mt-source__head" }, node("span", { lang: source, textContent: names.get(source) }), about && node("span", { className: "quiet", textContent: words[about] }));
    const panel = node("div", { className: "mt-source" }, head);
    const body = reading && node("div", { className: "mt-source__text", lang: source }, changes ? changes.content.cloneNode(true) : reading);
    if (body) panel.append(body);
    if (body && target && given) {
      const copy = node("button", { type: "button", className: "link", textContent: words.copy });
      copy.setAttribute("aria-label", fill(words.copy_of, { field: plain(box) }));
      copy.addEventListener("click", () => {
        target.focus();
        if (target.setRangeText) target.setRangeText(given.value, 0, target.value.length, "end");
        else target.value = given.value;
        for (const type of ["input", "change"]) target.dispatchEvent(new Event(type, { bubbles: true }));
      });
      head.append(copy);
    }
    box.prepend(panel);
    box.classList.add("mt-paired");
  }
  /* Narrow: a long source scrolls, so it needs a stop and a name. Measured for all at once: each measure costs a layout. */
  function reach() {
    const long = [...form.querySelectorAll(".mt-source__text")].filter((body) => body.scrollHeight > body.clientHeight + 1);
    for (const body of long) {
      body.tabIndex = 0;
      body.setAttribute("role", "group");
      body.setAttribute("aria-label", fill(words.source, { language: names.get(source) }));
    }
  }

  /* A text counts where the original has one, where one is asked for, or where somebody wrote one all the same. */
  function count() {
    const tally = new Map(codes.map((code) => [code, { filled: 0, total: 0, errors: 0 }]));
    for (const group of groups) {
      const texts = new Map([...group].map(([code, box]) => [code, text(box)]));
      const asked = needed(group.values().next().value);
      for (const [code, written] of texts) {
        tally.get(code).total += texts.get(original) || asked || written ? 1 : 0;
        tally.get(code).filled += written ? 1 : 0;
      }
    }
    for (const box of wrong()) tally.get(box.dataset.mtLang).errors += 1;
    for (const [code, { filled, total, errors }] of tally) {
      const { button, count: target } = buttons.get(code);
      const figures = node("span", { textContent: `${filled}/${total}` });
      figures.setAttribute("aria-hidden", "true");
      target.replaceChildren(figures, hidden(`, ${counted(words.filled, total, { filled })}, `));
      button.classList.toggle("switch__button--error", errors > 0);
      button.querySelector(".switch__error")?.remove();
      if (errors) button.append(node("span", { className: "switch__error" }, shape("error"), counted(words.errors, errors)));
    }
  }

  function show(code, { remember = false } = {}) {
    if (!buttons.has(code)) return;
    shown = code;
    form.dataset.mtShow = code;
    form.classList.toggle("mt-single", code === source);
    for (const [other, { button }] of buttons) {
      button.setAttribute("aria-pressed", String(other === code));
      button.tabIndex = other === code ? 0 : -1;
    }
    for (const old of form.querySelectorAll(".mt-source")) old.remove();
    for (const box of boxes(code)) pair(box);
    reach();
    if (remember) {
      remembered.set(code);
      const address = new URL(location.href);
      address.searchParams.delete("lang");
      address.hash = code;
      history.replaceState(null, "", address);
    }
    form.dispatchEvent(new CustomEvent("language:shown", { detail: { code, source, original } }));
  }

  /* "Title [kk]:" becomes "Title Қазақша" and the state of the text; without script the first says enough. */
  const plain = (box) => box.querySelector("[data-plain]")?.dataset.plain || box.dataset.label || "";
  function labels(root) {
    for (const label of root.querySelectorAll("[data-mt-lang] label, th[data-mt-lang]")) {
      const found = [...label.childNodes].find((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
      if (!found || label.dataset.plain) continue;
      const box = label.closest("[data-mt-lang]");
      label.dataset.plain = found.data.replace(/\s*\[[\w-]+\]/, "").replace(/:\s*$/, "").trim();
      found.data = label.dataset.plain;
      label.append(" ", node("span", { className: "mt-label", lang: box.dataset.mtLang, textContent: names.get(box.dataset.mtLang) }));
      const own = data.fields[control(box)?.name];
      if (own && own.state !== "original") label.append(node("span", { className: `mt-state state state--${own.state}` }, shape(own.state), node("span", { textContent: own.word })));
    }
  }
  function legends() { // of conflicts, where they stand
    for (const legend of form.querySelectorAll(".conflict legend")) {
      const [whole, name, code] = legend.textContent.match(/^(.*?)\s*\[(\w+)\]\s*$/s) || [];
      if (whole && names.has(code)) legend.replaceChildren(`${name} `, node("span", { lang: code, textContent: names.get(code) }));
    }
  }
  function ask() {
    for (const box of form.querySelectorAll("[data-mt-lang]")) {
      if (!needed(box)) continue;
      const here = box.dataset.mtLang === original;
      box.querySelector("label")?.classList.toggle("required", here);
      if (here) control(box)?.setAttribute("aria-required", "true");
      else control(box)?.removeAttribute("aria-required");
    }
  }

  /* The error note gets one link per error; a link changes the language and goes to the field. */
  function listErrors() {
    const note = form.querySelector(".errornote");
    const list = node("ul", { className: "errorjump" });
    for (const errors of note ? form.querySelectorAll(".form-row .errorlist, td .errorlist") : []) {
      const box = errors.closest("[data-mt-lang], td, .form-row");
      const field = box.querySelector(".mt, input:not([type=hidden]), textarea, select");
      if (!field || box.closest(".empty-form")) continue;
      const code = box.dataset.mtLang;
      const label = form.querySelector(`label[for="${CSS.escape(field.id)}"]`);
      const name = label?.dataset.plain || label?.textContent.replace(/:\s*$/, "") || box.dataset.label || field.name;
      const link = node("a", { href: `#${field.id}`, textContent: name.trim() });
      link.addEventListener("click", (event) => {
        event.preventDefault();
        if (code) show(code);
        field.focus();
      });
      list.append(node("li", {}, link, code && node("span", { lang: code, textContent: ` ${names.get(code)}` }), `: ${errors.textContent.trim()}`));
    }
    if (list.children.length) note.after(list);
  }

  form.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-mt-lang]");
    if (!box) return;
    count();
    const other = box.dataset.mtLang === source && shown !== source && twin(box, shown);
    if (other) pair(other);
    if (other) reach();
  });
  form.addEventListener("keydown", (event) => {
    if (!event.altKey || !event.shiftKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const box = event.target.closest?.("[data-mt-lang]");
    if (!box) return;
    event.preventDefault();
    const at = codes.indexOf(box.dataset.mtLang);
    const code = codes[(at + (event.key === "ArrowRight" ? 1 : codes.length - 1)) % codes.length];
    show(code, { remember: true });
    control(twin(box, code))?.focus();
  });
  chooser?.addEventListener("change", () => {
    if (!names.has(chooser.value)) return;
    if (source === original) source = chooser.value;
    original = chooser.value;
    offer();
    ask();
    count();
    show(shown);
  });
  document.addEventListener("formset:added", (event) => {
    if (!form.contains(event.target)) return;
    mark(event.target);
    labels(event.target);
    gather();
    count();
    show(shown);
  });
  document.addEventListener("formset:removed", () => {
    gather();
    count();
  });
  window.addEventListener("hashchange", () => show(location.hash.slice(1)));

  offer();
  labels(form);
  legends();
  ask();
  listErrors();
  count();
  form.classList.add("mt-ready");
  const asked = new URLSearchParams(location.search).get("lang") || location.hash.slice(1);
  show([wrong()[0]?.dataset.mtLang, asked, remembered.get(), original].find((code) => buttons.has(code)));
}

const given = document.getElementById("language-switch-data");
if (given) start(given.closest("form"), JSON.parse(given.textContent));
