#!/usr/bin/env bun
import { run } from "./cli/program.ts";

// Whoever read the output may be gone; that is no reason for a server to end.
for (const output of [process.stdout, process.stderr]) output.on("error", () => {});

process.exitCode = await run(process.argv.slice(2));
// Should something still keep the loop busy (a lookup on its way), it is not waited for.
setTimeout(() => process.exit(), 500).unref();
