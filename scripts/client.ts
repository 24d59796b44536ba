#!/usr/bin/env bun
/**
 * Builds what `import "dragoman/client"` gives outside Bun: dist/client, one JavaScript file for any runtime and
 * its types. The package is packed with it (`prepack`).
 *
 * Usage: bun scripts/client.ts
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { need, ROOT, tool } from "./run.ts";

const SOURCE = join(ROOT, "src/client");

/** As tsconfig.json, but written, and with nothing around it that a consumer may not have. */
const TYPES = {
  extends: join(ROOT, "tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: SOURCE,
    types: [],
    lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"],
  },
  include: [],
  files: [join(SOURCE, "client.ts")],
};

/** Writes client.js and its types into a folder, which is emptied first; answers the bytes of client.js. */
export async function buildClient(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { outputs } = await Bun.build({
    entrypoints: [join(SOURCE, "client.ts")],
    target: "browser",
    outdir: folder,
  });
  await writeTypes(resolve(folder));
  return new Uint8Array((await outputs[0]?.arrayBuffer()) ?? new ArrayBuffer());
}

async function writeTypes(folder: string): Promise<void> {
  await mkdir(join(ROOT, "dist"), { recursive: true });
  const work = await mkdtemp(join(ROOT, "dist/types-"));
  const config = join(work, "tsconfig.json");
  const compilerOptions = { ...TYPES.compilerOptions, outDir: folder };
  await Bun.write(config, JSON.stringify({ ...TYPES, compilerOptions }));
  await need([...tool("tsc"), "-p", config]);
  await rm(work, { recursive: true });
  // Every compiler finds the types behind the name of the JavaScript; of TypeScript's own not every one.
  for (const path of new Bun.Glob("**/*.d.ts").scanSync(folder)) {
    const file = Bun.file(join(folder, path));
    await file.write((await file.text()).replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.js"'));
  }
}

/** As a browser loads it: `35.2 kB, 12.1 kB gzipped`. */
export function kilobytes(bytes: Uint8Array<ArrayBuffer>): string {
  const [plain, packed] = [bytes.byteLength, Bun.gzipSync(bytes).byteLength].map((size) =>
    (size / 1000).toFixed(1),
  );
  return `${plain} kB, ${packed} kB gzipped`;
}

if (import.meta.main) {
  const bytes = await buildClient(join(ROOT, "dist/client"));
  console.log(`dist/client/client.js  ${kilobytes(bytes)}`);
}
