import fc from "fast-check";
import { Pace, readQuota } from "../../lib/cloud/pace";

const MINUTE = 60_000;

describe("readQuota", () => {
  test.each([
    ["policy user over ratelimit,limit:60,time:1 minute", 60, MINUTE],
    ["policy user over ratelimit, limit:200, time:5 minute", 200, 5 * MINUTE],
    ["The throttling threshold: policy ip over ratelimit,limit:5,time:5 second", 5, 5_000],
    ["policy api over ratelimit,limit:2000,time:1 minute", 2_000, MINUTE],
    ["limit:100,time:1 day", 100, 24 * 60 * MINUTE],
    ["limit:100,time:2 hour", 100, 120 * MINUTE],
    ["LIMIT:  60  ,  TIME:  12  MINUTE", 60, 12 * MINUTE],
  ])("reads %j", (text, limit, windowMs) => {
    expect(readQuota(text)).toEqual({ limit, windowMs });
  });

  test.each([
    undefined,
    "",
    "Too many requests.",
    "limit:0,time:1 minute",
    "limit:60,time:0 minute",
    "limit:60,time:1 year",
    "limit:60,time:400 day",
    "limit:60,time:25 hour",
    "limit:60,time:1minut",
    "limit:99999999999999999999,time:1 minute",
  ])("takes nothing from %j", (text) => {
    expect(readQuota(text)).toBeUndefined();
  });
});

/** Whether a server lets a request through at that moment. */
type Server = (now: number) => boolean;

interface Limits {
  limit: number;
  windowMs: number;
}

function lookingBack({ limit, windowMs }: Limits): Server {
  const passed: number[] = [];
  return (now) => {
    while (passed[0] !== undefined && passed[0] <= now - windowMs) passed.shift();
    return passed.length < limit && passed.push(now) > 0;
  };
}

function countingByTheClock({ limit, windowMs }: Limits): Server {
  let current = -1;
  let count = 0;
  return (now) => {
    const window = Math.floor(now / windowMs);
    if (window !== current) [current, count] = [window, 0];
    return ++count <= limit;
  };
}

function countingFromTheFirst({ limit, windowMs }: Limits): Server {
  let begin = -Infinity;
  let count = 0;
  return (now) => {
    if (now >= begin + windowMs) [begin, count] = [now, 0];
    return ++count <= limit;
  };
}

interface Process {
  requests: number;
  begin: number;
}

/** Plays it through without waiting: when the last one is answered, and how many are refused. */
function play(
  server: Server,
  processes: Process[],
  { latency = 50, message }: { latency?: number; message?: string } = {},
) {
  // The same naps in every run.
  let state = 1;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const events: { at: number; act: (now: number) => void }[] = [];
  const schedule = (at: number, act: (now: number) => void) => events.push({ at, act });
  let refused = 0;
  let end = 0;
  for (const { requests, begin } of processes) {
    const pace = new Pace();
    let left = requests;
    const turn = (now: number): void => {
      while (left > 0 && pace.mayStart(now)) {
        left--;
        pace.start();
        schedule(now + latency / 2, (there) => {
          const passes = server(there);
          schedule(there + latency / 2, (back) => {
            if (passes) {
              pace.pass(back);
              end = back;
            } else {
              refused++;
              left++;
              const serverTime = Math.floor(there / 1000) * 1000;
              pace.refuse(back, { message, serverTime }, random);
            }
            turn(back);
          });
        });
      }
      const next = pace.next(now);
      if (left > 0 && next > now) schedule(next, turn);
    };
    schedule(begin, turn);
  }
  for (let count = 0; events.length > 0; count++) {
    if (count > 500_000) throw new Error("it never ends");
    const next = events.reduce((a, b) => (b.at < a.at ? b : a));
    events.splice(events.indexOf(next), 1);
    next.act(next.at);
  }
  return { end, refused };
}

const SIXTY = { limit: 60, windowMs: MINUTE };
const SAID = "policy user over ratelimit,limit:60,time:1 minute";

