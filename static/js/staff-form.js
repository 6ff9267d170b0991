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
      const cell = row.cells[place];
      if (!place || !label || !cell) return;
      cell.dataset.label = label;
      for (const control of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (!control.labels?.length && !control.getAttribute("aria-label")) control.setAttribute("aria-label", label);
      }
    });
  }
}

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
