import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: '@', replacement: here('./src') },
      // It compiles schemas with `new Function`, which the content security policy forbids.
      { find: /^markdown-to-jsx(\/react)?$/, replacement: here('./src/components/form/plainText.tsx') },
      { find: 'fast-uri', replacement: here('./src/components/form/uri.ts') },
      { find: '@rjsf/validator-ajv8', replacement: here('./src/components/form/validator.ts') },
    ],
    dedupe: ['react', 'react-dom', 'lucide-react'],
    preserveSymlinks: true,
  },
  build: {
    outDir: here('../src/heroes/_ui'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
