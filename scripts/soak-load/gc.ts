/** Preloaded into the server of a soak: what is garbage is collected when memory is about to be looked at. */
process.on("SIGUSR2", () => Bun.gc(true));
