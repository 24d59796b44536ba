/** The floor that counts for all topics: below it no cursor is recovered, whatever it asks for. */
export const EVERY_TOPIC = "*";
