import { randomBytes } from "node:crypto";
import { isoTime, type Clock } from "../core/clock.ts";
import { refuse, type Refusal } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";

/** How long a ticket can be used. */
export const TICKET_MS = 30_000;
/** How many unused tickets are kept; the oldest makes room for the next. */
const MAX_TICKETS = 10_000;
const TICKET_BYTES = 32;

interface Ticket {
  readonly principal: Principal;
  readonly expiresAtMs: number;
}

/**
 * Tickets stand for a proof already checked, once: they keep tokens out of addresses and so out
 * of the logs of proxies. They live in this process only.
 */
export class Tickets {
  readonly #clock: Clock;
  readonly #maxTickets: number;
  // In order of issue: the first to expire comes first, but for those that a proof cuts short.
  readonly #tickets = new Map<string, Ticket>();

  constructor(clock: Clock, maxTickets = MAX_TICKETS) {
    this.#clock = clock;
    this.#maxTickets = maxTickets;
  }

  get size(): number {
    return this.#tickets.size;
  }

  /** A new ticket; it ends after 30 s, or with the proof if that comes first. */
  issue(principal: Principal): { ticket: string; expires_at: string } {
    const now = this.#clock.now();
    this.#sweep(now);
    const ticket = randomBytes(TICKET_BYTES).toString("base64url");
    const expiresAtMs = Math.min(now + TICKET_MS, principal.expiresAt * 1000);
    this.#tickets.set(ticket, { principal, expiresAtMs });
    return { ticket, expires_at: isoTime(expiresAtMs) };
  }

  /** Whom the ticket stands for, the first time; else `TICKET_INVALID`. */
  redeem(ticket: string): Principal | Refusal {
    const found = this.#tickets.get(ticket);
    if (found === undefined) return refuse("TICKET_INVALID");
    this.#tickets.delete(ticket);
    return this.#clock.now() < found.expiresAtMs ? found.principal : refuse("TICKET_INVALID");
  }

  /** Drops what has expired, and the oldest when there is no room for one more. */
  #sweep(nowMs: number): void {
    for (const [ticket, { expiresAtMs }] of this.#tickets) {
      if (nowMs < expiresAtMs && this.#tickets.size < this.#maxTickets) return;
      this.#tickets.delete(ticket);
    }
  }
}
