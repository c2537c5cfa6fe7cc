// The console with a million lines (about 100 MB) in a real browser: time to the first lines, frames while
// scrolling and while output comes, jumping to lines, finding, and the memory of the tab.
//   node console.mjs [--lines N] [--bin FOLDER] [--chromium PROGRAM]
// `./dev bench console` runs it. FOLDER holds runbook-controller and runbook-agent.
import {once} from 'node:events';
import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {loadavg, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';

import {startController} from './support/controller.mjs';

const {chromium} = createRequire(resolve(import.meta.dirname, '../e2e/package.json'))('playwright');
const kRepeats = 5;
const kJumps = 10;
const kScrollFrames = 300;
const kLiveSeconds = 12;
const kFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
  '--disable-background-networking', '--disable-component-update'
];

async function startWithApi(folder, programs) {
  const {child, port, key} = await startController(folder, programs);
  const url = `http://127.0.0.1:${port}`;
  const call = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: {'X-API-KEY': key, ...(body && {'Content-Type': 'application/json'})},
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  return {child, url, key, call};
}

const many = (lines) =>
  `awk 'BEGIN { for (i = 1; i <= ${lines}; i++) { c = i % 8 ? "" : "\\033[36m"; ` +
  `d = i % 8 ? "" : "\\033[0m"; if (i == ${Math.floor(lines * 0.765)}) ` +
  `print "ERROR drain timeout after 30s: 3 charges still in flight"; else printf ` +
  `"%07d flushed 1204 %spending%s charges of the payment workers, checkpoint written, lsn 0/5A31F28\\n", ` +
  `i, c, d } }'`;

// So many lines a second, in tenths.
const flowing = (perSecond, seconds) =>
  `n=0; while [ $n -lt ${seconds * 10} ]; do n=$((n+1)); ` +
  `awk -v n=$n 'BEGIN { for (i = 0; i < ${perSecond / 10}; i++) print "batch " n " live line " i ` +
  `" of the payment workers, checkpoint written" }'; sleep 0.1; done`;

async function execute({call}, command) {
  const runbook = await call('POST', '/runbooks', {
    title: 'Console',
    blocks: [{name: 'Print', type: 'command', config: {command, approval: 'none'}}],
  });
  return (await call('POST', `/runbooks/${runbook.id}/execute`, {
    approval: 'preapproved',
    targets: {hosts: ['local-1']},
  })).id;
}

