/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const server = process.env.WEFT_URL ?? 'http://127.0.0.1:8080'
const proxied = { target: server, changeOrigin: false, ws: true }

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', cssCodeSplit: true, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/graphql': proxied, '/auth': proxied, '/hooks': proxied } },
  test: {
    // Files that need a page say so themselves: making one costs more than most tests.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    // Two workers suffice for the suite and leave room for what else runs on a small machine.
    maxWorkers: 2,
  },
})
