/**
 * What a method answers, as its comment says behind `@returns`, → JSON Schema: `` `{ zone, names: [{ id, name? }] }` `` is an object
 * with these keys, `` `{ … }` or null `` that or null. Words say the rest; where there are no such shapes, anything may come.
 */
import type { JsonObject } from '../../contract/content.ts';

const depthMost = 8;

export function toAnswerSchema(answer: string): JsonObject {
  const [shapes = ''] = /^`[^`]*`(?:,? or (?:`[^`]*`|null\b))*/.exec(answer) ?? [];
  const forms = [...shapes.matchAll(/`([^`]*)`|\bor null\b/g)].map(([, shape]) =>
    shape === undefined ? { type: 'null' } : readShape(shape),
  );
  if (forms.length === 0 || forms.includes(undefined)) return {};
  const [form = {}, ...others] = forms as JsonObject[];
  return others.length === 0 ? form : { anyOf: [form, ...others] };
}

/** Undefined for what is no shape. */
function readShape(text: string): JsonObject | undefined {
  if (!/^[{[]/.test(text)) return undefined;
  const tokens = text.match(/[\w-]+|'[^']*'|\S/g) ?? [];
  try {
    const schema = readValue(tokens, 0);
    return tokens.length === 0 ? schema : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Takes its tokens away. A name alone says nothing of what is behind it. @throws SyntaxError */
function readValue(tokens: string[], depth: number): JsonObject {
  const forms = [readForm(tokens, depth)];
  while (take(tokens, '|')) forms.push(readForm(tokens, depth));
  const [form = {}] = forms;
  return forms.length === 1 ? form : { anyOf: forms };
}

function readForm(tokens: string[], depth: number): JsonObject {
  if (depth > depthMost) throw new SyntaxError('too deep');
  const token = tokens.shift();
  if (token === '{') return readObject(tokens, depth);
  if (token === '[') {
    const items = readValue(tokens, depth + 1);
    expect(tokens, ']');
    return { type: 'array', items };
  }
  const [, only] = /^'(.*)'$/.exec(token ?? '') ?? [];
  if (only !== undefined) return { const: only };
  if (token === undefined || !/^\w/.test(token)) throw new SyntaxError(`found ${token}`);
  return words.get(token) ?? {};
}

const words: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ['true', { const: true }],
  ['false', { const: false }],
  ['null', { type: 'null' }],
]);

function readObject(tokens: string[], depth: number): JsonObject {
  const properties: [string, JsonObject][] = [];
  const required: string[] = [];
  while (!take(tokens, '}')) {
    const key = tokens.shift();
    if (key === undefined || !/^\w/.test(key)) throw new SyntaxError(`found ${key}`);
    if (!take(tokens, '?')) required.push(key);
    properties.push([key, take(tokens, ':') ? readValue(tokens, depth + 1) : {}]);
    if (!take(tokens, ',') && tokens[0] !== '}') throw new SyntaxError(`found ${tokens[0]}`);
  }
  return { type: 'object', ...(required.length > 0 && { required }), properties: Object.fromEntries(properties) };
}

function expect(tokens: string[], wanted: string): void {
  if (!take(tokens, wanted)) throw new SyntaxError(`wanted ${wanted}, found ${tokens[0]}`);
}

function take(tokens: string[], wanted: string): boolean {
  if (tokens[0] !== wanted) return false;
  tokens.shift();
  return true;
}
