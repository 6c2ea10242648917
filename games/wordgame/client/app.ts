/** From the title to the table and back: one match after another, over the wire that the player likes. */
import { CallError } from 'roost/client';
import { announce, part } from '/farmyard/hud/page.ts';
import { confirm } from '/farmyard/parts/confirm.ts';
import { showHow } from './parts/how.ts';
import { recall, remember } from './parts/kept.ts';
import { tell } from './parts/says.ts';
import { Sound } from './parts/sound.ts';
import { type Stage, showStage, showState, stageNow } from './parts/stage.ts';
import { showTheme, turnTheme } from './parts/theme.ts';
import { Search } from './search.ts';
import { Seat } from './seat.ts';
import { lostCodes, Moves } from './table/moves.ts';
import { Table } from './table/table.ts';
import { type Mode, Title } from './title/title.ts';
import { shareLink, Waiting } from './title/waiting.ts';
import { LiveWire } from './wire/live.ts';
import { PolledWire } from './wire/polled.ts';
import type { Open, Params, Wire, WireKind } from './wire/wire.ts';

/** The page of a copied game plays the copy; at `/` it is the game that the node shows first. */
const game = location.pathname.split('/')[1] ?? '';
const againMs = 1_000;
/** Of a game that does not say. */
const usual = { turns: 14, clock: 45 };

export class App {
  wire: Wire;
  readonly #sound = new Sound();
  readonly #table: Table;
  readonly #title: Title;
  readonly #waiting: Waiting;
  readonly #search: Search;
  readonly #moves: Moves;
  readonly #seat: Seat;
  /** Zone that is only watched. */
  #watched = '';
  #offsetS = 0;

