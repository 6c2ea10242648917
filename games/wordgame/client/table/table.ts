/** The table: the thread, the players, one's own letters, and the word that is being made of them. */
import { announce, make, part } from '/farmyard/hud/page.ts';
import { cheer, shake } from '../parts/motion.ts';
import { makeSample } from '../parts/sample.ts';
import type { Sound } from '../parts/sound.ts';
import { knotOf, scoreOf } from '../rules.ts';
import type { Open } from '../wire/wire.ts';
import { advise, countWord, isNewcomer } from './coach.ts';
import { Dragging } from './dragging.ts';
import { Hand, type Tile } from './hand.ts';
import { listenToKeys } from './keys.ts';
import { tellOver } from './over.ts';
import { Pegs, spell } from './pegs.ts';
import { Players } from './players.ts';
import { Thread } from './thread.ts';
import { Tiles } from './tiles.ts';

/** What only who sits here knows. */
export type Mine = { readonly seat: number; readonly rack: string };

type Asked = {
  readonly play: (word: string) => Promise<string>;
  readonly swap: (letters: string) => Promise<string>;
  /** Unix seconds, as the node has them. */
  readonly now: () => number;
};

const hurryS = 10;

export class Table {
  readonly #asked: Asked;
  readonly #sound: Sound;
  readonly #thread = new Thread(part('thread'));
  readonly #players = new Players();
  readonly #hand = new Hand();
  readonly #pegs = new Pegs(part('last'), (knot) => this.#tie(knot));
  readonly #tiles = new Tiles((tile) => this.#tap(tile));
  #open: Open | undefined;
  #mine: Mine = { seat: -1, rack: '' };
  /** Letters of the last word that the next is tied with. */
  #knot = 1;
  #busy = false;
  /** Letters are being chosen to be changed. */
  #changing = false;
  #hurried = -1;

