import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageFile } from "../http/page-file.ts";
import { MANIFEST, type ManifestEntry } from "./pages-manifest.ts";

/** Where a compiled server has its files. */
const FOLDER = join(import.meta.dir, "pages");

/** Finds a file for browsers by its address: the embedded one, or, from source, built on the first request. */
export function createPages(): (path: string) => Promise<PageFile | null> {
  let files: Promise<ReadonlyMap<string, PageFile>> | null = null;
  return async (path) => {
    files ??= load();
    return (await files).get(path) ?? null;
  };
}

async function load(): Promise<ReadonlyMap<string, PageFile>> {
  const files = existsSync(join(FOLDER, MANIFEST)) ? embedded() : await built();
  return new Map(files.map((file) => [file.path, file]));
}

function embedded(): readonly PageFile[] {
  const entries = JSON.parse(readFileSync(join(FOLDER, MANIFEST), "utf8")) as readonly ManifestEntry[];
  return entries.map(({ file, path, type, etag, immutable }) => {
    const bytes = new Uint8Array(readFileSync(join(FOLDER, file)));
    return { path, type, bytes, etag, immutable };
  });
}

async function built(): Promise<readonly PageFile[]> {
  const { buildPages } = await import("./pages-build.ts");
  return buildPages();
}
