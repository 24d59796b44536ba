/** How long tests wait. Only a failing one ever waits so long: a busy machine is no failure. */

/** For one thing: a frame, a line of output, a program that starts. */
export const WAIT_MS = 20_000;

/** For a test as a whole, longer, so that whoever waits in vain says for what. */
export const TEST_MS = 60_000;
