/** One player of the scenario `turn`: what the state machine wants goes out, what comes in is held against the books. */
import type { Player } from '../definition.ts';
import type { HttpReply } from '../http.ts';
import { RequestError } from '../request-error.ts';
import { judgeTurn, TurnClient } from './turn-client.ts';
import type { TurnMatch, TurnMatches } from './turn-match.ts';

/** When the time is over, texts that are under way have so long. */
const patienceMs = 15_000;
const lookMs = 100;
/** Whoever asks too often is refused; a little later he is not. */
const refusedMs = 1_000;

export class TurnPlayer {
  readonly #player: Player;
  readonly #door: string;
  readonly #matches: TurnMatches;
  readonly #client = new TurnClient();
  #match: TurnMatch | undefined;
  #seat = 0;
  #registrations = 0;
  #requests = 0;
  #texts = 0;
  /** The last text has to be sent again: its answer did not come, or is taken for lost. */
  #isLost = false;

  constructor(player: Player, door: string, matches: TurnMatches) {
    this.#player = player;
    this.#door = door;
    this.#matches = matches;
  }

  /** One request. */
  async step(): Promise<void> {
    const client = this.#client;
    switch (client.state) {
      case 'out':
        return await this.#register();
      case 'playing':
        return await this.#ask('send', this.#isLost ? client.repeat() : client.send(this.#write()));
      default:
        return await this.#ask(client.does, client.step());
    }
  }

  /** Waits until all texts of the match have come, and quits. */
  async end(): Promise<void> {
    const client = this.#client;
    if (client.state !== 'playing') {
      // Whoever is in the match already hears from nobody.
      this.#match?.cut();
      return client.state === 'out' ? undefined : await this.#ask('unregister', client.unregister());
    }
    this.#match?.ends(this.#seat);
    for (const untilMs = performance.now() + patienceMs; this.#isUnderWay && performance.now() < untilMs; ) {
      const refused = await this.#ask('send', client.repeat()).then(() => undefined, onlyRefusal);
      // What waits for an answer that does not come is not lost by the relay.
      if (refused?.isAnswer === false || client.state !== 'playing') return this.#match?.cut();
      await this.#player.pause(refused ? refusedMs : lookMs);
    }
    await this.#ask('quit', client.quit());
  }

  get #isUnderWay(): boolean {
    return this.#isLost || this.#match?.isDone === false;
  }

  async #register(): Promise<void> {
    this.#registrations += 1;
    const name = `${this.#player.name}${this.#registrations}`;
    this.#matches.register(name);
    await this.#ask('register', this.#client.register(name));
  }

  /** Numbered, so that no text is like another; and none ends with the bar that stands between two. */
  #write(): string {
    const { random, options } = this.#player;
    const length = random.length(1, Math.max(1, Number(options.letters)));
    const words = options.text === 'plain' ? random.name(length) : random.text(length);
    const text = `${this.#texts++} ${words}.`;
    this.#match?.from(this.#seat).sent(text);
    return text;
  }

  async #ask(what: string, body: string): Promise<void> {
    const answer = await this.#post(what, body);
    const { random, options } = this.#player;
    const wasLost = this.#isLost;
    this.#isLost = what === 'send' && !wasLost && random.next() < Number(options.repeat);
    if (this.#isLost) this.#player.count('repeats');
    // Half of those that are repeated were heard, and have to be answered as before.
    if (!this.#isLost || random.next() < 0.5) this.#hear(answer);
  }

  /** @throws RequestError */
  async #post(what: string, body: string): Promise<string> {
    let refusal: string | undefined;
    const judge = (reply: HttpReply) => {
      const wrong = judgeTurn(reply);
      if (wrong?.code.startsWith('turn.')) refusal = reply.text;
      return wrong;
    };
    const headers = { 'content-type': 'text/plain' };
    const request = { method: 'POST', path: this.#door, body, headers, as: `turn ${what}`, judge } as const;
    try {
      const { text, ms } = await this.#player.request(request);
      await this.#askTime(ms);
      return text;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (refusal !== undefined) this.#hear(refusal);
      else this.#isLost = this.#client.state === 'playing';
      throw error;
    }
  }

  /** What the server says of the last request; with many clients that is often somebody else's. */
  async #askTime(ofMs: number): Promise<void> {
    const every = Number(this.#player.options['server-time']);
    this.#requests += 1;
    if (every === 0 || this.#requests % every !== 0) return;
    const reply = await this.#player.look({ path: this.#door });
    const seconds = Number.parseFloat(reply?.text ?? '');
    if (seconds >= 0) this.#player.serverTook(seconds * 1_000, ofMs);
  }

  #hear(answer: string): void {
    const player = this.#player;
    const heard = this.#client.hear(answer);
    switch (heard.kind) {
      case 'paired':
        this.#match = this.#matches.between(this.#client.name, heard.partner, player.run);
        return;
      case 'started':
        [this.#seat, this.#texts, this.#isLost] = [heard.seat, 0, false];
        player.count(this.#match ? 'seats taken' : 'seats taken beside strangers');
        return;
      case 'texts':
        if (heard.block !== '') this.#match?.to(this.#seat).heardJoined(heard.block, '|');
        return;
      case 'unlike':
        return player.error('turn.unlike', `a repeat was not answered as before: ${heard.wanted.slice(0, 100)}`);
      case 'refused':
        this.#isLost = heard.isAsked && this.#client.state === 'playing';
        if (heard.isAsked) return;
        this.#match?.cut();
        this.#match = undefined;
        return;
      case 'step':
        return;
    }
  }
}

function onlyRefusal(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  throw error;
}
