/** What part of the land the screen shows. */
export class Camera {
  x = 0;
  y = 0;
  /** CSS pixels a metre. */
  zoom = 48;
  /** CSS pixels. */
  width = 1;
  height = 1;
  #placed = false;

  /** Fits the zoom to the screen: about 33 m across on a wide one, 10 m on a phone; a small room fills it. */
  resize(width: number, height: number, room?: { readonly width: number; readonly height: number }): void {
    this.width = width;
    this.height = height;
    const outside = Math.min(64, Math.max(36, width / 33, height / 24));
    this.zoom =
      room === undefined ? outside : Math.max(outside, Math.min(80, width / room.width, height / (room.height + 1)));
  }

  /** Goes after a point, softly; jumps when it is far off. */
  follow(x: number, y: number, land: { readonly width: number; readonly height: number }, dt: number): void {
    const far = Math.hypot(x - this.x, y - this.y) > 12;
    const k = !this.#placed || far ? 1 : 1 - Math.exp(-dt * 5.5);
    this.#placed = true;
    this.x += (x - this.x) * k;
    this.y += (y - this.y) * k;
    const halfW = this.width / this.zoom / 2;
    const halfH = this.height / this.zoom / 2;
    // Trees and roofs stand up into the picture, so it may show a little beyond the northern edge.
    this.x = land.width <= halfW * 2 ? land.width / 2 : Math.min(land.width - halfW, Math.max(halfW, this.x));
    this.y = land.height <= halfH * 2 ? land.height / 2 : Math.min(land.height - halfH, Math.max(halfH, this.y));
  }

  forget(): void {
    this.#placed = false;
  }

  get view(): { x: number; y: number; w: number; h: number } {
    const w = this.width / this.zoom;
    const h = this.height / this.zoom;
    return { x: this.x - w / 2, y: this.y - h / 2, w, h };
  }

  toScreen(x: number, y: number): { x: number; y: number } {
    return { x: (x - this.x) * this.zoom + this.width / 2, y: (y - this.y) * this.zoom + this.height / 2 };
  }

  toLand(x: number, y: number): { x: number; y: number } {
    return { x: (x - this.width / 2) / this.zoom + this.x, y: (y - this.height / 2) / this.zoom + this.y };
  }
}