async function ended({call}, id) {
  for (;;) {
    const execution = await call('GET', `/executions/${id}?fields=summary`);
    if (['completed', 'failed', 'stopped'].includes(execution.status)) return execution;
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

// Runs in the page: waits for a row on screen that contains `text`, looked at with every frame.
const rowShown = (text) => new Promise((found) => {
  const look = () => {
    const rows = document.querySelectorAll('.console-row:not(.console-hidden) .console-text');
    if ([...rows].some((row) => row.textContent.includes(text))) found(performance.now());
    else requestAnimationFrame(look);
  };
  look();
});

// Runs in the page: times between frames, in which `step` may move something.
const frameTimes = async ({frames, wheel}) => {
  const log = document.querySelector('[role=log]');
  const times = [];
  let waiting = 0;
  let last = await new Promise(requestAnimationFrame);
  for (let at = 0; at < frames; at += 1) {
    if (wheel) log.dispatchEvent(new WheelEvent('wheel', {deltaY: wheel, bubbles: true, cancelable: true}));
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
    if (log.querySelector('.console-row:not(.console-hidden) .console-note')) waiting += 1;
  }
  return {times, waiting};
};

function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

const milliseconds = (values) =>
  `median ${quantile(values, 0.5).toFixed(0)} ms, worst ${Math.max(...values).toFixed(0)} ms`;

function frames({times, waiting}) {
  const total = times.reduce((sum, each) => sum + each, 0);
  const rest = waiting > 0 ? `; ${waiting} of ${times.length} frames showed lines on their way` : '';
  const rate = (times.length * 1000 / total).toFixed(0);
  return `${rate} frames/s, p95 ${quantile(times, 0.95).toFixed(0)} ms, ` +
    `worst ${Math.max(...times).toFixed(0)} ms${rest}`;
}

function print(what, figure) {
  console.log(`  ${what.padEnd(44)} ${figure}  (load ${loadavg()[0].toFixed(1)})`);
}

// Resident memory of the largest renderer below `browser`.
async function rendererMb(pid) {
  let most = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const commandLine = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (!commandLine.includes('--type=renderer') || !commandLine.includes(pid)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    most = Math.max(most, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000);
  }
  return most;
}

async function memory(page, profile) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const {metrics} = await session.send('Performance.getMetrics');
  const heap = metrics.find(({name}) => name === 'JSHeapUsedSize').value / 1e6;
  await session.detach();
  return `JS heap ${heap.toFixed(1)} MB, renderer RSS ${(await rendererMb(profile)).toFixed(0)} MB`;
}

async function measureStill(context, controller, id, lines, profile) {
  const address = `${controller.url}/ui/executions/${id}`;
  const last = String(lines).padStart(7, '0');
  const opened = [];
  for (let at = 0; at < kRepeats; at += 1) {
    const page = await context.newPage();
    await page.goto(address, {waitUntil: 'commit'});
    opened.push(await page.evaluate(rowShown, last));
    await page.close();
  }
  print('open the page → the last lines on screen', milliseconds(opened));

  const page = await context.newPage();
  await page.goto(address);
  await page.evaluate(rowShown, last);
  print('memory when the end is shown', await memory(page, profile));
  const scrolled = await page.evaluate(frameTimes, {frames: kScrollFrames, wheel: -720});
  print('scroll up, 40 lines a frame', frames(scrolled));
  const jumps = [];
  for (let at = 0; at < kJumps; at += 1) {
    const line = 1 + Math.floor((lines - 1) * ((at * 0.618) % 1)) | 1;
    const begin = await page.evaluate((number) => {
      const now = performance.now();
      location.hash = `#L${number}`;
      return now;
    }, line);
    jumps.push(await page.evaluate(rowShown, String(line).padStart(7, '0')) - begin);
  }
  print('jump to a line that is not held', milliseconds(jumps));

  await page.getByRole('textbox', {name: 'Find in the output'}).fill('drain timeout');
  const asked = performance.now();
  await page.getByRole('search').getByText('0 / 1', {exact: true}).waitFor();
  print('find one line in all, counted exactly', `${(performance.now() - asked).toFixed(0)} ms`);
  const went = performance.now();
  await page.keyboard.press('Enter');
  await page.evaluate(rowShown, 'drain timeout');
  print('go to it', `${(performance.now() - went).toFixed(0)} ms`);
  await page.getByRole('textbox', {name: 'Find in the output'}).fill('');
  await page.evaluate(frameTimes, {frames: 2000, wheel: -72_000});
  print('memory after scrolling through all of it', await memory(page, profile));
  await page.close();
}

async function measureLive(context, controller, lines, perSecond, profile) {
  const id = await execute(controller, `${many(lines)}; ${flowing(perSecond, kLiveSeconds + 8)}`);
  const page = await context.newPage();
  await page.goto(`${controller.url}/ui/executions/${id}`);
  await page.evaluate(rowShown, 'batch ');
  const figures = await page.evaluate(frameTimes, {frames: kLiveSeconds * 50, wheel: 0});
  print(`${perSecond} lines/s come, ${lines} before, following`, frames(figures));
  print('memory then', await memory(page, profile));
  await page.close();
  await ended(controller, id);
}

const {values} = parseArgs({
  options: {
    lines: {type: 'string', default: '1000000'},
    chromium: {type: 'string', default: '/usr/bin/chromium'},
    bin: {type: 'string', default: resolve(import.meta.dirname, '../../build/release/bin')},
  }
});
const lines = Number(values.lines);
const folder = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
const controller = await startWithApi(join(folder, 'data'), values.bin);
const profile = join(folder, 'profile');
let context;
try {
  context = await chromium.launchPersistentContext(
    profile, {executablePath: values.chromium, args: kFlags, viewport: {width: 1440, height: 900}});
  await context.request.post(`${controller.url}/session`, {data: {key: controller.key}});
  while ((await controller.call('GET', '/agents')).items.every(({status}) => status !== 'online'));
  const begin = performance.now();
  const id = await execute(controller, many(lines));
  const {steps: [step]} = await ended(controller, id);
  console.log(`the console with ${lines} lines, ${(step.output_bytes / 1e6).toFixed(0)} MB, on one host`);
  print('printed and stored', `${((performance.now() - begin) / 1000).toFixed(1)} s`);
  await measureStill(context, controller, id, lines, profile);
  await measureLive(context, controller, lines, 5000, profile);
  await measureLive(context, controller, lines, 20_000, profile);
} finally {
  await context?.close();
  controller.child.kill('SIGTERM');
  if (controller.child.exitCode === null) await once(controller.child, 'exit');
  await rm(folder, {recursive: true, force: true});
}
