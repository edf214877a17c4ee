import { lookup, Resolver } from "node:dns";
import { createSocket, Socket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { addressFinder } from "../../lib/cloud/names";

const onLinux = process.platform === "linux" ? describe : describe.skip;

onLinux("an address", () => {
  let server: Socket;
  let asked: number;
  let answer: ((question: Buffer) => Buffer) | undefined;

  beforeEach(async () => {
    [asked, answer] = [0, undefined];
    server = createSocket("udp4", (question, { port, address }) => {
      asked++;
      if (answer) server.send(answer(question), port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  });
  afterEach(() => void server.close());

  function find(host: string, hostsFile = "/dev/null"): Promise<string> {
    const resolver = new Resolver({ timeout: 100, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    return new Promise((resolve) => {
      addressFinder(resolver, hostsFile)(host, {}, (error, address) =>
        resolve(error ? `${error.code}: ${error.message}` : String(address)),
      );
    });
  }

  test("is not asked of the system where no name server answers: nothing would break that off", async () => {
    expect(await find("rds.test.example")).toBe(
      "EAI_AGAIN: no name server answers a question for rds.test.example",
    );
    expect(asked).toBe(1);
  });

  test("is what the system says where a name server answers, be it that there is none", async () => {
    // Its header with "this is a response, and there is no such name".
    answer = (question) => {
      const response = Buffer.from(question);
      response.writeUInt16BE(0x8183, 2);
      return response;
    };
    const system = await new Promise((resolve) => {
      lookup("localhost", (_error, address) => resolve(address));
    });
    expect(await find("localhost")).toBe(system);
    expect(await find("rds.test.example")).toMatch(/^(ENOTFOUND|EAI_AGAIN): getaddrinfo/);
    expect(asked).toBeGreaterThan(0);
  });

  test("of the hosts file needs no name server", async () => {
    const hostsFile = resolvePath("hosts");
    writeFileSync(hostsFile, "127.0.0.1\tlocalhost LOCALHOST.example\n");
    expect(await find("localhost", hostsFile)).toMatch(/^(127\.0\.0\.1|::1)$/);
    writeFileSync(hostsFile, "127.0.0.1 \t localhost\n");
    expect(await find("LOCALHOST", hostsFile)).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(asked).toBe(0);
    expect(await find("rds.test.example", "/nowhere/hosts")).toMatch(/^EAI_AGAIN: no name server/);
  });
});
