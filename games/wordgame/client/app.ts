/** From the title to the table and back: one match after another, over the wire that the player likes. */
import { CallError } from 'roost/client';
import { announce, part } from '/farmyard/hud/page.ts';
import { confirm } from '/farmyard/parts/confirm.ts';
import { inWords } from '/farmyard/parts/words.ts';
import { showHow } from './parts/how.ts';
import { type Match, makeOnce, recall, recallMatch, remember, rememberMatch } from './parts/kept.ts';
import { Sound } from './parts/sound.ts';
import { showTheme, turnTheme } from './parts/theme.ts';
import { type Mine, Table } from './table/table.ts';
import { type Mode, Title } from './title/title.ts';
import { shareLink, Waiting } from './title/waiting.ts';
import { LiveWire } from './wire/live.ts';
import { PolledWire } from './wire/polled.ts';
import type { Board, Entered, Open, Params, Status, Wire, WireKind } from './wire/wire.ts';

type Stage = 'title' | 'waiting' | 'table';
type Answer = Mine & { readonly no?: string; readonly text?: string };

/** The page of a copied game plays the copy. */
const game = location.pathname.split('/')[1] || 'wordgame';
const followMs = 1_500;
const againMs = 1_000;
/** How often a move is sent again whose answer was lost. */
const triesMost = 6;
/** Nothing came back: the move may have been made or not. With its `once` it is made once. */
const lostCodes = new Set([
  ...['call.timeout', 'client.lost', 'client.unreachable', 'zone.unavailable', 'zone.interrupted', 'zone.moving'],
  ...['session.unknown-resume', 'zone.none', 'call.forbidden', 'object.not-found', 'store.busy', 'store.failed'],
]);

