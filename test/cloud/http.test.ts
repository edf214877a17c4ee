import { createServer, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { AddressInfo, connect, Socket } from "node:net";
import { Http, NoAnswer } from "../../lib/cloud/http";
import { Reading } from "../../lib/cloud/reading";
import { certificatesFor } from "../support/certificates";
import { describeWith } from "../support/terraform";

const HOST = "rds.test.example";

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function get(url: string) {
  return { method: "GET" as const, url: new URL(url), headers: {}, body: "" };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  return error instanceof NoAnswer ? error.code : `no NoAnswer: ${String(error)}`;
}

describeWith(["openssl"], "over TLS", () => {
  let certificates: ReturnType<typeof certificatesFor>;
  let server: Server;
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  // A proxy as companies have it: whatever host is asked for, it opens a tunnel.
  const proxy = createServer((_request, response) => response.writeHead(501).end());
  let url = "";
  const environment = { ...process.env };

  beforeAll(async () => {
    certificates = certificatesFor(HOST);
    server = createTlsServer(certificates, (request, response) => {
      response.end(`host ${request.headers.host}`);
    });
    const port = await portOf(server);
    url = `https://127.0.0.1:${port}/`;
    proxy.on("connect", (request, client: Socket) => {
      tunnels.push(`${request.url} ${request.headers["proxy-authorization"] ?? "-"}`);
      const target = connect(port, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        target.pipe(client).pipe(target);
      });
      for (const socket of [client, target]) {
        sockets.add(socket.on("error", () => undefined));
      }
    });
    process.env["HTTPS_PROXY"] = `http://user:pw@127.0.0.1:${await portOf(proxy)}`;
  });

  afterAll(() => {
    process.env = environment;
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
    proxy.closeAllConnections();
    proxy.close();
  });

  test("trusts a CA of the user's own", async () => {
    const answer = await new Http(certificates.caFile).send(get(url), new Reading(5_000));
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("host 127.0.0.1") });
  });

  test("refuses a certificate that nobody vouches for, also where Node was told not to check", async () => {
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      expect(await codeOf(new Http(undefined).send(get(url), new Reading(5_000)))).toMatch(
        /SELF_SIGNED|UNABLE_TO/,
      );
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
  });

  test("goes through the proxy of HTTPS_PROXY, and checks the certificate there too", async () => {
    const answer = await new Http(certificates.caFile).send(
      get(`https://${HOST}/`),
      new Reading(5_000),
    );
    expect(answer.text).toBe(`host ${HOST}`);
    expect(tunnels.at(-1)).toBe(`${HOST}:443 Basic ${Buffer.from("user:pw").toString("base64")}`);
    expect(
      await codeOf(new Http(undefined).send(get(`https://${HOST}/`), new Reading(5_000))),
    ).toMatch(/SELF_SIGNED|UNABLE_TO/);
  });

  test("refuses a certificate of another host", async () => {
    const other = get("https://other.test.example/");
    expect(await codeOf(new Http(certificates.caFile).send(other, new Reading(5_000)))).toBe(
      "ERR_TLS_CERT_ALTNAME_INVALID",
    );
  });

  test("never sends what is for this machine through the proxy", async () => {
    const before = tunnels.length;
    await new Http(certificates.caFile).send(get(url), new Reading(5_000));
    expect(tunnels).toHaveLength(before);
  });

  test("leaves out the proxy for the hosts of NO_PROXY", async () => {
    process.env["NO_PROXY"] = ".test.example";
    try {
      const before = tunnels.length;
      // There is no such host: without the proxy it can't be found.
      expect(
        await codeOf(
          new Http(certificates.caFile).send(get(`https://${HOST}/`), new Reading(5_000)),
        ),
      ).toMatch(/ENOTFOUND|EAI_AGAIN/);
      expect(tunnels).toHaveLength(before);
    } finally {
      delete process.env["NO_PROXY"];
    }
  });
});

describe("a CA file", () => {
  test("that can't be read is an error that names it", () => {
    expect(() => new Http("/nowhere/ca.pem")).toThrow(
      /^CA_FILE_UNREADABLE: the CA file \/nowhere\/ca.pem/,
    );
  });
});

describe("a proxy", () => {
  test("whose address is no URL is an error that doesn't show it", () => {
    const before = process.env["HTTPS_PROXY"];
    process.env["HTTPS_PROXY"] = "user:hunter2@proxy:3128";
    try {
      expect(() => new Http(undefined)).toThrow(
        /^INVALID_PROXY: .*HTTPS_PROXY is no URL\. Allowed is/,
      );
      expect(() => new Http(undefined)).not.toThrow(/hunter2/);
    } finally {
      if (before === undefined) delete process.env["HTTPS_PROXY"];
      else process.env["HTTPS_PROXY"] = before;
    }
  });
});
