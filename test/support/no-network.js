// Loaded before a program (`node --require`): whatever opens a socket, starts a thread or loads undici
// ends it. CLOCK_SHIFT_HOURS sets the program's clock forward.
const net = require("node:net");
const dgram = require("node:dgram");
const dns = require("node:dns");
const Module = require("node:module");
const threads = require("node:worker_threads");

function forbidden(what) {
  return () => {
    process.stderr.write(`FORBIDDEN: ${what}\n${new Error().stack}\n`);
    process.exit(97);
  };
}

net.Socket.prototype.connect = forbidden("a connection");
net.Server.prototype.listen = forbidden("a server");
dgram.createSocket = forbidden("a datagram socket");
for (const name of ["lookup", "resolve"]) dns[name] = forbidden("a name to resolve");
threads.Worker = forbidden("a thread");

const load = Module._load;
Module._load = function (request, ...rest) {
  if (/undici|wire[\\/]worker|fs-native-extensions|write-file-atomic/.test(request)) {
    forbidden(`loading ${request}`)();
  }
  return load.call(this, request, ...rest);
};

const shift = Number(process.env["CLOCK_SHIFT_HOURS"] ?? 0) * 3_600_000;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + shift] : args));
  }
  static now() {
    return RealDate.now() + shift;
  }
};
