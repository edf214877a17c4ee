import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A CA of our own, and a certificate of it for the host, made by openssl; valid for a day. */
export function certificatesFor(host: string) {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    ...["req", "-x509", ...newKey, "-days", "1", "-subj", "/CN=Test CA"],
    ...["-keyout", file("ca.key"), "-out", file("ca.pem")],
  );
  openssl(
    ...["req", ...newKey, "-subj", `/CN=${host}`],
    ...["-keyout", file("server.key"), "-out", file("server.csr")],
  );
  writeFileSync(file("names"), `subjectAltName=DNS:${host},IP:127.0.0.1\n`);
  openssl(
    ...["x509", "-req", "-days", "1", "-in", file("server.csr"), "-extfile", file("names")],
    ...["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial"],
    ...["-out", file("server.pem")],
  );
  return {
    caFile: file("ca.pem"),
    key: readFileSync(file("server.key"), "utf8"),
    cert: readFileSync(file("server.pem"), "utf8"),
  };
}
