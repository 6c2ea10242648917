/**
 * Properties of what strangers may push. A failure prints its seed and is shrunk; `ROOST_TEST_SEED=<seed>` runs the same
 * again, `ROOST_TEST_RUNS=<n>` runs so many instead of the few of every test run.
 */
import fc from 'fast-check';

const seed = Number(process.env.ROOST_TEST_SEED ?? Date.now() % 2 ** 31);

/** @param few  Runs in every test run. */
export function runs(few: number): { readonly seed: number; readonly numRuns: number } {
  return { seed, numRuns: Number(process.env.ROOST_TEST_RUNS ?? few) };
}

/** Names and values that code somewhere treats as something else than what it got. */
const odd = [
  ...['', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON', '\u0000', '\ud800'],
  ...['\u202e', '..', '/etc/passwd', '%s%n', 'x'.repeat(5_000), "'; drop table objects; --", '[object Object]', 'NaN'],
  ...[0, -0, -1, 0.5, 1e9, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324, null, true, false, [], {}, [[]], [null]],
];

/** JSON that nobody expects: odd names, odd numbers, deep, wide, well-formed and not. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 200 }).map(nested) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000 }).map((length) => new Array(length).fill(0)) },
  {
    weight: 1,
    arbitrary: fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'id', 'type', 'x'), fc.jsonValue(), {
      noNullPrototype: true,
    }),
  },
  { weight: 1, arbitrary: fc.constant(JSON.parse('{"__proto__":{"polluted":1}}')) },
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

type Change = { readonly at: number; readonly how: How; readonly value: unknown; readonly from: number };
type How = 'set' | 'drop' | 'add' | 'copy' | 'double';

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    at: fc.nat(),
    how: fc.constantFrom<How>('set', 'set', 'set', 'drop', 'add', 'copy', 'double'),
    value: hostile,
    from: fc.nat(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What becomes of a real value when something in it is replaced, left out, added, repeated or put elsewhere. */
export function mutants<T>(of: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.tuple(of, changes).map(([value, all]) => all.reduce(changed, structuredClone(value) as unknown));
}

/** The same of a value that is only known when it is needed. */
export const mutation: fc.Arbitrary<(value: unknown) => unknown> = changes.map((all) => {
  const change = (value: unknown) => all.reduce(changed, structuredClone(value));
  return Object.assign(change, { [fc.toStringMethod]: () => JSON.stringify(all).slice(0, 2_000) });
});

type Node = Record<string | number, unknown>;
type Place = { readonly of: Node; readonly key: string | number };

function changed(root: unknown, { at, how, value: wanted, from }: Change): unknown {
  // Its own copy: the next change may be in the midst of it.
  const value = structuredClone(wanted);
  const places = placesIn(root);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return value;
  const { of, key } = place;
  const other = places[from % places.length] as Place;
  switch (how) {
    case 'set':
      of[key] = value;
      break;
    case 'drop':
      if (Array.isArray(of)) of.splice(Number(key), 1);
      else delete of[key];
      break;
    case 'add':
      if (Array.isArray(of)) of.push(value);
      else define(of, typeof value === 'string' ? value : 'more', value);
      break;
    case 'copy':
      of[key] = structuredClone(other.of[other.key]);
      break;
    case 'double':
      if (Array.isArray(of)) of.push(structuredClone(of[Number(key)]));
      break;
  }
  return root;
}

/** Every place of a value, those deepest down as well. */
function placesIn(root: unknown): readonly Place[] {
  const places: Place[] = [];
  const open: unknown[] = [root];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (typeof at !== 'object' || at === null) continue;
    for (const key of Object.keys(at)) {
      places.push({ of: at as Node, key: Array.isArray(at) ? Number(key) : key });
      open.push((at as Node)[key] ?? null);
    }
  }
  return places;
}

function define(of: Node, key: string, value: unknown): void {
  Object.defineProperty(of, key, { value, enumerable: true, configurable: true, writable: true });
}
