/** The editor in the drawer. Loaded when the drawer opens for the first time: nobody else pays for it. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, RangeSet, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  GutterMarker,
  gutter,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  WidgetType,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { changeOf } from './change.ts';

export type Mark = { readonly line: number; readonly column: number; readonly message: string };

export type Editor = {
  text(): string;
  /** Puts another text in, as one change that can be undone, and shows where it differs. */
  change(text: string): void;
  /** Another file: nothing to undo. */
  open(text: string): void;
  mark(mark: Mark | undefined): void;
  focus(): void;
};

export function openEditor(parent: HTMLElement, changed: () => void): Editor {
  const extensions = [
    ...[
      lineNumbers(),
      written,
      faults,
      faultGutter,
      highlightActiveLine(),
      highlightActiveLineGutter(),
      drawSelection(),
    ],
    ...[history(), bracketMatching(), indentOnInput(), indentUnit.of('  '), EditorState.tabSize.of(2)],
    ...[javascript({ typescript: true }), syntaxHighlighting(colours), theme],
    keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Script', spellcheck: 'false', autocapitalize: 'off' }),
    EditorView.updateListener.of(({ docChanged }) => docChanged && changed()),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ extensions }) });
  return {
    text: () => view.state.doc.toString(),
    change(text) {
      const { text: insert, range } = changeOf(view.state.doc.toString(), text);
      const [from, to] = range;
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from },
        effects: [EditorView.scrollIntoView(from, { y: 'center' }), setWritten.of([from, from + insert.length])],
      });
    },
    open: (text) => view.setState(EditorState.create({ doc: text, extensions })),
    mark(mark) {
      view.dispatch({ effects: setFault.of(mark) });
      const line = view.state.field(faults).line;
      if (line !== undefined) view.dispatch({ effects: EditorView.scrollIntoView(line, { y: 'center' }) });
    },
    focus: () => view.focus(),
  };
}

const setWritten = StateEffect.define<readonly [from: number, to: number]>();
const writtenLine = Decoration.line({ class: 'cm-written' });

/** The lines that a button has written, until somebody else writes. */
const written = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { effects, docChanged, state }) {
    for (const effect of effects) if (effect.is(setWritten)) return toLines(effect.value, state);
    return docChanged ? Decoration.none : shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function toLines([from, to]: readonly [number, number], { doc }: EditorState): DecorationSet {
  const lines: number[] = [];
  for (let at = from; at < to; at = doc.lineAt(at).to + 1) lines.push(doc.lineAt(at).from);
  return Decoration.set(lines.map((at) => writtenLine.range(at)));
}

type Fault = { readonly line: number | undefined; readonly shown: DecorationSet };

const none: Fault = { line: undefined, shown: Decoration.none };
const setFault = StateEffect.define<Mark | undefined>();

/** The line that is wrong, coloured, with what is wrong below it. It goes when somebody works on that line. */
const faults = StateField.define<Fault>({
  create: () => none,
  update(fault, { changes, docChanged, effects, state }) {
    let now = fault;
    if (docChanged && now.line !== undefined) {
      const { line } = now;
      now = changes.touchesRange(line) ? none : { line: changes.mapPos(line), shown: now.shown.map(changes) };
    }
    for (const effect of effects) {
      if (effect.is(setFault)) now = effect.value === undefined ? none : toFault(effect.value, state);
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field, ({ shown }) => shown),
});

function toFault({ line, message }: Mark, { doc }: EditorState): Fault {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  const below = Decoration.widget({ widget: new Message(message), block: true, side: 1 });
  return { line: from, shown: Decoration.set([faultLine.range(from), below.range(to)]) };
}

const faultLine = Decoration.line({ class: 'cm-fault' });

class Message extends WidgetType {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override eq(other: WidgetType): boolean {
    return other instanceof Message && other.#text === this.#text;
  }

  override toDOM(): HTMLElement {
    const box = document.createElement('div');
    box.className = 'cm-fault-message';
    box.setAttribute('role', 'note');
    box.textContent = this.#text;
    return box;
  }
}

class Dot extends GutterMarker {
  override toDOM(): Node {
    const dot = document.createElement('i');
    dot.className = 'cm-fault-dot';
    return dot;
  }
}

const dot = new Dot();
const faultGutter = gutter({
  class: 'cm-faults',
  markers(view) {
    const { line } = view.state.field(faults);
    return line === undefined ? RangeSet.empty : RangeSet.of([dot.range(line)]);
  },
});

/** Colours are the page's: they change with day and night. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: [tags.comment], color: 'var(--code-comment)', fontStyle: 'italic' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--code-call)' },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-name)' },
  { tag: [tags.typeName, tags.className], color: 'var(--code-type)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--code-ink)', backgroundColor: 'transparent', fontSize: '13.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "Cascadia Code", "DejaVu Sans Mono", Menlo, monospace',
    lineHeight: '1.55',
    overscrollBehavior: 'contain',
  },
  '.cm-content': { caretColor: 'var(--code-ink)', padding: '10px 0' },
  '.cm-cursor': { borderLeft: '2px solid var(--code-ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--code-gutter)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 10px', minWidth: '34px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--code-selection)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--code-selection)', outline: '1px solid currentColor' },
  '.cm-faults': { width: '12px' },
});
