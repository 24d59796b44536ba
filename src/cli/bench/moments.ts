import { Crowd } from "./crowd.ts";
import { Pipe } from "./http.ts";
import { createTally, Link, openAll, type Tally } from "./link.ts";
import { type Sample, sentAt, stamped } from "./measure.ts";
import { cpuSeconds, residentKib } from "./process.ts";
import { quantile } from "./stats.ts";
import type { Subject } from "./subject.ts";

const WARM_UP_SOCKETS = 1000;
/**
 * Under way at once in a storm, nearly as many as the listen backlog of the servers compared takes (511 or
 * 512): with fewer, load and server wait for each other.
 */
const STORM_HANDSHAKES = 448;
/** Events of others that were told since the cursor of those who resume. */
const MISSED = 100;

/** All at once, each with a token that the server has never seen; with a cursor, until the past was told. */
export const storm = (sockets: number, resumes: boolean) => async (subject: Subject) => {
  const { personal, door } = subject;
  if (personal === undefined) return null;
  if (personal(0, resumes ? "latest" : undefined) === null) return null;
  const cursor = resumes ? await recentCursor(subject) : undefined;
  let user = 1;
  const arrive = (tally: Tally): Link => new Link(door, personal(user++, cursor)?.path ?? "/", tally);
  // Nobody restarts a server for its first connection.
  const early = Array.from({ length: WARM_UP_SOCKETS }, () => arrive(createTally()));
  await openAll(early);
  for (const link of early) link.close();
  return {
    async measure(): Promise<Sample> {
      const tally = createTally();
      const links = Array.from({ length: sockets }, () => arrive(tally));
      const [server, load, began] = [cpuSeconds(subject.pid), cpuSeconds(process.pid), performance.now()];
      await openAll(links, STORM_HANDSHAKES);
      const told = (): boolean => !resumes || tally.frames >= sockets;
      while (!told()) await Bun.sleep(1);
      const seconds = (performance.now() - began) / 1000;
      const share = (before: number | null, after: number | null) =>
        before === null || after === null ? null : (after - before) / seconds;
      const sample = {
        value: sockets / seconds,
        serverCpu: share(server, cpuSeconds(subject.pid)),
        loadCpu: share(load, cpuSeconds(process.pid)),
      };
      for (const link of links) link.close();
      await Bun.sleep(300);
      return sample;
    },
    close: async () => {},
  };
};

/** Where somebody was who lost his connection a moment ago. */
async function recentCursor(subject: Subject): Promise<string> {
  const link = new Link(subject.door, subject.personal?.(0, "latest")?.path ?? "/", createTally());
  const cursor = new Promise<string>((resolve) =>
    link.listen((payload) =>
      resolve(/"last_event_id":(\d+)/.exec(new TextDecoder().decode(payload))?.[1] ?? "0"),
    ),
  );
  await link.open();
  const found = await cursor;
  const { notify } = subject;
  if (notify !== undefined) {
    const pipe = await new Pipe(subject.door).open();
    for (let user = 0; user < MISSED; user++) await pipe.ask(notify(-user - 1, "x"));
    pipe.close();
  }
  link.close();
  return found;
}

/** Members of a room, few enough that joining is no flood. */
const ROOM = 10;

/** Resident memory a socket, of so many that have joined and are silent: what each further one costs. */
export const idle = (sockets: number) => async (subject: Subject) => ({
  async measure(): Promise<Sample> {
    const crowd = new Crowd(subject);
    const all = Array.from({ length: sockets }, (_, at) => subject.listen(Math.floor(at / ROOM), at % ROOM));
    // The first ones bring with them what is nobody's: compiled code, and pages of the heap.
    const first = sockets / 10;
    await crowd.enter(all.slice(0, first));
    await Bun.sleep(500);
    const before = residentKib(subject.pid);
    await crowd.enter(all.slice(first));
    await Bun.sleep(1500);
    const after = residentKib(subject.pid);
    await crowd.leave();
    return { value: before === null || after === null ? Number.NaN : (after - before) / (sockets - first) };
  },
  close: async () => {},
});

/** One message after another: how long from sending to hearing it oneself. */
export const commits = () => async (subject: Subject) => {
  const crowd = new Crowd(subject);
  const [link] = (await crowd.enter([subject.listen(0, 0)])) as [Link];
  const decoder = new TextDecoder();
  return {
    async measure(ms: number): Promise<Sample> {
      const latencies: number[] = [];
      let running = true;
      link.listen((payload) => {
        const took = performance.now() - sentAt(decoder.decode(payload));
        if (!Number.isNaN(took)) latencies.push(took);
        if (running) link.send(subject.say(0, stamped()));
      });
      link.send(subject.say(0, stamped()));
      await Bun.sleep(ms);
      running = false;
      await crowd.quiet();
      return {
        value: quantile(latencies, 0.5),
        p50Ms: quantile(latencies, 0.5),
        p99Ms: quantile(latencies, 0.99),
      };
    },
    close: () => crowd.leave(),
  };
};
