import type { PageFile } from "../http/page-file.ts";

/** What is written beside the built files, so that a compiled server finds them again. */
export const MANIFEST = "manifest.json";

export interface ManifestEntry extends Omit<PageFile, "bytes"> {
  /** Its name in the folder. */
  readonly file: string;
}
