/**
 * Bytes of the text port → lines. LF, CR LF, CR and NUL end a line (NUL as Flash's XMLSocket sends it), in the key/value mode `~`
 * too. Telnet's negotiation is taken out wherever it stands; where people type, backspace and the like edit the line.
 * @source RFC 854, 855 (telnet); RFC 3629 (UTF-8: the byte 255 is never part of it)
 */

/** How a line ended: answers end as questions did. */
export type LineEnd = 'lf' | 'cr' | 'nul' | 'tilde';

export type Read =
  | { readonly kind: 'line'; readonly text: string; readonly end: LineEnd }
  /** It is longer than a line may be: told once, and all of it up to its end is dropped. */
  | { readonly kind: 'too-long' }
  /** It is not UTF-8. */
  | { readonly kind: 'not-text'; readonly end: LineEnd }
  /** All that comes has come, and it does not end: nobody knows what it was to be. */
  | { readonly kind: 'unended' }
  /** Control-C, or telnet's "interrupt process": what was typed of the line is dropped. */
  | { readonly kind: 'interrupt' }
  /** Control-D at the beginning of a line. */
  | { readonly kind: 'end' };

/** A telnet command with its option, and what stood in a subnegotiation of it. */
export type Telnet = { readonly command: number; readonly option: number; readonly data: readonly number[] };

export const telnet = {
  ...{ will: 251, wont: 252, do: 253, dont: 254, sub: 250, subEnd: 240 },
  ...{ interrupt: 244, areYouThere: 246, eraseCharacter: 247, eraseLine: 248 },
} as const;
const iac = 255;
/** The least byte that is a command of telnet. */
const leastCommand = 236;
/** Bytes of a subnegotiation that are kept, and after which it is taken for none. */
const subKept = 64;
const subMost = 1_024;

const code = {
  nul: 0,
  interrupt: 3,
  end: 4,
  backspace: 8,
  lf: 10,
  cr: 13,
  killLine: 21,
  killWord: 23,
  blank: 32,
  tilde: 126,
  del: 127,
};

const interruptProcess = Buffer.of(iac, telnet.interrupt);

export class TextLines {
  /** People type here: backspace, Control-U, -W, -C and -D edit. */
  byHand = true;
  /** `~` ends a line too. */
  tilde = false;
  readonly #most: number;
  readonly #onTelnet: (heard: Telnet) => void;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #waiting: Buffer[] = [];
  #at = 0;
  #line: number[] = [];
  #over = false;
  /** The line before ended with CR: a LF or NUL right after it is the same end. */
  #afterCr = false;
  #telnet: 'none' | 'iac' | 'option' | 'sub' | 'sub-iac' = 'none';
  #command = 0;
  #sub: number[] = [];
  #subLength = 0;

  /** @param most  Bytes of a line. */
  constructor(most: number, onTelnet: (heard: Telnet) => void) {
    this.#most = most;
    this.#onTelnet = onTelnet;
  }

  push(bytes: Buffer): void {
    if (bytes.length > 0) this.#waiting.push(bytes);
  }

  /** Whether a line has begun and not ended. */
  get isHalf(): boolean {
    return this.#line.length > 0 || this.#over || this.#telnet !== 'none';
  }

