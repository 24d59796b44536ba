#!/usr/bin/env bun
/**
 * Installs what bun.lock names, then runs the tests; arguments go on to `bun test`.
 * Each file has a process of its own (--parallel): one that exits or crashes is a failure, where a plain
 * `bun test` would end there and then without a word.
 *
 * Usage: bun run test [name of a file] [-t "name of a test"] [--watch] ...
 */
import { TEST_MS } from "../test/support/patience.ts";
import { BUN, INSTALL, need, show } from "./run.ts";

await need(INSTALL);
process.exit(await show([BUN, "test", "--parallel", `--timeout=${TEST_MS}`, ...process.argv.slice(2)]));
