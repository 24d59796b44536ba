import type { Command, CommandName, NoticeArgs } from "../../core/command.ts";
import { isRefusal, refuse, type Refusal } from "../../core/errors.ts";
import type { Write } from "../../store/store.ts";
import type { FeatureContext, Outcome } from "../feature.ts";

type Notify = Command<Extract<CommandName, "notify.user" | "notify.room" | "notify.everyone">>;

/**
 * A notification told now or, where its `deliver_at` is still to come, put off: the command is
 * executed then, as whoever asked for it. `heard` is how many hear it now. It is the write's note,
 * so that a repetition is answered as the first time was, whoever has come or gone meanwhile.
 */
export function nowOrLater<R>(
  command: Notify,
  now: Write<"notification.add" | "announcement.add">,
  heard: number,
  context: FeatureContext,
  reply: (heard: number, notificationId: number | null) => R,
): Outcome<R> {
  const later = putOff(command, context);
  if (isRefusal(later)) return later;
  return {
    write: later === null ? { ...now, note: heard } : { ...later, note: 0 },
    settle({ value, note }) {
      if (isRefusal(value)) return value;
      return reply(Number(note), (value as { notification_id?: number }).notification_id ?? null);
    },
  };
}

/** Null where it is due already. */
function putOff(command: Notify, { who, clock }: FeatureContext): Refusal | Write<"schedule.add"> | null {
  const { deliver_at, ...notice } = command.args.notice;
  if (deliver_at === undefined) return null;
  if (expiresBy(deliver_at, notice)) {
    const message = "must be after deliver_at";
    return refuse("BAD_FIELDS", `Invalid expires_at: ${message}`, {
      errors: [{ path: "expires_at", message }],
    });
  }
  if (Date.parse(deliver_at) <= clock.now()) return null;
  const due = { ...command, args: { ...command.args, notice } } as Command;
  return { op: "schedule.add", args: { due_at: deliver_at, command: due, who } };
}

const expiresBy = (at: string, { expires_at }: NoticeArgs): boolean =>
  expires_at !== undefined && Date.parse(expires_at) <= Date.parse(at);
