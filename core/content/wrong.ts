/** Why a designer's file is refused, and where in its JSON. Thrown while reading, turned into a Fault by the reader. */
export type JsonPath = readonly (string | number)[];

export class Wrong extends Error {
  readonly path: JsonPath;
  /** The file, when it is another than the one being read. */
  readonly file: string | null;

  constructor(message: string, path: JsonPath = [], file: string | null = null) {
    super(message);
    this.name = 'Wrong';
    this.path = path;
    this.file = file;
  }
}
