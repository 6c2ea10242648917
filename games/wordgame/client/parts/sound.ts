/** A few quiet notes, made as they are played. Off until somebody wants them. */
import { recall, remember } from './kept.ts';

/** Hertz, one after the other. */
const tunes = {
  lay: [520],
  back: [390],
  mine: [523, 659, 784],
  theirs: [440, 523],
  wrong: [180, 150],
  hurry: [880],
  end: [523, 659, 784, 1047],
} as const;

const noteS = 0.09;

export class Sound {
  #context: AudioContext | undefined;
  #on = recall('sound') === 'on';

  get on(): boolean {
    return this.#on;
  }

  toggle(): boolean {
    this.#on = !this.#on;
    remember('sound', this.#on ? 'on' : 'off');
    this.play('mine');
    return this.#on;
  }

  play(name: keyof typeof tunes): void {
    if (!this.#on) return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    // After a reload the browser waits for a first touch.
    if (context.state === 'suspended') void context.resume();
    tunes[name].forEach((hertz, i) => {
      const from = context.currentTime + i * noteS;
      const note = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.linearRampToValueAtTime(0.12, from + 0.01);
      volume.gain.linearRampToValueAtTime(0, from + noteS * 1.6);
      note.connect(volume).connect(context.destination);
      note.start(from);
      note.stop(from + noteS * 2);
    });
  }
}
