import { part } from './page.ts';

/** All sounds are made here, by oscillators and noise: no files. Silent until somebody asks for sound. */
export class Sound {
  #context: AudioContext | undefined;
  #out: GainNode | undefined;
  #nextAmbient = 0;
  readonly #button = part<HTMLButtonElement>('sound');

  constructor() {
    this.#button.addEventListener('click', () => this.toggle());
  }

  get on(): boolean {
    return this.#button.getAttribute('aria-pressed') === 'true';
  }

  toggle(): void {
    const on = !this.on;
    this.#button.setAttribute('aria-pressed', String(on));
    if (!on) {
      void this.#context?.suspend();
      return;
    }
    this.#context ??= new AudioContext();
    if (this.#out === undefined) {
      this.#out = this.#context.createGain();
      this.#out.gain.value = 0.25;
      this.#out.connect(this.#context.destination);
    }
    void this.#context.resume();
    this.play('lay');
  }

  /** Plays a sound by name; `far` in metres makes it softer. Names nobody knows are silent. */
  play(name: string, far = 0): void {
    const loud = Math.max(0, 1 - far / 18) ** 2;
    if (!this.on || loud < 0.02) return;
    switch (name) {
      case 'cluck':
        this.#tone(520, 380, 0.07, 'triangle', 0.3 * loud);
        this.#tone(640, 430, 0.09, 'triangle', 0.35 * loud, 0.11);
        if (Math.random() > 0.5) this.#tone(700, 820, 0.14, 'triangle', 0.3 * loud, 0.24);
        return;
      case 'crow':
        for (const [i, f] of [620, 780, 940, 720].entries())
          this.#tone(f, f * (i === 3 ? 0.6 : 1.15), i === 3 ? 0.5 : 0.15, 'sawtooth', 0.16 * loud, i * 0.16);
        return;
      case 'quack':
        this.#tone(330, 210, 0.12, 'sawtooth', 0.2 * loud);
        return;
      case 'moo':
        this.#tone(150, 110, 1.1, 'sawtooth', 0.25 * loud);
        return;
      case 'yip':
        this.#tone(760, 420, 0.16, 'sawtooth', 0.16 * loud);
        return;
      case 'kick':
        this.#tone(160, 50, 0.16, 'sine', 0.9 * loud);
        return;
      case 'grain':
        this.#noise(0.18, 5200, 0.16 * loud);
        return;
      case 'clap':
        for (const at of [0, 0.22, 0.44]) this.#noise(0.06, 1800, 0.5 * loud, at);
        return;
      case 'gate':
        this.#tone(240, 330, 0.35, 'sawtooth', 0.07 * loud);
        return;
      case 'lay':
      case 'take':
        this.#tone(680, 1020, 0.12, 'sine', 0.4 * loud);
        return;
      case 'put':
        this.#tone(520, 780, 0.1, 'sine', 0.4 * loud);
        this.#tone(780, 1170, 0.14, 'sine', 0.35 * loud, 0.1);
        return;
      case 'goal':
        for (const [i, f] of [523, 659, 784, 1047].entries()) this.#tone(f, f, 0.3, 'triangle', 0.4, i * 0.12);
        return;
      case 'party':
        for (const [i, f] of [523, 587, 659, 784, 880, 1047, 1319].entries())
          this.#tone(f, f, 0.4, 'triangle', 0.35, i * 0.11);
        for (let i = 0; i < 9; i++) this.#noise(0.5, 900, 0.25, 0.75 + i * 0.45);
        return;
    }
  }

  /** Birds by day, crickets at night; call it every frame. */
  ambient(t: number, dark: number, inside: boolean): void {
    if (!this.on || t < this.#nextAmbient || inside) return;
    if (dark > 0.5) {
      for (let i = 0; i < 4; i++) this.#tone(4300, 4300, 0.03, 'sine', 0.035, i * 0.06);
      this.#nextAmbient = t + 0.9 + Math.random();
    } else {
      const f = 2200 + Math.random() * 1500;
      for (let i = 0; i < 3; i++) this.#tone(f, f * (0.8 + Math.random() * 0.5), 0.08, 'sine', 0.05, i * 0.13);
      this.#nextAmbient = t + 2.5 + Math.random() * 5;
    }
  }

  #tone(from: number, to: number, seconds: number, type: OscillatorType, loud: number, after = 0): void {
    const context = this.#context;
    if (context === undefined || this.#out === undefined) return;
    const at = context.currentTime + after;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = type;
    oscillator.frequency.setValueAtTime(from, at);
    oscillator.frequency.exponentialRampToValueAtTime(to, at + seconds);
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0008, at + seconds);
    oscillator.connect(gain).connect(this.#out);
    oscillator.start(at);
    oscillator.stop(at + seconds + 0.03);
  }

  #noise(seconds: number, pitch: number, loud: number, after = 0): void {
    const context = this.#context;
    if (context === undefined || this.#out === undefined) return;
    const at = context.currentTime + after;
    const buffer = context.createBuffer(1, Math.ceil(context.sampleRate * seconds), context.sampleRate);
    const data = buffer.getChannelData(0);
    for (let i = 0; i < data.length; i++) data[i] = (Math.random() * 2 - 1) * (1 - i / data.length) ** 2;
    const source = context.createBufferSource();
    const filter = context.createBiquadFilter();
    const gain = context.createGain();
    source.buffer = buffer;
    filter.type = 'bandpass';
    filter.frequency.value = pitch;
    gain.gain.value = loud;
    source.connect(filter).connect(gain).connect(this.#out);
    source.start(at);
  }
}
