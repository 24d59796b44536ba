/** A file for a browser, as it is answered. */
export interface PageFile {
  /** Where it is asked for: `/console/`, `/console/assets/main-1a2b3c4d.js`. */
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Strong, quotes included. */
  readonly etag: string;
  /** Its address holds a hash of what is in it. */
  readonly immutable: boolean;
}
