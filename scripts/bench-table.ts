#!/usr/bin/env bun
/**
 * Puts what `scripts/bench --json FILE` measured into README.md, between <!-- bench --> and
 * <!-- /bench -->; where there are no such marks it is printed.
 *
 * Usage: bun scripts/bench-table.ts FILE
 */
import { readmeTable, type Report, withTable } from "./bench-servers/readme.ts";
import { ROOT } from "./run.ts";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("which measurement? bun scripts/bench-table.ts FILE, made by scripts/bench --json FILE");
  process.exit(2);
}
const table = readmeTable((await Bun.file(file).json()) as Report);
const readme = Bun.file(`${ROOT}/README.md`);
const text = withTable(await readme.text(), table);
if (text === null) console.log(table);
else await Bun.write(readme, text);
