#!/usr/bin/env bun
import { run } from "./cli/program.ts";

process.exitCode = await run(process.argv.slice(2));
// Should something still keep the loop busy (a lookup on its way), it is not waited for.
setTimeout(() => process.exit(), 500).unref();
