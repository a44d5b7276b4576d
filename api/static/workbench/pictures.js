// What the pictures share: columns that they can show, colours in steps, a box with choices above.
import { element, say } from "./elements.js";
import { isNumeric, textOf } from "./table.js";

export const numericColumns = (result) => result.columns.filter((column) => isNumeric(result, column));

/** Return the columns of words, those named like a label first. */
export function wordColumns(result) {
  const words = result.columns.filter((column) => !isNumeric(result, column));
  const isLabel = (column) => /label|name|title|word/i.test(column);
  return [...words.filter(isLabel), ...words.filter((column) => !isLabel(column))];
}

export const valueOf = (row, column) => (row[column] ? Number(row[column].value) : 0);

export { textOf };

/** Return a small sentence below a picture. */
export const note = (word, values) => element("p", { class: "soft small" }, say(word, values));

/** Draw into a box again whenever one of the choices above it changes. */
export function withChoices(box, choices, draw) {
  const canvas = element("div", { class: "canvas" });
  if (choices.length) box.append(element("div", { class: "row choices-row" }, ...choices));
  box.append(canvas);
  const again = () => {
    canvas.replaceChildren();
    draw(canvas);
  };
  again();
  return again;
}
