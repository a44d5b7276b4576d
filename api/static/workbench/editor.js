// The editor: CodeMirror with SPARQL, completion from our vocabulary, and marks where a query is wrong.
import {
  EditorState,
  EditorView,
  HighlightStyle,
  autocompletion,
  bracketMatching,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  defaultKeymap,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  history,
  historyKeymap,
  indentOnInput,
  keymap,
  lineNumbers,
  lintGutter,
  lintKeymap,
  linter,
  setDiagnostics,
  sparql,
  syntaxHighlighting,
  tags,
  toggleComment,
} from "../vendor/workbench/editor.js";
import { page, say } from "./elements.js";
import { loadVocabulary, vocabulary, written } from "./vocabulary.js";

const MOST = 12; // what fits without scrolling; more letters find the rest
const KEYWORDS = `ASK AVG BASE BIND BOUND COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DESC DESCRIBE
DISTINCT EXISTS FILTER FROM GRAPH GROUP_CONCAT HAVING LANG LANGMATCHES LCASE LIMIT MAX MIN MINUS NAMED
OFFSET OPTIONAL PREFIX REGEX REPLACE SAMPLE SELECT STR STRAFTER STRBEFORE STRENDS STRLEN STRSTARTS SUM
UCASE UNDEF UNION VALUES WHERE`.split(/\s+/).concat("FILTER NOT EXISTS", "GROUP BY", "ORDER BY");
const KINDS = { class: "class", property: "property", concept: "constant", organisation: "namespace" };
const ORDER = ["class", "property", "concept", "organisation"];
const DECLARED = /\bPREFIX\s+([A-Za-z][\w.-]*)?:\s*<[^>]*>/gi;
// what holds no names: comments, IRIs, texts
const OTHER = /#[^\n]*|<[^<>"{}|^`\\\s]*>|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const USED = /(?<![\w?$:@-])([A-Za-z][\w-]*):(?=[\w%\\])/g;

const blanked = (text) => text.replace(OTHER, (found) => " ".repeat(found.length));
const declared = (text) => new Set([...text.matchAll(DECLARED)].map((found) => found[1] ?? ""));

/** Return the change that declares a prefix, or none when it is declared or not one of ours. */
function declaration(text, prefix) {
  const namespace = vocabulary().prefixes[prefix];
  if (!namespace || declared(text).has(prefix)) return [];
  const first = text.match(/^(?:\s*#[^\n]*\n)*\s*/)[0].length;
  return [{ from: first, insert: `PREFIX ${prefix}: <${namespace}>\n` }];
}

/** Put a term in, and declare its prefix. */
function put(term) {
  return (view, completion, from, to) => {
    const { text, prefix } = written(term.iri);
    const before = prefix ? declaration(view.state.doc.toString(), prefix) : [];
    const shift = before.reduce((sum, change) => sum + change.insert.length, 0);
    view.dispatch({
      changes: [...before, { from, to, insert: text }],
      selection: { anchor: from + shift + text.length },
      userEvent: "input.complete",
    });
  };
}

/** Return how well a term answers what was typed: 0 best, null not at all. */
function rank(term, typed) {
  const names = [term.label, term.also].map((name) => name.toLowerCase());
  const short = written(term.iri).text.toLowerCase();
  const local = short.replace(/^[^:]*:/, "");
  if (names.includes(typed) || short === typed || local === typed) return 0;
  if (names.some((name) => name.startsWith(typed)) || local.startsWith(typed)) return 1;
  if (short.startsWith(typed)) return 2;
  return names.some((name) => name.includes(typed)) || short.includes(typed) ? 3 : null;
}

function found(typed, isClassWanted) {
  const ranked = [];
  for (const term of vocabulary().terms) {
    if (isClassWanted && term.kind !== "class") continue;
    const place = rank(term, typed);
    if (place !== null) ranked.push([place, ORDER.indexOf(term.kind), term]);
  }
  ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2].label.length - b[2].label.length);
  return ranked.slice(0, MOST).map(([, , term]) => ({
    label: written(term.iri).text,
    displayLabel: written(term.iri).text.replace(/^<.*\/([^/]+\/[^/]+)>$/, "$1"),
    detail: term.label,
    info: [term.definition, term.also, term.iri].filter(Boolean).join("\n"),
    type: KINDS[term.kind],
    apply: put(term),
  }));
}

