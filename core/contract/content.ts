/**
 * What designers' files become once they are read and checked: games, maps, compiled scripts.
 * Lengths are metres (y down), angles radians clockwise. Plain serialisable data.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
export type Point = { readonly x: number; readonly y: number };

export type Shape =
  | { readonly shape: 'circle'; readonly radius: number }
  | { readonly shape: 'box'; readonly width: number; readonly height: number }
  /** Convex, around the object's centre, at most 8 corners. */
  | { readonly shape: 'polygon'; readonly points: readonly Point[] };

/** How an object takes part in physics. */
export type BodySpec = Shape & {
  /** `dynamic` (default) is pushed, `static` never moves, `kinematic` moves only by its own velocity. */
  readonly type?: 'dynamic' | 'static' | 'kinematic';
  /** kg per square metre, default 1. */
  readonly density?: number;
  readonly friction?: number;
  /** 0 … 1, default 0: how much it bounces. */
  readonly restitution?: number;
  /** Touches are reported, nothing is blocked. */
  readonly sensor?: boolean;
  /** Continuous collision for fast things; at most 50 in a zone. */
  readonly fast?: boolean;
  /** The body does not turn. Default true for circles, false otherwise. */
  readonly upright?: boolean;
  /** Linear damping per second; default is the game's (4). */
  readonly damping?: number;
  /** Starts solid; scripts switch it with `self.body.solid`. Default true. */
  readonly solid?: boolean;
};

/** How an object is drawn. A string is short for an emoji. */
export type Look =
  | string
  | {
      readonly shape?: string;
      readonly color?: string;
      readonly size?: number;
      readonly width?: number;
      readonly height?: number;
      readonly sprite?: string;
      readonly emoji?: string;
      readonly label?: string;
    };

/**
 * Something that blocks and never moves: a chain of points, `closed` when last joins first. A closed one is filled when
 * its points run clockwise on the screen; a hole in a filled one runs the other way.
 */
export type Solid = { readonly points: readonly Point[]; readonly closed: boolean };

/**
 * A named place of the map: a box around its centre when `points` is absent. A point has no size.
 * `points` are corners in zone metres, like `x` and `y`; width and height are then those of the box around them.
 */
export type Area = {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly points?: readonly Point[];
};

/** An object of an object layer, inserted once in the zone's life. */
export type MapObject = {
  readonly tiledId: number;
  readonly kind: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** The shape drawn on the map: the body of a kind that has no script. Its property `body` sets `type` or `sensor`. */
  readonly shape: BodySpec | null;
  readonly state: JsonObject;
  readonly words: readonly string[];
  readonly physical: boolean;
};

export type TileLayer = {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Row by row; 0 is empty, otherwise 1 + the index into `tiles` of the map. Flips are in bits 29–31 as Tiled has them. */
  readonly data: readonly number[];
};

/** One tile of a tileset: which image, where in it. `name` is the tile's class. */
export type Tile = {
  readonly image: string | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
};

export type ZoneMap = {
  /** Metres. The zone is the box from (0, 0) to (width, height). */
  readonly width: number;
  readonly height: number;
  readonly pixelsPerMetre: number;
  readonly layers: readonly TileLayer[];
  readonly tiles: readonly Tile[];
  readonly solids: readonly Solid[];
  /** Areas and points of every layer called `areas`, by name; `spawn` is where characters appear. */
  readonly areas: readonly Area[];
  readonly objects: readonly MapObject[];
  /** First 12 hex digits of SHA-256 over the files it was read from. */
  readonly hash: string;
};

/** A map as pages read it, `/<game>/map/<zone>.json`: what stands in it at the start is the database's to say. */
export type PageMap = Omit<ZoneMap, 'objects' | 'hash'>;

export type ViewSpec = {
  /** Metres a session sees at least. */
  readonly radius: number;
  /** Side of a grid cell in metres. */
  readonly cell: number;
  /** At most so many objects in a view. */
  readonly most: number;
};

