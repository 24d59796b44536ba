/** Builds the files for browsers: the console, the documentation, the page to try sockets with, the client. */
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PageFile } from "../http/page-file.ts";
import { MANIFEST, type ManifestEntry } from "./pages-manifest.ts";
import { MARKDOWN } from "./pages-markdown.ts";

const SOURCE = join(import.meta.dir, "..");

/** The pages by their sources, and the address of each. */
const HTML: Readonly<Record<string, string>> = {
  "console/main/console.html": "/console/",
  "console/try/websocket_test.html": "/websocket_test.html",
  "console/docs/docs.html": "/docs",
};
const CLIENT = { source: "client/client.ts", path: "/dragoman-client.js" };

const PRODUCTION = {
  target: "browser",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
} as const;

/** Throws an AggregateError where a source has a fault. */
export async function buildPages(): Promise<readonly PageFile[]> {
  const [pages, client] = await Promise.all([
    Bun.build({
      ...PRODUCTION,
      entrypoints: Object.keys(HTML).map((source) => join(SOURCE, source)),
      root: SOURCE,
      plugins: [MARKDOWN],
      splitting: true,
      publicPath: "/console/",
      naming: {
        entry: "[name].[ext]",
        chunk: "assets/[name]-[hash].[ext]",
        asset: "assets/[name]-[hash].[ext]",
      },
    }),
    Bun.build({ ...PRODUCTION, entrypoints: [join(SOURCE, CLIENT.source)] }),
  ]);
  const files = pages.outputs.map((output) => fileOf(output, addressOf(output.path)));
  return Promise.all([...files, ...client.outputs.map((output) => fileOf(output, CLIENT.path))]);
}

/** Writes them into a folder, for a compiled server to embed. */
export async function writePages(folder: string): Promise<readonly PageFile[]> {
  const files = await buildPages();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const entries = files.map(({ path, type, etag, immutable }, at): ManifestEntry => {
    return { path, type, etag, immutable, file: String(at) };
  });
  await Promise.all(files.map(({ bytes }, at) => Bun.write(join(folder, String(at)), bytes)));
  await Bun.write(join(folder, MANIFEST), JSON.stringify(entries));
  return files;
}

function addressOf(output: string): string {
  const page = Object.keys(HTML).find((source) => basename(source) === basename(output));
  return (page === undefined ? undefined : HTML[page]) ?? `/console/${output.replace(/^\.\//, "")}`;
}

async function fileOf(output: Bun.BuildArtifact, path: string): Promise<PageFile> {
  const bytes = new Uint8Array(await output.arrayBuffer());
  return {
    path,
    type: output.type,
    bytes,
    etag: `"${new Bun.CryptoHasher("sha256").update(bytes).digest("base64url")}"`,
    immutable: path.startsWith("/console/assets/"),
  };
}