  constructor() {
    this.wire = this.#open(recall('wire') === 'polled' ? 'polled' : 'live');
    this.#table = new Table(
      {
        play: (word) => this.#turn('play', { word }),
        swap: (letters) => this.#turn('swap', { letters }),
        now: () => Date.now() / 1000 + this.#offsetS,
      },
      this.#sound,
    );
    const call = (method: string, params?: Params) => this.wire.call(method, params);
    const renew = () => this.wire.renew();
    const choose = (character: string) => this.wire.choose(character);
    this.#title = new Title({ call, choose, renew, seek: (mode, party) => this.#seek(mode, party) }, game);
    this.#search = new Search({
      call,
      waits: (status) => {
        this.#show('waiting');
        this.#waiting.show(status);
      },
      started: (zone) => (stageNow() === 'table' && zone === this.#seat.zone ? undefined : this.#seat.come()),
      ended: (why) => this.#over(why),
      trouble: (error) => this.#trouble(error),
      isSeated: () => stageNow() === 'table',
    });
    this.#moves = new Moves({ wire: () => this.wire, board: () => this.#seat.board, seated: () => this.#seat.coming });
    this.#seat = new Seat({
      wire: () => this.wire,
      match: () => this.#search.match,
      choose: () => this.#title.choose(),
      look: () => this.#moves.look(),
      taken: () => {
        this.#show('table');
        showState('');
        this.#search.later();
      },
      refused: (code) => this.#refused(code),
      lost: () => this.#lost(),
      trouble: (error) => this.#trouble(error),
      clear: () => this.#table.clear(),
      show: (open) => this.#table.show(open),
      take: (mine) => this.#table.take(mine),
    });
    this.#waiting = new Waiting({ wren: () => void this.#wrenInstead(), cancel: () => void this.#cancel() });
  }

  /** The table as everybody sees it. */
  get open(): Open | undefined {
    return this.#seat.board?.state;
  }

  /** Id of the table, for who wants to watch. */
  get zone(): string {
    return this.#seat.zone;
  }

  start(): void {
    const { watch, join } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    this.#title.invite(join);
    this.#watched = watch ?? '';
    this.#listen();
    // Until it is known how it stands.
    if (this.#watched !== '') this.#waiting.ask('Coming to watch…');
    else if (this.#search.match !== null) this.#waiting.ask('Back to your match…');
    this.#show(this.#watched !== '' || this.#search.match !== null ? 'waiting' : 'title');
    addEventListener('hashchange', () => location.reload());
  }

  #listen(): void {
    const on = (id: string, pressed: () => void) => part(id).addEventListener('click', pressed);
    // At a table as it is played there.
    on('how', () => showHow(this.open?.phase === 'playing' ? this.open : usual));
    on('wire', () => this.#turnWire());
    on('leave', () => this.#askLeave());
    on('again', () => void this.#again());
    on('other', () => void this.#other());
    on('theme', turnTheme);
    showTheme();
    on('watch-link', () => {
      const url = `${location.origin}${location.pathname}#watch=${this.#seat.zone}`;
      void shareLink(url, part('watch-link'), 'Watch us play');
    });
    part('sound').setAttribute('aria-pressed', String(this.#sound.on));
    on('sound', () => part('sound').setAttribute('aria-pressed', String(this.#sound.toggle())));
  }

  #open(kind: WireKind): Wire {
    const wire: Wire = new (kind === 'live' ? LiveWire : PolledWire)({
      up: () => this.wire === wire && void this.#up(),
      down: (code, final) => this.wire === wire && this.#down(code, final),
      back: () => this.wire === wire && showState(''),
      out: () => this.wire === wire && void this.#seat.come(),
      board: (board) => this.wire === wire && this.#seat.see(board),
      status: (status) => this.wire === wire && void this.#search.heard(status),
    });
    part('wire-name').textContent = kind === 'live' ? 'Live' : 'Plain HTTP';
    return wire;
  }

  /** The other wire takes over, also in the middle of a match. */
  #turnWire(): void {
    const kind = this.wire.kind === 'live' ? 'polled' : 'live';
    remember('wire', kind);
    this.#takeWire(kind);
    announce(kind === 'live' ? 'Connected by socket.' : 'Plain HTTP: the page asks once a second.');
  }

  #takeWire(kind: WireKind): void {
    this.wire.close();
    this.wire = this.#open(kind);
  }

  async #up(): Promise<void> {
    showState('');
    document.body.dataset.wire = 'up';
    try {
      const before = Date.now();
      const { at } = (await this.wire.call('host.ping')) as { readonly at: number };
      this.#offsetS = at - (before + Date.now()) / 2000;
      await this.#title.learn();
      if (this.#watched !== '') await this.#watch();
      else if (stageNow() === 'table') await this.#seat.come();
      else if (stageNow() === 'waiting') await this.#search.ask();
    } catch (error) {
      this.#trouble(error);
      const { wire } = this;
      setTimeout(() => this.wire === wire && stageNow() !== 'title' && void this.#up(), againMs);
    }
  }

  #down(code: string, final: boolean): void {
    document.body.dataset.wire = 'down';
    const words: Record<string, string> = {
      'session.replaced': 'You play in another window now.',
      'zone.recovering': 'The table fell over and is getting up again…',
    };
    if (final) {
      const text = words[code] ?? 'The server has closed the connection.';
      return showState(text, 'Play here', () => void this.wire.renew().catch((error) => this.#trouble(error)));
    }
    showState(words[code] ?? 'The connection is lost. Trying again…');
  }

  async #watch(): Promise<void> {
    // Requests one after another have nobody who could watch.
    if (this.wire.kind !== 'live') return this.#takeWire('live');
    await this.wire.call('zone.watch', { zone: this.#watched, x: 4, y: 4, distance: 8 });
    this.#seat.zone = this.#watched;
    this.#show('table');
  }

  async #seek(mode: Mode, party: number | string | undefined): Promise<void> {
    await this.#title.choose();
    const code: Params = party === undefined ? {} : { party };
    await this.#search.begin(this.#title.name, { ...(game !== '' && { game }), mode, ...code });
    // An invitation is good once.
    this.#title.invite(undefined);
    history.replaceState(null, '', location.pathname);
  }

  /** No seat, or none yet. */
  async #refused(code: string): Promise<void> {
    if (code === 'match.not-started') return this.#search.ask();
    this.#forget();
    return this.#home(code === '' ? '' : 'That match is over.');
  }

  #lost(): void {
    showState('You play in another window now.', 'Play here', () => void this.#seat.come());
  }

  /** @returns what is wrong with it */
  async #turn(method: 'play' | 'swap', params: Params): Promise<string> {
    try {
      const answer = await this.#moves.turn(method, params);
      if (answer.no === 'not-seated') this.#lost();
      if (answer.no !== undefined) return answer.text ?? answer.no;
      this.#table.take(answer);
      return '';
    } catch (error) {
      return tell(error);
    }
  }

  async #again(): Promise<void> {
    try {
      const answer = await this.#moves.make('again');
      if (answer.no !== undefined) announce(answer.text ?? '');
    } catch (error) {
      this.#trouble(error);
    }
  }

  #askLeave(): void {
    if (this.#watched !== '') return void this.#leave();
    if (this.#table.open?.phase !== 'playing') return void this.#leave();
    confirm({
      title: 'Leave the table?',
      text: 'The match is lost then.',
      yes: 'Leave',
      no: 'Stay',
      act: () => this.#leave(),
    });
  }

  async #leave(): Promise<void> {
    const ticket = this.#forget();
    if (this.#watched !== '') {
      this.#watched = '';
      history.replaceState(null, '', location.pathname);
      await this.wire.call('zone.unwatch').catch((error: unknown) => this.#trouble(error));
    } else if (ticket !== undefined) {
      await this.wire.call('match.leave', { ticket }).catch(expected);
      await this.wire.leave().catch(expected);
    }
    await this.#home();
  }

  async #other(): Promise<void> {
    await this.#leave();
    await this.#seek('duel', undefined).catch((error: unknown) => this.#trouble(error));
  }

  async #cancel(): Promise<void> {
    const ticket = this.#forget();
    if (ticket !== undefined) {
      // It may have begun in this very moment.
      const leave = () => this.wire.call('match.leave', { ticket });
      await this.wire.call('match.cancel', { ticket }).catch(leave).catch(expected);
    }
    await this.#home();
  }

  async #wrenInstead(): Promise<void> {
    await this.#cancel();
    await this.#seek('wren', undefined).catch((error: unknown) => this.#trouble(error));
  }

  /** The ticket is at its end. At the table one stays, to look at what was. */
  #over(why: string): void {
    if (stageNow() === 'table' && this.open?.phase === 'over') return;
    const words: Record<string, string> = {
      'match.silent': 'You were away too long.',
      'match.named-gone': 'Your partner is gone.',
      'match.party-ended': 'Your friend is gone.',
    };
    this.#forget();
    void this.#home(words[why] ?? 'The match is over.');
  }

  /** @returns the ticket that there was */
  #forget(): string | undefined {
    this.#seat.forget();
    return this.#search.forget();
  }

  async #home(news = ''): Promise<void> {
    this.#table.clear();
    this.#show('title');
    this.#title.say(news);
  }

  #show(stage: Stage): void {
    showStage(stage, this.#watched !== '');
  }

  #trouble(error: unknown): void {
    if (!(error instanceof CallError)) throw error;
    const { code } = error;
    if (code === 'match.unknown-ticket' || code === 'zone.forbidden' || code === 'zone.unknown') {
      const isWaiting = stageNow() === 'waiting' && this.#waiting.isKnown;
      this.#forget();
      this.#watched = '';
      void this.#home(isWaiting ? tell(error) : 'That match is over.');
    } else if (!lostCodes.has(code)) showState(tell(error));
  }
}

/** Whether there was something to leave does not matter. */
function expected(error: unknown): void {
  if (!(error instanceof CallError)) throw error;
}
