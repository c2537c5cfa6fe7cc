// What many slow clients of one address do to everybody else: connections that trickle their header, trickle
// their body, read an answer a few bytes at a time, or begin a TLS handshake and say no more. For each: how
// long GET /healthz takes meanwhile, what memory the controller grows by, and when the listener has closed
// them.
//   node slow_clients.mjs [--connections N] [--seconds S] [--mode NAME]… [--bin FOLDER]
// `./dev bench slow_clients` runs it. FOLDER holds runbook-controller and runbook-agent.
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {request as httpRequest} from 'node:http';
import {connect} from 'node:net';
import {loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';

import {startController} from './support/controller.mjs';

const kHealthEveryMs = 20;
const kTrickleMs = 1000;
const kMiB = 1024 * 1024;
const kClientHelloBegin = Buffer.from('16030102000100', 'hex');

// What a client sends at once, and what it sends every second after that.
const kModes = {
  header: {begin: 'GET /healthz HTTP/1.1\r\nHost: x\r\n', more: 'X-A: b\r\n'},
  body: {
    begin:
      'POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n',
    more: '{',
  },
  read: {begin: (asset) => `GET ${asset} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(4), reads: true},
  handshake: {begin: kClientHelloBegin, more: Buffer.from('00', 'hex'), agents: true},
};

const pause = (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds));

async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) * 1024;
}

// A new connection each time, as a load balancer asks.
async function askHealth(port) {
  const begin = performance.now();
  const asked = httpRequest({host: '127.0.0.1', port, path: '/healthz', agent: false});
  asked.setTimeout(5000, () => asked.destroy(new Error('no answer in 5 s')));
  asked.end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  await once(answer, 'end');
  if (answer.statusCode !== 200) throw new Error(`health: ${answer.statusCode}`);
  return performance.now() - begin;
}

// One of the slow ones. Keeps count in `tally`.
function slowClient(port, mode, asset, tally) {
  const socket = connect({port, host: '127.0.0.1', highWaterMark: 1024});
  const begin = typeof mode.begin === 'function' ? mode.begin(asset) : mode.begin;
  let timer;
  socket.on('connect', () => {
    tally.open += 1;
    tally.opened += 1;
    socket.write(begin);
    if (mode.reads) socket.pause();
    timer = setInterval(() => (mode.reads ? socket.read(16) : socket.write(mode.more)), kTrickleMs);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearInterval(timer);
    if (timer !== undefined)
      tally.open -= 1;
    else
      tally.refused += 1;
  });
  if (!mode.reads) socket.resume();
  return socket;
}

async function largestAsset(port) {
  const page = await (await fetch(`http://127.0.0.1:${port}/ui/`)).text();
  const names = [...page.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
  let largest = {path: '/ui/', bytes: page.length};
  for (const path of names) {
    const bytes = (await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer()).byteLength;
    if (bytes > largest.bytes) largest = {path, bytes};
  }
  return largest.path;
}

function percentile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

async function measure(name, controller, options) {
  const mode = kModes[name];
  const asset = mode.reads ? await largestAsset(controller.port) : '';
  await askHealth(controller.port);
  const before = await residentBytes(controller.child.pid);
  const tally = {open: 0, opened: 0, refused: 0};
  const port = mode.agents ? controller.agentPort : controller.port;
  const sockets = [];
  for (let i = 0; i < options.connections; ++i) sockets.push(slowClient(port, mode, asset, tally));
  const times = [];
  let most = before;
  let failures = 0;
  let lastOpen = 0;
  const begin = performance.now();
  while (performance.now() - begin < options.seconds * 1000) {
    try {
      times.push(await askHealth(controller.port));
    } catch {
      failures += 1;
    }
    most = Math.max(most, await residentBytes(controller.child.pid));
    if (tally.open > 0) lastOpen = performance.now() - begin;
    await pause(kHealthEveryMs);
  }
  for (const socket of sockets) socket.destroy();
  times.sort((a, b) => a - b);
  return {
    mode: name,
    opened: tally.opened,
    refused: tally.refused,
    stillOpen: tally.open,
    lastOpenSeconds: lastOpen / 1000,
    asked: times.length,
    failures,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    longest: times.at(-1),
    growth: (most - before) / kMiB,
  };
}

function report(figures) {
  const ms = (value) => (value === undefined ? 'none' : `${value.toFixed(1)} ms`);
  console.log(
    `slow ${figures.mode}: ${figures.opened} connections (${figures.refused} refused); health p50 ` +
    `${ms(figures.p50)}, p99 ${ms(figures.p99)}, longest ${ms(figures.longest)} of ${figures.asked} ` +
    `(${figures.failures} failed); memory +${figures.growth.toFixed(1)} MiB; ${figures.stillOpen} open at ` +
    `the end, the last seen after ${figures.lastOpenSeconds.toFixed(1)} s; load ${loadavg()[0].toFixed(1)}`);
}

const {values} = parseArgs({
  options: {
    connections: {type: 'string', default: '2000'},
    seconds: {type: 'string', default: '40'},
    mode: {type: 'string', multiple: true, default: Object.keys(kModes)},
    bin: {type: 'string', default: resolve(import.meta.dirname, '../../build/release/bin')},
  },
});
const folder = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
const controller = await startController(folder, values.bin);
try {
  const options = {connections: Number(values.connections), seconds: Number(values.seconds)};
  for (const name of values.mode) report(await measure(name, controller, options));
} finally {
  const ended = once(controller.child, 'exit');
  controller.child.kill('SIGTERM');
  await ended;
  await rm(folder, {recursive: true, force: true});
}
