#!/usr/bin/env bun
/**
 * Builds dist/dragoman, one executable that needs nothing beside it, and dist/client, the SDK for other runtimes.
 *
 * Usage: bun run build [--target=bun-linux-arm64 | bun-linux-x64-musl | bun-darwin-arm64 | bun-windows-x64 | ...]
 */
import { rm } from "node:fs/promises";
import { version } from "../package.json";
import { writePages } from "../src/app/pages-build.ts";
import { readArguments } from "./arguments.ts";
import { buildClient, kilobytes } from "./client.ts";
import { BUN, INSTALL, need, ROOT } from "./run.ts";

/** Folders embedded beside the bundle, each under its last name: the code finds one by join(import.meta.dir, name). */
const ASSETS = ["src/store/sqlite/migrations", "dist/pages"];

const { values } = readArguments(import.meta.path, { target: { type: "string" } });
const platform = values.target?.replace(/^bun-/, "");
const outfile = `dist/dragoman${platform === undefined ? "" : `-${platform}`}`;

await need(INSTALL);
for (const { path, bytes } of await writePages(`${ROOT}/dist/pages`))
  if (path.endsWith(".js")) console.log(`${path}  ${kilobytes(bytes)}`);
console.log(`dist/client/client.js  ${kilobytes(await buildClient(`${ROOT}/dist/client`))}`);
await need([
  BUN,
  "build",
  "src/main.ts",
  "--compile",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--sourcemap",
  ...ASSETS.map((folder) => `--asset=${folder}`),
  // A file that lies in the folder where the server starts must not change how it runs.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  `--define=DRAGOMAN_VERSION=${JSON.stringify(version)}`,
  ...(values.target === undefined ? [] : [`--target=${values.target}`]),
  `--outfile=${outfile}`,
]);
// The map is embedded too, so that the executable's own stack traces name the source.
await rm(`${ROOT}/${outfile}.map`, { force: true });

const built = platform?.startsWith("windows") ? `${outfile}.exe` : outfile;
const { size } = Bun.file(`${ROOT}/${built}`);
console.log(`${built}  ${(size / 1e6).toFixed(1)} MB  dragoman ${version}`);
console.log(
  platform === undefined
    ? `next: ./${built} serve`
    : `next: copy it to a ${platform} machine, then: dragoman serve`,
);