describe("a quota of 60 a minute and 139 requests", () => {
  const SERVERS: [string, () => Server, number, number][] = [
    ["looks back a minute", () => lookingBack(SIXTY), 5_000, 120_000],
    ["counts from the first request", () => countingFromTheFirst(SIXTY), 5_000, 120_000],
    ["counts by the clock", () => countingByTheClock(SIXTY), 5_000, 55_000 + MINUTE],
    ["counts by the clock, late in the minute", () => countingByTheClock(SIXTY), 50_000, 70_000],
  ];

  test.each(SERVERS)(
    "take what it allows where it %s, and hardly any is refused",
    (_how, server, begin, ideal) => {
      for (const latency of [10, 50, 300]) {
        const played = play(server(), [{ requests: 139, begin }], { latency, message: SAID });
        expect(played.end - begin).toBeLessThan(1.1 * ideal);
        // Those that were under way at the first refusal, and one that tried the clock.
        expect(played.refused).toBeLessThanOrEqual(9);
      }
    },
  );

  test.each(SERVERS)(
    "take that, for two processes of one user, where it %s",
    (_how, server, begin, ideal) => {
      const processes = [
        { requests: 139, begin },
        { requests: 139, begin: begin + 3_000 },
      ];
      const { end, refused } = play(server(), processes, { message: SAID });
      expect(end - begin).toBeLessThan(1.1 * (ideal + 2 * MINUTE));
      expect(refused).toBeLessThanOrEqual(50);
    },
  );

  test.each(SERVERS)("need no text of the refusal where it %s", (_how, server, begin, ideal) => {
    const { end, refused } = play(server(), [{ requests: 139, begin }]);
    expect(end - begin).toBeLessThan(1.1 * ideal);
    expect(refused).toBeLessThanOrEqual(25);
  });
});

