/** The client of Dragoman, for browsers, Bun, Node and Deno. */
export const VERSION = "0.1.0";
