/**
 * Length-prefixed JSON frames over two streams: `uint32 length (big endian) + JSON text`.
 * The one wire between the node and its workers and its compiler. Whatever is malformed, too long or too deep ends
 * the pipe with a named reason and nothing else; what cannot be sent has a named outcome and never buffers without bound.
 */
import type { Readable, Writable } from 'node:stream';

const headerBytes = 4;
const megabyte = 1024 * 1024;
/** Default bound of one frame, both ways. */
export const defaultFrameBytes = 16 * megabyte;
/** Deeper values parse, and then overflow the stack of whoever stringifies them: state may be 16 deep, frames nest it in a few more. */
const maxDepth = 64;

/** What came of a send. `full`: the other side does not read; nothing of the message was written. */
export type SendOutcome = 'sent' | 'full' | 'too-long' | 'closed';

/** Why a pipe ended: `closed` between two frames is the orderly way, the others are faults of the other side. */
export type PipeEnd =
  | { readonly kind: 'closed' }
  | { readonly kind: 'truncated'; readonly message: string }
  | { readonly kind: 'too-long'; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

export type PipeOptions = {
  readonly input: Readable;
  readonly output: Writable;
  /** Bound of one frame's JSON in bytes, both ways. Default 16 MB. */
  readonly maxFrameBytes?: number;
  /** Bound of bytes that wait to be written. Default 8 MB; one frame may always wait alone. */
  readonly maxQueuedBytes?: number;
  /** A decoded frame: a claim of the other side, still to be checked. */
  readonly onMessage: (message: unknown) => void;
  /** Called once; nothing is received or sent afterwards. */
  readonly onEnd: (end: PipeEnd) => void;
};

export interface Pipe {
  send(message: object): SendOutcome;
  /** Bytes written here and not yet taken by the system. */
  queuedBytes(): number;
  /** Stops listening and ends the output. Closing twice is harmless; `onEnd` is not called for it. */
  close(): void;
}

/** A frame as bytes, or null when its JSON is longer than `maxBytes`. */
export function encodeFrame(message: object, maxBytes: number = defaultFrameBytes): Buffer | null {
  const text = JSON.stringify(message);
  // A character is at least one byte: the common too-long case costs no counting.
  if (text.length > maxBytes) return null;
  const length = Buffer.byteLength(text);
  if (length > maxBytes) return null;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame.writeUInt32BE(length, 0);
  frame.write(text, headerBytes, 'utf8');
  return frame;
}

/** Cuts a byte stream into frames. Holds at most one unfinished frame. */
export interface Decoder {
  /** Hands on every frame that is complete; gives the fault that ends the stream, or null. */
  push(chunk: Buffer): PipeEnd | null;
  /** Whether the stream stands between two frames. */
  whole(): boolean;
}

export function createDecoder(onMessage: (message: unknown) => void, maxBytes: number = defaultFrameBytes): Decoder {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = headerBytes;
  let inBody = false;

  /** The next `wanted` bytes; there are at least so many. */
  function take(): Buffer {
    const first = chunks[0] as Buffer;
    const all = chunks.length === 1 ? first : Buffer.concat(chunks, held);
    const part = all.subarray(0, wanted);
    const rest = all.subarray(wanted);
    chunks = rest.length > 0 ? [rest] : [];
    held = rest.length;
    return part;
  }

  return {
    push(chunk) {
      if (chunk.length > 0) chunks.push(chunk);
      held += chunk.length;
      while (held >= wanted) {
        const part = take();
        if (!inBody) {
          const length = part.readUInt32BE(0);
          if (length > maxBytes)
            return { kind: 'too-long', message: `a frame of ${length} bytes, at most ${maxBytes}` };
          wanted = length;
          inBody = true;
          continue;
        }
        wanted = headerBytes;
        inBody = false;
        const parsed = parse(part);
        if (!parsed.ok) return { kind: 'malformed', message: parsed.message };
        onMessage(parsed.value);
      }
      return null;
    },
    whole: () => held === 0 && !inBody,
  };
}

function parse(bytes: Buffer): { ok: true; value: unknown } | { ok: false; message: string } {
  if (depthOf(bytes) > maxDepth) return { ok: false, message: `a frame nested deeper than ${maxDepth}` };
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return { ok: false, message: 'a frame that is not JSON' };
  }
}

/** Deepest nesting of arrays and objects in JSON text; text that is not JSON gives some number and fails to parse. */
function depthOf(bytes: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quoted) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}

/** Sends and receives frames over two streams until one of them ends. */
export function openPipe(options: PipeOptions): Pipe {
  const { input, output, onEnd } = options;
  const maxFrameBytes = options.maxFrameBytes ?? defaultFrameBytes;
  const maxQueuedBytes = options.maxQueuedBytes ?? 8 * megabyte;
  let open = true;

  const decoder = createDecoder((message) => {
    if (open) options.onMessage(message);
  }, maxFrameBytes);

  function detach(): void {
    open = false;
    input.off('data', onData);
    input.off('end', onInputEnd);
    input.off('close', onInputEnd);
  }

  function end(why: PipeEnd): void {
    if (!open) return;
    detach();
    input.destroy();
    output.destroy();
    onEnd(why);
  }

  function onData(chunk: Buffer): void {
    const fault = decoder.push(chunk);
    if (fault) end(fault);
  }

  function onInputEnd(): void {
    end(decoder.whole() ? { kind: 'closed' } : { kind: 'truncated', message: 'the stream ended inside a frame' });
  }

  function onError(error: Error): void {
    end({ kind: 'failed', message: error.message });
  }

  input.on('data', onData);
  input.on('end', onInputEnd);
  input.on('close', onInputEnd);
  // Error listeners stay after close: a late EPIPE is nobody's crash.
  input.on('error', onError);
  output.on('error', onError);

  return {
    send(message) {
      if (!open || output.destroyed || output.writableEnded) return 'closed';
      const frame = encodeFrame(message, maxFrameBytes);
      if (!frame) return 'too-long';
      if (output.writableLength > 0 && output.writableLength + frame.length > maxQueuedBytes) return 'full';
      output.write(frame);
      return 'sent';
    },
    queuedBytes: () => output.writableLength,
    close() {
      if (!open) return;
      detach();
      output.end();
      input.destroy();
    },
  };
}