describe("Pace", () => {
  test("leaves a process that has more to ask what another one no longer needs", () => {
    const processes = [
      { requests: 40, begin: 0 },
      { requests: 200, begin: 0 },
    ];
    const { end } = play(lookingBack(SIXTY), processes, { message: SAID });
    expect(end).toBeLessThan(1.1 * 180_000);
  });

  test("keeps two quotas at once", () => {
    const minute = lookingBack(SIXTY);
    const short = lookingBack({ limit: 5, windowMs: 5_000 });
    const pace = new Pace();
    let now = 0;
    let passed = 0;
    let refused = 0;
    while (passed < 120) {
      if (!pace.mayStart(now)) {
        now += 10;
        continue;
      }
      pace.start();
      const isShort = !short(now);
      if (isShort || !minute(now)) {
        refused++;
        const said = isShort ? "limit:5,time:5 second" : "limit:60,time:1 minute";
        pace.refuse(now, { message: said });
      } else {
        passed++;
        pace.pass(now);
      }
    }
    expect(now).toBeLessThan(1.1 * 120_000);
    expect(refused).toBeLessThanOrEqual(9);
  });

  test("is not hurried by a Retry-After of 0 that means nothing", () => {
    const never = () => false;
    const pace = new Pace();
    let sent = 0;
    for (let now = 0; now < 2 * MINUTE; now += 10) {
      if (!pace.mayStart(now)) continue;
      pace.start();
      sent++;
      if (!never()) pace.refuse(now, { retryAfterMs: 0 });
    }
    expect(sent).toBeLessThan(20);
  });

  test("remembers what went through for as long as the quota counts it", () => {
    const pace = new Pace();
    const said = "policy user over ratelimit,limit:3,time:5 minute";
    for (let i = 0; i < 4; i++) pace.start();
    for (let i = 0; i < 3; i++) pace.pass(i);
    pace.refuse(3, { message: said, retryAfterMs: 0 });
    pace.start();
    // Another one, of another window: from here on three are counted anew.
    pace.pass(4);
    pace.start();
    pace.pass(5);
    pace.start();
    pace.pass(2 * MINUTE);
    expect(pace.mayStart(2 * MINUTE + 1)).toBe(false);
    expect(pace.mayStart(4 * MINUTE)).toBe(false);
    expect(pace.mayStart(5 * MINUTE + 5)).toBe(true);
  });

  test("takes a straggler of the burst for no sign that the pause is over", () => {
    const pace = new Pace();
    for (let i = 0; i < 3; i++) pace.start();
    pace.refuse(0, { message: SAID, retryAfterMs: 10_000 });
    pace.pass(10);
    expect(pace.mayStart(20)).toBe(false);
    pace.refuse(30, { message: SAID, retryAfterMs: 60_000 });
    expect(pace.mayStart(10_000)).toBe(true);
  });

  test("honours Retry-After", () => {
    const pace = new Pace();
    pace.start();
    pace.refuse(0, { retryAfterMs: 7_000, message: SAID });
    expect(pace.mayStart(6_999)).toBe(false);
    expect(pace.mayStart(7_000)).toBe(true);
  });

  /** Whoever had so many through, a millisecond after the other, when one is refused at 1,000. */
  function refusedAfter(passed: number, refused = {}, random = 0): Pace {
    const pace = new Pace();
    for (let i = 0; i <= passed; i++) pace.start();
    for (let i = 0; i < passed; i++) pace.pass(i);
    pace.refuse(1_000, { message: SAID, ...refused }, () => random);
    return pace;
  }
  function triedInVain(pace: Pace, refused = {}): number {
    const now = pace.next(0);
    expect([pace.mayStart(now - 1), pace.mayStart(now)]).toEqual([false, true]);
    pace.start();
    pace.refuse(now, { message: SAID, ...refused }, () => 0);
    return pace.next(now) - now;
  }

  test("waits 2 to 5 s after the first refusal, then twice as long, at most a sixth of the window", () => {
    expect(refusedAfter(0).next(1_000)).toBe(3_000);
    expect(refusedAfter(0, {}, 1).next(1_000)).toBe(6_000);
    const pace = refusedAfter(0);
    expect([1, 2, 3, 4].map(() => triedInVain(pace))).toEqual([4_000, 8_000, 10_000, 10_000]);
  });

  test("waits for the oldest of its own to leave the window where they are nine tenths of it", () => {
    expect(refusedAfter(53).next(1_000)).toBe(3_000);
    expect(refusedAfter(54).next(1_000)).toBe(MINUTE);
  });

  test("believes the server's clock until that misled it", () => {
    const serverTime = 5 * MINUTE - 500;
    const pace = refusedAfter(0, { serverTime });
    expect(pace.next(1_000)).toBe(1_500);
    expect(triedInVain(pace, { serverTime })).toBe(4_000);
    expect(refusedAfter(54, { serverTime: 10_000 }).next(1_000)).toBe(51_000);
    expect(refusedAfter(54, { serverTime: 100 }).next(1_000)).toBe(MINUTE);
  });

  test("believes no mere time any more where it was the oldest that helped", () => {
    const pace = refusedAfter(54);
    pace.start();
    pace.pass(MINUTE);
    pace.start();
    pace.refuse(MINUTE + 100, { message: SAID }, () => 0);
    expect(pace.next(MINUTE + 100)).toBe(2 * MINUTE);
    // But there has to be some sign.
    pace.start();
    pace.pass(2 * MINUTE);
    pace.start();
    pace.refuse(9 * MINUTE, { message: SAID }, () => 0);
    expect(pace.next(9 * MINUTE)).toBe(9 * MINUTE + 2_000);
  });

  test("goes on believing in time and clock where they helped", () => {
    const byTime = refusedAfter(0);
    byTime.start();
    byTime.pass(3_000);
    byTime.start();
    byTime.refuse(3_010, { message: SAID }, () => 0);
    expect(byTime.next(3_010)).toBe(5_010);
    const byClock = refusedAfter(0, { serverTime: MINUTE - 500 });
    byClock.start();
    byClock.pass(1_500);
    byClock.start();
    byClock.refuse(2_000, { message: SAID, serverTime: MINUTE - 500 }, () => 0);
    expect(byClock.next(2_000)).toBe(2_500);
  });

  test("is not reassured by those that were under way when one was refused", () => {
    const pace = new Pace();
    for (let i = 0; i < 4; i++) pace.start();
    pace.refuse(0, { message: SAID });
    for (let i = 1; i < 4; i++) pace.pass(i);
    expect(pace.mayStart(2 * MINUTE)).toBe(true);
    pace.start();
    expect(pace.mayStart(2 * MINUTE)).toBe(false);
  });

  test("remembers for as long as the longest window", () => {
    const pace = new Pace();
    for (let i = 0; i < 3; i++) pace.start();
    for (const at of [0, 10]) pace.pass(at);
    pace.refuse(20, { message: "limit:3,time:1 hour", retryAfterMs: 0 });
    pace.start();
    pace.pass(3 * MINUTE);
    const earliest = pace.forecast(4 * MINUTE);
    expect([1, 2, 3].map(earliest)).toEqual([60 * MINUTE, 60 * MINUTE + 10, 63 * MINUTE]);
  });

  test("reckons with those that are under way", () => {
    const earliest = (limit: number) => {
      const pace = new Pace();
      for (let i = 0; i < 4; i++) pace.start();
      pace.pass(0);
      pace.refuse(100, { message: `limit:${limit},time:1 minute`, retryAfterMs: 0 });
      return [1, 2, 3, 4].map(pace.forecast(100));
    };
    expect(earliest(3)).toEqual([MINUTE, MINUTE + 100, MINUTE + 100, 2 * MINUTE]);
    expect(earliest(4)).toEqual([100, MINUTE, MINUTE + 100, MINUTE + 100]);
    expect(earliest(2)).toEqual([MINUTE + 100, MINUTE + 100, 2 * MINUTE + 100, 2 * MINUTE + 100]);
  });

  test("forecasts nothing by a quota that is not known", () => {
    const pace = new Pace();
    pace.start();
    pace.refuse(0, {}, () => 0);
    expect(pace.forecast(0)(1_000)).toBe(2_000);
  });

  test("waits as long as Retry-After says, a second time no less than without it", () => {
    const serverTime = MINUTE - 1;
    const pace = refusedAfter(54, { retryAfterMs: 0, serverTime });
    expect(pace.next(1_000)).toBe(1_000);
    expect(triedInVain(pace, { retryAfterMs: 0 })).toBe(4_000);
    expect(triedInVain(pace, { retryAfterMs: 20_000 })).toBe(20_000);
  });

  test("counts one refusal of a burst, and learns from each of them", () => {
    const pace = new Pace();
    for (let i = 0; i < 3; i++) pace.start();
    pace.refuse(0, {}, () => 0);
    expect([pace.isLimited, pace.quota]).toEqual([true, undefined]);
    pace.refuse(10, { message: SAID }, () => 0);
    pace.refuse(20, { message: "limit:5,time:5 second" }, () => 0);
    expect(pace.quota).toMatchObject({ limit: 60, windowMs: MINUTE });
    expect(pace.next(20)).toBe(2_000);
  });

  test("tells the quota that holds most back", () => {
    const pace = new Pace();
    expect([pace.isLimited, pace.quota]).toEqual([false, undefined]);
    for (const message of ["limit:5,time:1 second", SAID, "limit:100,time:1 minute", SAID]) {
      pace.start();
      pace.refuse(0, { message });
    }
    pace.start();
    pace.refuse(0, { message: "limit:9000,time:1 hour" });
    expect(pace.quota).toMatchObject({ limit: 60, windowMs: MINUTE });
  });

  test("knows nothing of one that ended without an answer", () => {
    const pace = new Pace();
    for (let i = 0; i < 8; i++) pace.start();
    pace.end();
    expect([pace.mayStart(0), pace.isLimited, pace.forecast(0)(100)]).toEqual([true, false, 0]);
    pace.start();
    expect(pace.mayStart(0)).toBe(false);
  });

  test("sends one at a time beyond what went through before, and more again as that goes through", () => {
    const pace = refusedAfter(3, { retryAfterMs: 0 });
    pace.start();
    pace.pass(1_001);
    pace.start();
    expect(pace.mayStart(1_001)).toBe(false);
    pace.pass(1_002);
    expect(pace.mayStart(1_002)).toBe(true);
    // When they have left the window there is room for as many at once.
    let sent = 0;
    for (; pace.mayStart(3 * MINUTE); sent++) pace.start();
    expect(sent).toBe(5);
  });

  test("begins anew where one goes through although the window was full", () => {
    const pace = refusedAfter(60, { serverTime: MINUTE - 500 });
    expect(pace.next(1_000)).toBe(1_500);
    pace.start();
    pace.pass(1_500);
    let sent = 0;
    for (; sent < 7 && pace.mayStart(1_501); sent++) pace.start();
    expect(sent).toBe(7);
    expect(pace.next(1_501)).toBe(1_501);
  });

  test("lets one go first after a refusal, and the others when it got through", () => {
    const pace = new Pace();
    for (let i = 0; i < 8; i++) pace.start();
    expect(pace.mayStart(0)).toBe(false);
    for (let i = 0; i < 8; i++) pace.refuse(0, { retryAfterMs: 1_000 });
    expect(pace.mayStart(1_000)).toBe(true);
    pace.start();
    expect(pace.mayStart(1_000)).toBe(false);
    pace.pass(1_050);
    expect(pace.mayStart(1_050)).toBe(true);
  });

  test("never sends more into any window than was allowed, nor waits for ever", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(lookingBack, countingByTheClock, countingFromTheFirst),
        fc.integer({ min: 0, max: 200_000 }),
        (limit, seconds, requests, latency, server, begin) => {
          const limits = { limit, windowMs: seconds * 1000 };
          const message = `limit:${limit},time:${seconds} second`;
          const played = play(server(limits), [{ requests, begin }], { latency, message });
          const windows = Math.ceil(requests / limit) - 1;
          const sending = requests * latency;
          expect(played.end - begin).toBeLessThanOrEqual(
            windows * limits.windowMs + sending + 2_000,
          );
          expect(played.refused).toBeLessThanOrEqual(9 + 4 * windows);
        },
      ),
    );
  });

  test("knows when the last of so many can be sent", () => {
    const pace = new Pace();
    for (let i = 0; i < 61; i++) pace.start();
    for (let i = 0; i < 60; i++) pace.pass(i * 10);
    pace.refuse(600, { message: SAID });
    const earliest = pace.forecast(600);
    expect(earliest(1)).toBe(MINUTE);
    expect(earliest(60)).toBe(MINUTE + 590);
    expect(earliest(61)).toBe(2 * MINUTE);
    expect(earliest(79)).toBe(2 * MINUTE + 180);
  });
});