export type ZoneSpec = {
  readonly name: string;
  readonly map: string | null;
  readonly capacity: number;
  readonly tickRate: number;
  readonly physics: { readonly linearDamping: number; readonly angularDamping: number } | null;
  readonly awake: 'players' | 'always';
  readonly view: ViewSpec;
  /** Metres at which `say` is heard. */
  readonly hearing: number;
  /** Percent of a core that scripts may use, where it is not as the operator's settings say; `zone` never more than those. */
  readonly cpu?: { readonly object?: number; readonly kind?: number; readonly zone?: number };
  /** Every account has one of its own, `game/zone@owner`, open to whom it invites. */
  readonly owned?: true;
  /** So many of it at a time, `game/zone#2` and on, each opened when those before it are full. */
  readonly instances?: number;
  /** Others of it with the same map, `game/zone~dream`, that share nothing with it. */
  readonly dimensions?: readonly string[];
  /** Privilege of who may come in. */
  readonly needs?: string;
  /** So many may look at it without a character. */
  readonly spectators?: number;
  /** There for matches alone (and, where it is `owned`, for accounts): each has one of its own. */
  readonly matched?: true;
  readonly width: number;
  readonly height: number;
};

/** A number that players bring to a match: how far two may differ, or what they may be together. */
export type NumberRule = {
  readonly name: string;
  /** Of a list one after the other, then nothing is asked; of one, it grows. */
  readonly windows: readonly number[];
  /** Seconds of each window of a list. */
  readonly every: number;
  /** What a single window gains in a second; null for a list. */
  readonly grow: number | null;
  /** The widest that a single window becomes; null: it has no end. */
  readonly most: number | null;
  /** Of who brings none; null: it has to be brought. */
  readonly usual: number | null;
  /** The sum is compared, not the difference. */
  readonly adds: boolean;
};

/** What players can be matched for. Times are seconds; docs/matches.md explains it. */
export type ModeSpec = {
  readonly name: string;
  readonly title: string;
  /** Seats, bots included. */
  readonly least: number;
  readonly most: number;
  readonly runs: 'zone' | 'instance' | 'relay';
  /** Name of the zone of the game; null for a relay. */
  readonly zone: string | null;
  /** To accept in; 0: nobody is asked. */
  readonly accept: number;
  /** To come in when it has started. */
  readonly join: number;
  /** After which `least` is enough. */
  readonly patience: number;
  readonly backfill: boolean;
  readonly hosts: boolean;
  /** After which bots take what is missing for `least`; null: never. */
  readonly bots: number | null;
  /** Of silence, after which somebody who waits is out. */
  readonly silent: number;
  /** Outside of its zone, after which a player has left a match. */
  readonly away: number;
  /** Without another match with who dropped out. */
  readonly avoid: number;
  readonly numbers: readonly NumberRule[];
  readonly texts: readonly string[];
};

export type Game = {
  readonly name: string;
  readonly title: string;
  readonly dev: boolean;
  readonly start: string;
  /** The kind of the object a player controls. */
  readonly character: string;
  readonly zones: readonly ZoneSpec[];
  readonly settings: JsonObject;
  /** What players can be matched for; absent when the game says nothing of it. */
  readonly modes?: readonly ModeSpec[];
  /** Frame units: integers per metre (100) and per turn (256). */
  readonly units: { readonly metre: number; readonly turn: number };
  /** Absolute folder of the game; never leaves the node process. */
  readonly folder: string;
};

/**
 * A compiled object script (or zone script): one function body that needs nothing else, its imports inside.
 * The runtime calls it inside its own try/catch; it gives back the default export.
 */
export type Program = {
  /** Kind, or the zone's name for a zone script. */
  readonly name: string;
  readonly role: 'object' | 'zone';
  /** Path inside its root, for messages: `scripts/chicken.ts`, `games/farmyard/scripts/egg.ts`. */
  readonly path: string;
  /** First 12 hex digits of SHA-256 over its own and all imported sources. */
  readonly build: string;
  /** JavaScript; lines and columns of every file are those of its TypeScript. */
  readonly code: string;
  /** Files inside, in the order of their functions, for locating errors: path and first line in `code`. */
  readonly files: readonly { readonly path: string; readonly line: number }[];
  /** Where its handlers are defined, as far as the source says it without being run. */
  readonly handlers: readonly HandlerPlace[];
  /** Why none of its handlers runs, in words; absent when they do. Its look, body and state stay. */
  readonly resting?: string;
};

/** A handler by the name that reports use: `tick`, `timers.cluck`, `methods.feed`. Lines and columns start at 1. */
export type HandlerPlace = {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
};

/** Something wrong in a designer's file. Lines and columns start at 1; 0 when unknown. */
export type Fault = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};
