/* Small helps of every admin form: what is unsaved, names for the controls in tables, the choice after a conflict.
   The words come from the server (staff/switch.py). */

const given = document.getElementById("staff-form-words");
const form = given.closest("form");
const words = JSON.parse(given.textContent);
const counted = ({ forms, of }, count) => forms[of[count < 200 ? count : 100 + (count % 100)]].replaceAll("%(count)s", count);

/* What differs from what the server sent. After a refused save that is no measure: nothing of it is saved. */
const note = form.querySelector("[data-unsaved]");
if (note) {
  const refused = Boolean(form.querySelector(".errornote, [data-conflict]"));
  const changed = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (!field.options) return field.value !== field.defaultValue;
    const options = [...field.options];
    const sent = options.filter((option) => option.defaultSelected);
    if (!sent.length && !field.multiple) return field.selectedIndex > 0;
    return options.some((option) => option.selected !== option.defaultSelected);
  };
  const counts = (field) => field.name && !field.disabled && !["hidden", "submit", "button"].includes(field.type) && !field.closest(".empty-form");
  const unsaved = () => [...form.elements].filter((field) => counts(field) && changed(field)).length;
  const tell = () => {
    const count = unsaved();
    const text = count ? counted(words.unsaved, count) : refused ? words.refused : words.saved;
    if (note.textContent !== text) note.textContent = text;
  };
  let leaving = false;
  for (const type of ["input", "change", "focusin"]) form.addEventListener(type, tell);
  window.django?.jQuery(form).on("change", tell); // autocompletes speak through jQuery alone
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && (refused || unsaved())) event.preventDefault(); });
  tell();
}

/* Stock tabular inlines print controls without a label and an empty table head. Give each cell its column's name: to the control
   for those who listen, to the cell for staff.css to show on a phone. The row that new rows are copied from gets it too. */
for (const table of form.querySelectorAll(".tabular table")) {
  const heads = [...table.tHead.rows[0].cells];
  if (!heads[0].textContent.trim()) heads[0].append(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: words.record }));
  for (const row of table.querySelectorAll("tr.form-row")) {
    heads.forEach((head, place) => {
      const label = (head.dataset.plain || head.textContent).replace(/\s*\[\w+\]/, "").trim();
      if (place && label && row.cells[place]) row.cells[place].dataset.label = label;
    });
  }
}
const nameOf = (control) => {
  const label = control.labels?.[0] || control.closest(".form-row:not(tr)")?.querySelector("label");
  return control.closest("td")?.dataset.label || label?.dataset.plain || label?.textContent.replace(/:\s*$/, "").trim() || "";
};
for (const control of form.querySelectorAll("td :is(input, select, textarea), .form-row :is(input, select, textarea)")) {
  if (control.type === "hidden" || control.labels?.length || control.getAttribute("aria-label")) continue;
  const part = control.previousSibling?.nodeType === Node.TEXT_NODE ? control.previousSibling.data.trim() : ""; // "Date:", "Time:"
  if (nameOf(control)) control.setAttribute("aria-label", `${nameOf(control)} ${part}`.replace(/:?\s*$/, ""));
}

/* Autocompletes are drawn by a library that names neither its boxes nor the field it searches with, and whose "remove all" stands
   where only list items may. */
for (const select of form.querySelectorAll("select.admin-autocomplete[multiple]")) select.dataset.allowClear = "false";
function nameAutocompletes() {
  for (const select of form.querySelectorAll("select.select2-hidden-accessible")) {
    const name = nameOf(select);
    for (const part of select.nextElementSibling?.querySelectorAll('[role="combobox"], [role="textbox"], .select2-search__field') || []) {
      part.setAttribute("aria-label", name);
      if (part.getAttribute("role") === "combobox") part.removeAttribute("aria-labelledby");
    }
  }
}
const jQuery = window.django?.jQuery;
jQuery?.(() => { // after the library's own beginning
  nameAutocompletes();
  document.addEventListener("formset:added", nameAutocompletes);
  jQuery(form).on("select2:open", (event) => {
    const [name, drawn] = [nameOf(event.target), event.target.nextElementSibling];
    const box = drawn.querySelector('[role="combobox"]');
    box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
    for (const part of document.querySelectorAll("body > .select2-container--open")) {
      part.setAttribute("role", "region");
      for (const inner of [part, ...part.querySelectorAll(".select2-search__field, .select2-results__options")]) inner.setAttribute("aria-label", name);
    }
  });
});

/* Drawn by the stock scripts when the page is loaded: the calendars, the clocks, the two lists of a choice of many. */
window.addEventListener("load", () => {
  for (const icon of form.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
  for (const box of document.querySelectorAll(".calendarbox, .clockbox")) {
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", box.matches(".clockbox") ? words.clock : words.calendar);
  }
});

/* Two people changed one text: the chosen one is put into its field, where it can still be edited. */
for (const box of form.querySelectorAll("[data-conflict]")) {
  const target = document.getElementById(box.dataset.conflict);
  const both = box.querySelector("textarea");
  const take = () => {
    const text = box.querySelector("input[type=radio]:checked")?.closest(".conflict__side").querySelector("[data-text]");
    if (!text || !target || target.options) return;
    target.value = text.value ?? text.textContent;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  };
  box.addEventListener("change", take);
  both?.addEventListener("focus", () => {
    box.querySelector('[value="both"]').checked = true;
    take();
  });
  both?.addEventListener("input", take);
}
form.querySelector("[data-focus-first]")?.focus();
