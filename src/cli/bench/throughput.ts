import { Crowd } from "./crowd.ts";
import { Pipe } from "./http.ts";
import type { Link } from "./link.ts";
import { type Ready, type Sample, sentAt, stamped, TEXT_LENGTH, WARM_UP_MS, windowOf } from "./measure.ts";
import { quantile } from "./stats.ts";
import type { Subject } from "./subject.ts";

/** Rooms with listeners; so many messages are always on their way, each done when all its listeners have it. */
export const rooms = (count: number, members: number, inFlight: number) => async (subject: Subject) => {
  const crowd = new Crowd(subject);
  const places = Array.from({ length: count * members }, (_, at) => at);
  const links = await crowd.enter(places.map((at) => subject.listen(Math.floor(at / members), at % members)));
  const text = "x".repeat(TEXT_LENGTH);
  const frames = Array.from({ length: count }, (_, room) => subject.say(room, text));
  const state = { sent: 0, base: 0, running: false };
  const pump = (): void => {
    while (state.running && state.sent - (crowd.tally.frames - state.base) / members < inFlight) {
      // Every speaker of a room by turns, every room by turns.
      const room = state.sent % count;
      const speaker = links[room * members + (Math.floor(state.sent / count) % members)];
      state.sent++;
      speaker?.send(frames[room] as Uint8Array);
    }
  };
  // After every chunk, so that the next message leaves while others still arrive.
  crowd.tally.onChunk = pump;
  return {
    async measure(ms: number): Promise<Sample> {
      Object.assign(state, { sent: 0, base: crowd.tally.frames, running: true });
      pump();
      const { frames, seconds, serverCpu, loadCpu } = await windowOf(crowd, subject.pid, ms);
      state.running = false;
      await crowd.quiet();
      return { value: frames / (count === 1 ? 1 : members) / seconds, serverCpu, loadCpu };
    },
    close: () => crowd.leave(),
  };
};

/** As many messages a second as asked for, whether the server keeps up or not; latency at every 16th listener. */
export const openLoop = (members: number, perSecond: number) => async (subject: Subject) => {
  const crowd = new Crowd(subject);
  const links = await crowd.enter(Array.from({ length: members }, (_, member) => subject.listen(0, member)));
  const decoder = new TextDecoder();
  let latencies: number[] = [];
  for (let at = 0; at < members; at += 16) {
    (links[at] as Link).listen((payload) => {
      const ms = performance.now() - sentAt(decoder.decode(payload));
      if (!Number.isNaN(ms)) latencies.push(ms);
    });
  }
  return {
    async measure(ms: number): Promise<Sample> {
      let sent = 0;
      const began = performance.now();
      const ticker = setInterval(() => {
        const due = ((performance.now() - began) / 1000) * perSecond;
        for (; sent < due; sent++) (links[sent % members] as Link).send(subject.say(0, stamped()));
      }, 1);
      await Bun.sleep(WARM_UP_MS);
      latencies = [];
      await Bun.sleep(ms);
      clearInterval(ticker);
      const heard = latencies;
      await crowd.quiet();
      const p99Ms = quantile(heard, 0.99);
      return { value: p99Ms, p50Ms: quantile(heard, 0.5), p99Ms };
    },
    close: () => crowd.leave(),
  };
};

/** Every socket asks as soon as it was answered. */
export const pings = (sockets: number) => async (subject: Subject) => {
  const { ping } = subject;
  if (ping === undefined) return null;
  const crowd = new Crowd(subject);
  const arrivals = Array.from({ length: sockets }, (_, user) => ping(user));
  const links = await crowd.enter(arrivals);
  let running = false;
  for (const [at, link] of links.entries()) {
    const frame = arrivals[at]?.ping as Uint8Array;
    link.onFrame = () => {
      if (running) link.send(frame);
    };
  }
  return {
    async measure(ms: number): Promise<Sample> {
      running = true;
      for (const [at, link] of links.entries()) link.send(arrivals[at]?.ping as Uint8Array);
      const { frames, seconds, serverCpu, loadCpu } = await windowOf(crowd, subject.pid, ms);
      running = false;
      await crowd.quiet();
      return { value: frames / seconds, serverCpu, loadCpu };
    },
    close: () => crowd.leave(),
  };
};

/** Requests over kept connections, each heard by one socket; counted where it is heard. */
export const notifications = (users: number, inFlight: number) => async (subject: Subject) => {
  const { personal, notify } = subject;
  if (personal === undefined || notify === undefined) return null;
  const crowd = new Crowd(subject);
  await crowd.enter(
    Array.from({ length: users }, (_, user) => personal(user)).filter((arrival) => arrival !== null),
  );
  const text = "x".repeat(TEXT_LENGTH);
  const requests = Array.from({ length: users }, (_, user) => notify(user, text));
  return posting(subject, crowd, requests, inFlight, 1);
};

/** Posts by turns until told to stop, each pipe one request at a time. */
function posting(
  subject: Subject,
  crowd: Crowd,
  requests: readonly Uint8Array<ArrayBuffer>[],
  inFlight: number,
  heard: number,
): Ready {
  const state = { running: false };
  let next = 0;
  const post = async (pipe: Pipe): Promise<void> => {
    while (state.running) {
      const status = await pipe.ask(requests[next++ % requests.length] as Uint8Array<ArrayBuffer>);
      if (status >= 300) throw new Error(`${subject.name} answered ${status}`);
    }
  };
  return {
    async measure(ms) {
      // Kept no longer: while other servers have their turn, each of them would close what is idle.
      const pipes = await Promise.all(Array.from({ length: inFlight }, () => new Pipe(subject.door).open()));
      state.running = true;
      const work = Promise.all(pipes.map(post));
      const { frames, seconds, serverCpu, loadCpu } = await windowOf(crowd, subject.pid, ms);
      state.running = false;
      await work;
      for (const pipe of pipes) pipe.close();
      await crowd.quiet();
      return { value: frames / heard / seconds, serverCpu, loadCpu };
    },
    close: () => crowd.leave(),
  };
}

/** One request, heard by every socket, in one wire protocol or in all of them. */
export const mixed =
  (sockets: number, dialects: "one" | "all", inFlight: number) => async (subject: Subject) => {
    const { mixed: arrive, broadcast } = subject;
    if (arrive === undefined || broadcast === undefined) return null;
    const crowd = new Crowd(subject);
    await crowd.enter(Array.from({ length: sockets }, (_, user) => arrive(user, dialects)));
    return posting(subject, crowd, [broadcast("x".repeat(TEXT_LENGTH))], inFlight, 1);
  };