  constructor(asked: Asked, sound: Sound) {
    this.#asked = asked;
    this.#sound = sound;
    new Dragging(part('rack'), part('laid'), {
      lay: (id, at) => this.#edit(() => this.#hand.lay(this.#tile(id), at)),
      move: (id, to) =>
        this.#edit(() => {
          this.#hand.back(this.#tile(id));
          this.#hand.move(this.#tile(id), to === undefined ? undefined : this.#tile(to));
        }),
    });
    part('shuffle').addEventListener('click', () => this.#edit(() => this.#hand.shuffle()));
    part('clear').addEventListener('click', () => this.#clear());
    part('swap').addEventListener('click', () => this.#choose());
    part('go').addEventListener('click', () => void this.#go());
    listenToKeys(() => document.body.dataset.stage === 'table' && !part('play').hidden, {
      Enter: () => void this.#go(),
      ' ': () => this.#edit(() => this.#hand.shuffle()),
      Backspace: () => this.#edit(() => this.#hand.back()),
      Escape: () => this.#clear(),
      ArrowLeft: () => this.#tie(this.#knot + 1),
      ArrowRight: () => this.#tie(this.#knot - 1),
      letter: (letter) => this.#type(letter),
    });
    part('lesson').append(make('p', '', 'Words are tied like this:'), makeSample(true));
    setInterval(() => this.#tick(), 250);
  }

  get open(): Open | undefined {
    return this.#open;
  }

  /** Nothing is on the table. */
  clear(): void {
    this.#open = undefined;
    this.#mine = { seat: -1, rack: '' };
    this.#hand.take('');
    this.#thread.clear();
    this.#changing = false;
  }

  take(mine: Mine): void {
    const isNew = mine.rack !== this.#mine.rack;
    this.#mine = mine;
    if (isNew) this.#hand.take(mine.rack);
    this.#draw();
  }

  show(open: Open): void {
    const former = this.#open;
    this.#open = open;
    if (former?.turn !== open.turn || former.match !== open.match) {
      this.#knot = 1;
      if (this.#changing) this.#hand.clear();
      this.#changing = false;
      if (former !== undefined && former.match === open.match) this.#tell(former, open);
      if (this.#isMyTurn) {
        this.#sound.play('mine');
        announce(`Your turn. The thread ends with ${spell(this.#last)}.`);
      }
    }
    if (former?.phase === 'playing' && open.phase === 'over') {
      this.#sound.play('end');
      const isPlayed = open.result?.why === 'turns' || open.result?.why === 'letters';
      if (isPlayed && open.result?.winner === this.#mine.seat) cheer();
    }
    this.#draw();
  }

  get #isMyTurn(): boolean {
    return this.#open?.phase === 'playing' && this.#open.next === this.#mine.seat;
  }

  get #last(): string {
    return this.#open?.thread.at(-1)?.word ?? '';
  }

  /** The word as it would be played. */
  get #word(): string {
    return this.#hand.laid.length === 0 ? '' : this.#last.slice(-this.#knot) + this.#hand.letters;
  }

  #tile(id: number): Tile {
    return this.#hand.tiles.find((tile) => tile.id === id) as Tile;
  }

  /** Says what was done. */
  #tell(former: Open, open: Open): void {
    const { seat } = this.#mine;
    const link = open.thread[former.thread.length];
    if (link !== undefined && link.seat !== -1) {
      if (link.seat !== seat) this.#sound.play('theirs');
      announce(`${link.seat === seat ? 'You' : open.seats[link.seat]?.name}: ${link.word}, ${link.score} points.`);
    }
    if (open.note?.what === 'miss' && open.note.seat === seat)
      this.#say('Your time ran out. Once more in a row, and the match is lost.');
    else this.#say('');
  }

  #draw(): void {
    const open = this.#open;
    if (open === undefined) return;
    const { seat } = this.#mine;
    const sits = seat !== -1;
    const isPlaying = open.phase === 'playing';
    part('lesson').hidden = !isPlaying || !sits || open.thread.length > 1 || !isNewcomer();
    this.#thread.show(open, seat);
    this.#players.show(open, seat);
    document.body.dataset.turn = this.#isMyTurn ? 'mine' : 'other';
    part('play').hidden = !isPlaying || !sits;
    tellOver(open, seat);
    if (!isPlaying || !sits) return;
    this.#pegs.show(this.#last, this.#knot);
    const tied = this.#changing ? '' : this.#last.slice(-this.#knot);
    this.#tiles.draw(this.#hand, tied, this.#changing ? 'Choose' : 'Lay');
    this.#drawWorth();
    this.#drawMoves(open);
  }

  #tie(knot: number): void {
    this.#knot = Math.max(1, Math.min(this.#last.length - 1, knot));
    this.#sound.play('lay');
    this.#draw();
  }

  #tap(tile: Tile): void {
    const isLaid = this.#hand.laid.includes(tile);
    this.#sound.play(isLaid ? 'back' : 'lay');
    this.#edit(() => (isLaid ? this.#hand.back(tile) : this.#hand.lay(tile)));
  }

  #edit(change: () => void): void {
    change();
    this.#say('');
    this.#draw();
  }

  #drawWorth(): void {
    const word = this.#word;
    const knot = knotOf(this.#last, word);
    part('worth').textContent =
      this.#changing || word.length < 3 || knot === 0
        ? ''
        : `${scoreOf(word, knot)}${knot > 1 ? ` · knot ×${knot}` : ''}`;
  }

  #drawMoves(open: Open): void {
    const { laid } = this.#hand;
    part('choose').hidden = !this.#changing;
    part('last').hidden = this.#changing;
    const advice = this.#changing ? '' : advise(open, this.#mine.seat, this.#knot, laid.length > 0);
    if (part('coach').textContent !== advice) part('coach').textContent = advice;
    const swap = part<HTMLButtonElement>('swap');
    const go = part<HTMLButtonElement>('go');
    swap.textContent = this.#changing ? 'Back' : 'Change…';
    go.textContent = !this.#changing ? 'Play' : laid.length === 0 ? 'Pass' : `Change ${laid.length}`;
    go.disabled = this.#busy || !this.#isMyTurn || (!this.#changing && this.#word === '');
    swap.disabled = this.#busy || (!this.#changing && !this.#isMyTurn);
  }

  #clear(): void {
    this.#changing = false;
    this.#edit(() => this.#hand.clear());
  }

  /** Plays the word, or changes the letters that are chosen. */
  async #go(): Promise<void> {
    if (!this.#isMyTurn || this.#busy) return;
    const { letters } = this.#hand;
    if (this.#changing) {
      this.#changing = false;
      await this.#send(() => this.#asked.swap(letters));
    } else if (letters !== '') {
      const word = this.#word;
      if (await this.#send(() => this.#asked.play(word))) countWord();
    }
  }

  /** What to change is chosen now, or no more. */
  #choose(): void {
    if (this.#changing) return this.#clear();
    this.#changing = true;
    this.#edit(() => this.#hand.clear());
    announce('Choose the letters to change; it takes your turn.');
  }

  /** @returns whether it was done */
  async #send(ask: () => Promise<string>): Promise<boolean> {
    this.#busy = true;
    this.#draw();
    const wrong = await ask();
    this.#busy = false;
    this.#say(wrong);
    if (wrong === '') this.#hand.clear();
    else {
      this.#sound.play('wrong');
      shake(part('line'));
    }
    this.#draw();
    return wrong === '';
  }

  #say(text: string): void {
    if (part('why').textContent !== text) part('why').textContent = text;
  }

  #tick(): void {
    const open = this.#open;
    if (open === undefined || open.phase !== 'playing') return;
    const left = open.ends - this.#asked.now();
    this.#players.tick(open, this.#mine.seat, left);
    const turn = open.match * 1000 + open.turn;
    if (!this.#isMyTurn || left > hurryS || this.#hurried === turn) return;
    this.#hurried = turn;
    this.#sound.play('hurry');
    announce('Ten seconds left.');
  }

  #type(letter: string): void {
    this.#edit(() => {
      if (this.#hand.layLetter(letter)) this.#sound.play('lay');
      else shake(part('rack'));
    });
  }
}
