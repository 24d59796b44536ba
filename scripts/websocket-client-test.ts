#!/usr/bin/env bun
/**
 * Opens a socket in each dialect, posts the documented HTTP events and shows that each arrives in
 * every dialect's own words; the terminal's `/websocket_test.html`. `--help` says more.
 *
 * Exit codes: 0 everything arrived, 1 something did not, 2 wrong usage.
 */
import { INSTALL, need } from "./run.ts";

await need(INSTALL);
const { runClientTest } = await import("./try/client-test.ts");
process.exit(await runClientTest(process.argv.slice(2)));