  /** Whether what was pushed and not read has a Control-C in it, or telnet's "interrupt process". */
  get holdsInterrupt(): boolean {
    if (!this.byHand) return false;
    const rest = Buffer.concat(this.#waiting).subarray(this.#at);
    return rest.includes(code.interrupt) || rest.includes(interruptProcess);
  }

  /** Whether all that was pushed has been read. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What comes next; undefined when more has to be pushed first. How lines are read may change between two. */
  next(): Read | undefined {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) return undefined;
      while (this.#at < first.length) {
        const read = this.#take(first[this.#at++] as number);
        if (read !== undefined) return read;
      }
      this.#waiting.shift();
      this.#at = 0;
    }
  }

  /** Nothing more comes. @returns what there is to say of a line that was begun, once */
  end(): Read | undefined {
    if (this.#line.length === 0) return undefined;
    this.#line = [];
    return { kind: 'unended' };
  }

  #take(byte: number): Read | undefined {
    if (this.#telnet !== 'none') return this.#takeTelnet(byte);
    if (byte === iac) {
      this.#telnet = 'iac';
      return undefined;
    }
    const wasCr = this.#afterCr;
    this.#afterCr = false;
    if (wasCr && (byte === code.lf || byte === code.nul)) return undefined;
    switch (byte) {
      case code.cr:
        this.#afterCr = true;
        return this.#end('cr');
      case code.lf:
        return this.#end('lf');
      case code.nul:
        return this.#end('nul');
      default:
        if (this.tilde && byte === code.tilde) return this.#end('tilde');
        return this.byHand && this.#edits(byte) ? this.#edit(byte) : this.#add(byte);
    }
  }

  #add(byte: number): Read | undefined {
    if (this.#over) return undefined;
    if (this.#line.length < this.#most) {
      this.#line.push(byte);
      return undefined;
    }
    this.#over = true;
    this.#line = [];
    return { kind: 'too-long' };
  }

  #end(end: LineEnd): Read | undefined {
    const bytes = Uint8Array.from(this.#line);
    const wasOver = this.#over;
    this.#line = [];
    this.#over = false;
    if (wasOver) return undefined;
    if (bytes.length === 0) return { kind: 'line', text: '', end };
    try {
      return { kind: 'line', text: this.#decoder.decode(bytes), end };
    } catch {
      return { kind: 'not-text', end }; // What was typed is no text in UTF-8, and is answered as that.
    }
  }

  #edits(byte: number): boolean {
    return byte < code.blank || byte === code.del;
  }

  #edit(byte: number): Read | undefined {
    switch (byte) {
      case code.backspace:
      case code.del:
        this.#eraseOne();
        return undefined;
      case code.killLine:
        this.#line = [];
        return undefined;
      case code.killWord:
        while (this.#line.at(-1) === code.blank) this.#line.pop();
        while (this.#line.length > 0 && this.#line.at(-1) !== code.blank) this.#line.pop();
        return undefined;
      case code.interrupt:
        this.#line = [];
        return { kind: 'interrupt' };
      case code.end:
        return this.#line.length === 0 && !this.#over ? { kind: 'end' } : undefined;
      default:
        // Escape and tabulator are the reader's to take out; others are kept from nobody.
        return this.#add(byte);
    }
  }

  /** A character: all its bytes. */
  #eraseOne(): void {
    let byte = this.#line.pop();
    while (byte !== undefined && (byte & 0xc0) === 0x80) byte = this.#line.pop();
  }

  #takeTelnet(byte: number): Read | undefined {
    switch (this.#telnet) {
      case 'iac':
        return this.#takeCommand(byte);
      case 'option':
        this.#telnet = 'none';
        this.#onTelnet({ command: this.#command, option: byte, data: [] });
        return undefined;
      case 'sub':
        if (byte === iac) this.#telnet = 'sub-iac';
        else this.#takeSub(byte);
        return undefined;
      default:
        this.#telnet = 'sub';
        if (byte === telnet.subEnd) this.#endSub();
        else this.#takeSub(byte);
        return undefined;
    }
  }

  #takeCommand(byte: number): Read | undefined {
    this.#telnet = 'none';
    if (byte < leastCommand || byte === iac) return this.#takeForeign(byte);
    if (byte >= telnet.will && byte <= telnet.dont) {
      this.#telnet = 'option';
      this.#command = byte;
      return undefined;
    }
    switch (byte) {
      case telnet.sub:
        this.#telnet = 'sub';
        this.#sub = [];
        this.#subLength = 0;
        return undefined;
      case telnet.interrupt:
        this.#line = [];
        return { kind: 'interrupt' };
      case telnet.areYouThere:
        this.#onTelnet({ command: byte, option: 0, data: [] });
        return undefined;
      case telnet.eraseCharacter:
        if (this.byHand) this.#eraseOne();
        return undefined;
      case telnet.eraseLine:
        if (this.byHand) this.#line = [];
        return undefined;
      default:
        return undefined;
    }
  }

  /** It is no telnet: the byte 255 was meant as a letter, and the line is no UTF-8. What ends the line still ends it. */
  #takeForeign(byte: number): Read | undefined {
    if (this.#line.length < this.#most && !this.#over) this.#line.push(iac);
    return byte === iac ? undefined : this.#take(byte);
  }

  #takeSub(byte: number): void {
    this.#subLength += 1;
    if (this.#sub.length < subKept) this.#sub.push(byte);
    if (this.#subLength > subMost) this.#telnet = 'none';
  }

  #endSub(): void {
    this.#telnet = 'none';
    const [option, ...data] = this.#sub;
    if (option !== undefined) this.#onTelnet({ command: telnet.sub, option, data });
  }
}