export class App {
  wire: Wire;
  readonly #sound = new Sound();
  readonly #table: Table;
  readonly #title: Title;
  readonly #waiting: Waiting;
  #stage: Stage = 'title';
  #match: Match | null = recallMatch();
  #zone = '';
  #board: Board | undefined;
  /** Zone that is only watched. */
  #watched = '';
  #looked = '';
  #offsetS = 0;
  #coming: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.wire = this.#open(recall('wire') === 'polled' ? 'polled' : 'live');
    this.#table = new Table(
      {
        play: (word) => this.#move('play', { word }),
        swap: (letters) => this.#move('swap', { letters }),
        now: () => Date.now() / 1000 + this.#offsetS,
      },
      this.#sound,
    );
    const call = (method: string, params?: Params) => this.wire.call(method, params);
    const renew = () => this.wire.renew();
    const choose = (character: string) => this.wire.choose(character);
    this.#title = new Title({ call, choose, renew, seek: (mode, party) => this.#seek(mode, party) }, game);
    this.#waiting = new Waiting({ wren: () => void this.#wrenInstead(), cancel: () => void this.#cancel() });
  }

  /** The table as everybody sees it. */
  get open(): Open | undefined {
    return this.#board?.state;
  }

  /** Id of the table, for who wants to watch. */
  get zone(): string {
    return this.#zone;
  }

  start(): void {
    const { watch, join } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    this.#title.invite(join);
    this.#watched = watch ?? '';
    this.#listen();
    this.#show(this.#watched !== '' || this.#match !== null ? 'table' : 'title');
    addEventListener('hashchange', () => location.reload());
  }

  #listen(): void {
    const on = (id: string, pressed: () => void) => part(id).addEventListener('click', pressed);
    on('how', showHow);
    on('wire', () => this.#turnWire());
    on('leave', () => this.#askLeave());
    on('again', () => void this.#tell('again'));
    on('other', () => void this.#other());
    on('theme', turnTheme);
    showTheme();
    on('watch-link', () => {
      const url = `${location.origin}${location.pathname}#watch=${this.#zone}`;
      void shareLink(url, part('watch-link'), 'Watch us play');
    });
    part('sound').setAttribute('aria-pressed', String(this.#sound.on));
    on('sound', () => part('sound').setAttribute('aria-pressed', String(this.#sound.toggle())));
  }

  #open(kind: WireKind): Wire {
    const wire: Wire = new (kind === 'live' ? LiveWire : PolledWire)({
      up: () => this.wire === wire && void this.#up(),
      down: (code, final) => this.wire === wire && this.#down(code, final),
      back: () => this.wire === wire && this.#state(''),
      out: () => this.wire === wire && void this.#comeIn(),
      board: (board) => this.wire === wire && this.#see(board),
      status: (status) => this.wire === wire && status.ticket === this.#match?.ticket && void this.#follow(status),
    });
    part('wire-name').textContent = kind === 'live' ? 'Live' : 'Plain HTTP';
    return wire;
  }

  /** The other wire takes over, also in the middle of a match. */
  #turnWire(): void {
    const kind = this.wire.kind === 'live' ? 'polled' : 'live';
    this.wire.close();
    remember('wire', kind);
    this.wire = this.#open(kind);
    announce(kind === 'live' ? 'Connected by socket.' : 'Plain HTTP: the page asks once a second.');
  }

  async #up(): Promise<void> {
    this.#state('');
    document.body.dataset.wire = 'up';
    try {
      const before = Date.now();
      const { at } = (await this.wire.call('host.ping')) as { readonly at: number };
      this.#offsetS = at - (before + Date.now()) / 2000;
      if (this.#watched !== '') await this.#watch();
      else {
        await this.#title.learn();
        if (this.#stage === 'table') await this.#comeIn();
        else if (this.#stage === 'waiting') await this.#ask();
      }
    } catch (error) {
      this.#trouble(error);
      const { wire } = this;
      setTimeout(() => this.wire === wire && this.#stage !== 'title' && void this.#up(), againMs);
    }
  }

  #down(code: string, final: boolean): void {
    document.body.dataset.wire = 'down';
    const words: Record<string, string> = {
      'session.replaced': 'You play in another window now.',
      'zone.recovering': 'The table fell over and is getting up again…',
    };
    if (final) return this.#state(words[code] ?? `The server has closed the connection (${code}).`);
    this.#state(words[code] ?? 'The connection is lost. Trying again…');
  }

  async #watch(): Promise<void> {
    if (this.wire.kind !== 'live') {
      this.#state('Watching needs the live connection.');
      return;
    }
    await this.wire.call('zone.watch', { zone: this.#watched, x: 4, y: 4, distance: 8 });
    this.#zone = this.#watched;
    this.#show('table');
  }

  /** Asks for a match; who has one already goes on with that. */
  async #seek(mode: Mode, party: number | string | undefined): Promise<void> {
    await this.#title.choose();
    const { name } = this.#title;
    const who: Params = name === '' ? {} : { name };
    const code: Params = party === undefined ? {} : { party };
    const status = (await this.wire
      .call('match.find', { game, mode, once: makeOnce(), ...who, ...code })
      .catch((error: unknown) => {
        if (!(error instanceof CallError) || error.code !== 'match.already') throw error;
        return error.details;
      })) as Status;
    this.#match = { ticket: status.ticket, name };
    rememberMatch(this.#match);
    // An invitation is good once.
    this.#title.invite(undefined);
    history.replaceState(null, '', location.pathname);
    await this.#follow(status);
  }

  /** Asks how it stands. */
  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    const ticket = this.#match?.ticket;
    if (ticket === undefined) return this.#home();
    try {
      await this.#follow((await this.wire.call('match.status', { ticket })) as Status);
    } catch (error) {
      this.#trouble(error);
      this.#later();
    }
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.#match !== null)
      this.#timer = setTimeout(() => void this.#ask(), this.#stage === 'table' ? 5 * followMs : followMs);
  }

  async #follow(status: Status): Promise<void> {
    if (this.#match?.ticket !== status.ticket) return;
    switch (status.state) {
      case 'gathering':
      case 'waiting':
        this.#show('waiting');
        this.#waiting.show(status);
        break;
      case 'found':
        await this.wire.call('match.accept', { ticket: status.ticket });
        break;
      case 'started':
        if (this.#stage !== 'table') await this.#comeIn();
        break;
      case 'cancelled':
      case 'over':
        return this.#over(status);
    }
    this.#later();
  }

  /** Takes the seat, also again after everything was lost. */
  #comeIn(): Promise<void> {
    this.#coming ??= this.#enter().finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  async #enter(): Promise<void> {
    const match = this.#match;
    if (match === null) return this.#home();
    try {
      await this.#title.choose();
      const { zone } = await this.#sit(match);
      this.#zone = zone;
      this.#looked = '';
      this.#show('table');
      this.#state('');
      this.#later();
      if (this.#board !== undefined) this.#see(this.#board);
    } catch (error) {
      const code = error instanceof CallError ? error.code : '';
      if (code === 'match.not-started') return this.#ask();
      if (code.startsWith('match.') || code === 'zone.forbidden' || code === 'zone.unknown') {
        this.#forget();
        return this.#home('That match is over.');
      }
      this.#state(inWords(error));
      setTimeout(() => void this.#comeIn(), againMs);
    }
  }

  /** A former connection may still hold the name for a while: any name is good enough for the one who has the ticket. */
  #sit({ ticket, name }: Match): Promise<Entered> {
    return this.wire.enter(ticket, name).catch((error: unknown) => {
      if (!(error instanceof CallError) || error.code !== 'name.taken') throw error;
      return this.wire.enter(ticket, `${name.slice(0, 13)}${100 + Math.floor(Math.random() * 900)}`);
    });
  }

  #see(board: Board): void {
    this.#board = board;
    const { match, turn, phase, seats } = board.state;
    this.#table.show(board.state);
    part('leave').hidden = false;
    // One's own letters change with the turns; they are told to who asks.
    const key = `${board.id} ${match} ${turn} ${phase}`;
    if (this.#watched !== '' || this.#looked === key || !seats.some((seat) => seat !== null)) return;
    this.#looked = key;
    this.#look(board.id).catch((error: unknown) => {
      this.#looked = '';
      this.#trouble(error);
    });
  }

  async #look(id: string): Promise<void> {
    const { result } = (await this.wire.call('object.call', { id, method: 'look' })) as { readonly result: Mine };
    this.#table.take(result);
    // The node has still to tell the table who has come back.
    if (result.seat === -1 && this.#match !== null) setTimeout(() => this.#lookAgain(), againMs);
  }

  #lookAgain(): void {
    this.#looked = '';
    if (this.#board !== undefined) this.#see(this.#board);
  }

  /** A move that is made once, however often its answer is lost. @returns what is wrong with it */
  async #move(method: string, params: Params): Promise<string> {
    const turn = this.#board?.state.turn ?? 0;
    const answer = await this.#call(method, { ...params, turn }).catch((error: unknown) => inWords(error));
    if (typeof answer === 'string') return answer;
    if (answer.no !== undefined) return answer.text ?? answer.no;
    this.#table.take(answer);
    return '';
  }

  async #tell(method: string): Promise<void> {
    const answer = await this.#call(method, {}).catch((error: unknown) => this.#state(inWords(error)));
    if (answer?.no !== undefined) announce(answer.text ?? '');
  }

  async #call(method: string, params: Params): Promise<Answer> {
    const once = makeOnce();
    for (let tries = 1; ; tries++) {
      const id = this.#board?.id ?? '';
      try {
        const told = (await this.wire.call('object.call', { id, method, params, once })) as { readonly result: Answer };
        return told.result;
      } catch (error) {
        if (!(error instanceof CallError) || !lostCodes.has(error.code) || tries >= triesMost) throw error;
        await new Promise((done) => setTimeout(done, againMs));
        await this.#coming;
      }
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
    const match = this.#match;
    this.#forget();
    if (this.#watched !== '') {
      this.#watched = '';
      history.replaceState(null, '', location.pathname);
      await this.wire.call('zone.unwatch').catch((error: unknown) => this.#trouble(error));
    } else if (match !== null) {
      await this.wire.call('match.leave', { ticket: match.ticket }).catch(expected);
      await this.wire.leave().catch(expected);
    }
    await this.#home();
  }

  async #other(): Promise<void> {
    await this.#leave();
    await this.#seek('duel', undefined).catch((error: unknown) => this.#trouble(error));
  }

  async #cancel(): Promise<void> {
    const ticket = this.#match?.ticket;
    this.#forget();
    if (ticket !== undefined) await this.wire.call('match.cancel', { ticket }).catch(expected);
    await this.#home();
  }

  async #wrenInstead(): Promise<void> {
    await this.#cancel();
    await this.#seek('wren', undefined).catch((error: unknown) => this.#trouble(error));
  }

  /** The ticket is at its end. At the table one stays, to look at what was. */
  async #over({ why }: Status): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#stage === 'table' && this.#board?.state.phase === 'over') return;
    const words: Record<string, string> = {
      'match.silent': 'You were away too long.',
      'match.named-gone': 'Your partner is gone.',
      'match.party-ended': 'Your friend is gone.',
    };
    this.#forget();
    await this.#home(words[why ?? ''] ?? 'The match is over.');
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#match = null;
    this.#board = undefined;
    this.#looked = '';
    rememberMatch(null);
  }

  async #home(news = ''): Promise<void> {
    this.#table.clear();
    this.#show('title');
    this.#title.say(news);
  }

  #show(stage: Stage): void {
    if (stage === 'table' && this.#stage !== 'table') part('twine').focus({ preventScroll: true });
    this.#stage = stage;
    document.body.dataset.stage = stage;
    for (const one of ['title', 'waiting', 'table']) part(one).hidden = one !== stage;
    part('leave').hidden = stage !== 'table';
    part('watch-link').hidden = stage !== 'table' || this.#watched !== '';
  }

  #trouble(error: unknown): void {
    if (!(error instanceof CallError)) throw error;
    const { code } = error;
    if (code === 'match.unknown-ticket' || code === 'zone.forbidden' || code === 'zone.unknown') {
      this.#forget();
      this.#watched = '';
      void this.#home('That match is over.');
    } else if (!lostCodes.has(code)) this.#state(inWords(error));
  }

  /** A line over everything; an empty one takes it away. */
  #state(text: string): void {
    part('state').hidden = text === '';
    part('state').textContent = text;
  }
}

/** Whether there was something to leave does not matter. */
function expected(error: unknown): void {
  if (!(error instanceof CallError)) throw error;
}
