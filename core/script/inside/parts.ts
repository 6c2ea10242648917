/** `self.words` and `self.body`: handles that belong to the object whose handler runs, as long as that runs. */
import * as acting from './acting.ts';
import { here, type Obj } from './here.ts';

/** Of the handler that asked last: most ask for neither, and `self` is made for every handler that runs. */
let words: { readonly turn: number; readonly handle: Words } | null = null;
let body: { readonly turn: number; readonly handle: Body } | null = null;

/** `self.words`. */
class Words {
  #turn: number;

  constructor(turn: number) {
    this.#turn = turn;
  }
  static open(handle: Words): Obj {
    return alive(handle.#turn);
  }
  add(word: unknown) {
    acting.addWord(Words.open(this), word);
  }
  remove(word: unknown) {
    acting.removeWord(Words.open(this), word);
  }
  has(word: unknown) {
    return Words.open(this).words.includes(word as string);
  }
  [Symbol.iterator]() {
    return Words.open(this).words[Symbol.iterator]();
  }
}

/** `self.body`. */
class Body {
  #turn: number;

  constructor(turn: number) {
    this.#turn = turn;
  }
  static open(handle: Body): Obj {
    return alive(handle.#turn);
  }
  get solid() {
    return Body.open(this).solid;
  }
  set solid(solid: unknown) {
    const object = Body.open(this);
    acting.setSolid(object, solid === true, object.type);
  }
  get type() {
    return Body.open(this).type;
  }
  set type(type: unknown) {
    if (type !== 'dynamic' && type !== 'static' && type !== 'kinematic') {
      throw new TypeError("body.type is 'dynamic', 'static' or 'kinematic'");
    }
    const object = Body.open(this);
    acting.setSolid(object, object.solid, type);
  }
}

/** The running object, when the handle with this number is still alive. */
function alive(turn: number): Obj {
  if (turn !== here.turn || !here.me) throw new Error('this was kept after its handler: ask self for it again');
  return here.me;
}

/** For the handler that runs now; `self` itself has been looked at before. */
export function wordsOfSelf(): object {
  if (words?.turn !== here.turn) words = { turn: here.turn, handle: new Words(here.turn) };
  return words.handle;
}

/** The same. */
export function bodyOfSelf(): object {
  if (body?.turn !== here.turn) body = { turn: here.turn, handle: new Body(here.turn) };
  return body.handle;
}

// A class leads to its constructor; these must not be made by scripts.
for (const made of [Words, Body]) Reflect.deleteProperty(made.prototype, 'constructor');

/** Prototypes of these handles, to be frozen. */
export const partPrototypes: readonly object[] = [Words.prototype, Body.prototype];
