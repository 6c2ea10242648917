/**
 * Our side of telnet's negotiation: we hide what is typed when a secret is asked for, and like to know the size of the terminal.
 * Everything else is refused, once.
 * @source RFC 854 (telnet), 857 (echo), 860 (timing mark), 1073 (window size), 1143 (no loops)
 */
import { type Telnet, telnet } from './lines.ts';

const option = { echo: 1, timingMark: 6, size: 31 } as const;
const iac = 255;

export class TelnetSide {
  /** The other side has spoken telnet. */
  speaks = false;
  /** Characters across and down, when it told them. */
  size: { readonly columns: number; readonly rows: number } | undefined;
  readonly #write: (bytes: Buffer) => void;
  /** What was answered: nothing is answered twice, or two sides that are both polite never end. */
  readonly #said = new Set<string>();
  #hides = false;

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  heard({ command, option: about, data }: Telnet): void {
    this.speaks = true;
    if (command === telnet.areYouThere) this.#write(Buffer.from('\r\n[Yes]\r\n'));
    if (command === telnet.sub && about === option.size) this.#size(data);
    if (command === telnet.do) this.#wanted(about);
    if (command === telnet.will) this.#sayOnce(about === option.size ? telnet.do : telnet.dont, about);
    this.#sayOnce(telnet.do, option.size);
  }

  #wanted(about: number): void {
    // After a Control-C the other side shows nothing until it hears this, each time anew.
    if (about === option.timingMark) this.#say(telnet.will, about);
    // The terminal goes on sending whole lines.
    else if (about !== option.echo || !this.#hides) this.#sayOnce(telnet.wont, about);
  }

  /** From now on the terminal shows what is typed no more, or does again. */
  hide(on: boolean): void {
    if (on === this.#hides) return;
    this.#hides = on;
    this.#say(on ? telnet.will : telnet.wont, option.echo);
  }

  #size([wideHigh = 0, wideLow = 0, tallHigh = 0, tallLow = 0]: readonly number[]): void {
    const columns = wideHigh * 256 + wideLow;
    const rows = tallHigh * 256 + tallLow;
    if (columns >= 20 && columns <= 500 && rows >= 5 && rows <= 200) this.size = { columns, rows };
  }

  #sayOnce(command: number, about: number): void {
    const key = `${command} ${about}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#say(command, about);
  }

  #say(command: number, about: number): void {
    this.#write(Buffer.from([iac, command, about]));
  }
}
