// How long an execution of a runbook whose only command is `true` takes, from POST …/execute to its terminal
// state on /live: one keep-alive connection, one WebSocket, one execution at a time, one local agent.
//   node latency_of_true.mjs [--executions N] [--breakdown] [--bin FOLDER]
// `./dev bench latency_of_true` runs it. FOLDER holds runbook-controller and runbook-agent.
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {Agent, request as httpRequest} from 'node:http';
import {loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';

import {startController} from './support/controller.mjs';

const kWarmUp = 20;
const kTerminal = new Set(['completed', 'failed', 'stopped']);
const kPhases = [
  ['asked and judged', 'sent', 'begun'],
  ['dispatched, started', 'begun', 'started'],
  ['ran, reported', 'started', 'finished'],
  ['stored, decided', 'finished', 'ended'],
  ['stored, shown', 'ended', 'seen'],
];

const now = () => performance.timeOrigin + performance.now();

// One request after the other on one connection.
class Rest {
  constructor(port, key) {
    const agent = new Agent({keepAlive: true, maxSockets: 1, noDelay: true});
    this.options = {host: '127.0.0.1', port, agent};
    this.headers = {'X-API-KEY': key};
  }

  async call(method, path, body) {
    const headers = {...this.headers};
    const text = body === undefined ? undefined : JSON.stringify(body);
    if (text !== undefined) {
      headers['Content-Type'] = 'application/json';
      headers['Content-Length'] = Buffer.byteLength(text);
    }
    const asked = httpRequest({...this.options, method, path, headers});
    asked.end(text);
    const [answer] = await once(asked, 'response');
    const parts = await answer.toArray();
    const read = Buffer.concat(parts).toString();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${read}`);
    return JSON.parse(read);
  }

  end() { this.options.agent.destroy(); }
}

// Terminal states as /live tells them, with the time they were heard.
class Ends {
  constructor(port, key) {
    this.heard = new Map();
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/live`, {headers: {'X-API-KEY': key}});
    this.socket.onmessage = ({data}) => {
      const at = now();
      const message = JSON.parse(data);
      if (message.event !== 'execution' || !kTerminal.has(message.data.status)) return;
      this.heard.set(message.execution, {at, status: message.data.status});
      this.wake?.();
    };
  }

  async open() {
    await once(this.socket, 'open');
    this.socket.send(JSON.stringify({sub: {executions: true}}));
  }

  async of(execution) {
    while (!this.heard.has(execution)) await new Promise((wake) => (this.wake = wake));
    return this.heard.get(execution);
  }
}

async function measure(rest, ends, runbook) {
  const sent = now();
  const body = {approval: 'preapproved', targets: {hosts: ['local-1']}};
  const {id} = await rest.call('POST', `/runbooks/${runbook}/execute`, body);
  const answered = now();
  const {at: seen, status} = await ends.of(id);
  if (status !== 'completed') throw new Error(`execution ${id} is ${status}`);
  return {id, sent, answered, seen};
}

// The controller's own times of one execution; its clock is this machine's.
async function addTimes(rest, sample) {
  const execution = await rest.call('GET', `/executions/${sample.id}`);
  const [step] = execution.steps;
  const [host] = step.hosts;
  const time = (text) => Date.parse(text.replace(/(\.\d{3})\d*/, '$1')) + Number(`0.${text.slice(23, 26)}`);
  sample.begun = time(step.timestamp ?? step.start_time);
  sample.started = time(host.start_time);
  sample.finished = time(host.end_time);
  sample.ended = time(execution.end_time);
}

function figures(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(2);
  return `p50 ${at(0.5).padStart(7)}   p90 ${at(0.9).padStart(7)}   p99 ${at(0.99).padStart(7)} ms`;
}

function print(name, samples, from, to) {
  console.log(`  ${name.padEnd(22)} ${figures(samples.map((sample) => sample[to] - sample[from]))}`);
}

async function run({port, key}, {executions, breakdown}) {
  const rest = new Rest(port, key);
  const ends = new Ends(port, key);
  await ends.open();
  const runbook = await rest.call('POST', '/runbooks', {
    title: 'true',
    blocks: [{name: 'True', type: 'command', config: {command: 'true', approval: 'none'}}],
  });
  while ((await rest.call('GET', '/agents')).items.every(({status}) => status !== 'online'));
  for (let i = 0; i < kWarmUp; ++i) await measure(rest, ends, runbook.id);
  const samples = [];
  const load = loadavg()[0];
  for (let i = 0; i < executions; ++i) samples.push(await measure(rest, ends, runbook.id));
  console.log(
    `latency of true, ${executions} executions one after the other; ` +
    `load ${load.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`);
  print('asked → answered', samples, 'sent', 'answered');
  print('asked → completed', samples, 'sent', 'seen');
  if (breakdown) {
    for (const sample of samples) await addTimes(rest, sample);
    for (const [name, from, to] of kPhases) print(`  ${name}`, samples, from, to);
  }
  ends.socket.close();
  rest.end();
}

const {values} = parseArgs({
  options: {
    executions: {type: 'string', default: '200'},
    breakdown: {type: 'boolean', default: false},
    bin: {type: 'string', default: resolve(import.meta.dirname, '../../build/release/bin')},
  }
});
const folder = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
const controller = await startController(folder, values.bin);
try {
  await run(controller, {...values, executions: Number(values.executions)});
} finally {
  controller.child.kill('SIGTERM');
  if (controller.child.exitCode === null) await once(controller.child, 'exit');
  await rm(folder, {recursive: true, force: true});
}