function completed(context) {
  const variable = context.matchBefore(/[?$]\w*/);
  if (variable) {
    const names = new Set(context.state.doc.toString().match(/[?$]\w+/g));
    names.delete(variable.text);
    return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })) };
  }
  const word = context.matchBefore(/[\p{L}\p{N}_:/-]+/u);
  if (!word && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  const typed = (word?.text ?? "").toLowerCase();
  const isClassWanted = /(?:\sa|rdf:type)\s+$/.test(context.state.sliceDoc(Math.max(0, from - 30), from));
  const keywords = KEYWORDS.filter((name) => !isClassWanted && typed && name.toLowerCase().startsWith(typed));
  const options = keywords.map((label) => ({ label, type: "keyword" }));
  return { from, filter: false, options: [...options, ...found(typed, isClassWanted)] };
}

let wrong = null; // what the server said of a text, and that text

/** Mark prefixes that are not declared; those that we know can be declared with a key. */
function undeclared(view) {
  const text = view.state.doc.toString();
  const known = declared(text);
  const marks = wrong?.doc.eq(view.state.doc) ? [wrong.diagnostic] : [];
  for (const use of blanked(text).matchAll(USED)) {
    const prefix = use[1];
    if (known.has(prefix) || prefix === "_") continue;
    const changes = declaration(text, prefix);
    const apply = (target) => target.dispatch({ changes });
    marks.push({
      from: use.index,
      to: use.index + prefix.length,
      severity: "warning",
      message: say("undeclared", { prefix }),
      actions: changes.length ? [{ name: say("declare"), apply }] : [],
    });
  }
  return marks;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)" },
  { tag: [tags.string, tags.literal], color: "var(--code-text)" },
  { tag: [tags.number, tags.bool], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.namespace, tags.typeName, tags.propertyName, tags.name], color: "var(--accent)" },
  { tag: tags.url, color: "var(--code-iri)" },
]);

/**
 * Make the editor.
 *
 * `run` is called with Ctrl or Cmd and Enter, `changed` with the text after each change. Tab is
 * not taken, so that the keyboard leaves the editor as it came.
 */
export function makeEditor({ parent, text, nonce, run, changed }) {
  const running = () => {
    run();
    return true;
  };
  const keys = [{ key: "Mod-Enter", run: running }, { key: "Mod-/", run: toggleComment }];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of({ "aria-labelledby": "query-label", "aria-describedby": "keys", tabindex: "0" }),
        EditorView.lineWrapping,
        EditorState.phrases.of(page.editor),
        lineNumbers(),
        highlightSpecialChars(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        lintGutter(),
        linter(undeclared, { delay: 400 }),
        autocompletion({ override: [completed], maxRenderedOptions: MOST }),
        syntaxHighlighting(COLOURS),
        sparql(),
        keymap.of([
          ...keys,
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          ...completionKeymap,
          ...lintKeymap,
        ]),
        EditorView.updateListener.of((update) => update.docChanged && changed(textOf(update.state))),
      ],
    }),
  });
  loadVocabulary().catch(() => {}); // completion comes with the first that succeeds; main.js says so
  return view;
}

const textOf = (state) => state.doc.toString();

/** Return the text of an editor. */
export const read = (view) => textOf(view.state);

/** Put another text in place of all; it can be undone. */
export function write(view, text) {
  if (read(view) === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
}

/** Mark the place of an error and go there; with line 0 take the mark away. */
export function mark(view, { line, column, message }) {
  const { doc } = view.state;
  wrong = null;
  const isKnown = line > 0 && line <= doc.lines;
  if (isKnown) {
    const at = doc.line(line);
    const to = Math.min(at.from + column, at.to);
    const from = Math.max(at.from, Math.min(at.from + column - 1, to - 1));
    wrong = { doc, diagnostic: { from, to, severity: "error", message } };
    const effects = EditorView.scrollIntoView(from, { y: "center" });
    view.dispatch({ selection: { anchor: from }, effects });
    view.focus();
  }
  view.dispatch(setDiagnostics(view.state, undeclared(view)));
}
