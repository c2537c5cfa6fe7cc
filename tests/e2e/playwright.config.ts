import { defineConfig } from '@playwright/test'

// Every test starts and stops its own controller, PostgreSQL and agents, on free ports with a data folder
// of its own.
export default defineConfig({
  testDir: '.',
  testMatch: ['process/*.spec.ts', 'browser/*.spec.ts'],
  fullyParallel: false,
  workers: 2,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  outputDir: '../../build/e2e-results',
  use: {
    browserName: 'chromium',
    trace: 'off',
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
