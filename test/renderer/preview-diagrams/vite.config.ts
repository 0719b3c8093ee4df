/** Serves the preview page: `npx vite --config test/renderer/preview-diagrams/vite.config.ts`. */
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  server: { port: 5190, strictPort: true, fs: { allow: [resolve(import.meta.dirname, '../../..')] } },
  plugins: [
    vue(),
    {
      name: 'scenes',
      configureServer(server) {
        server.middlewares.use('/scene/', async (request, response) => {
          const { SCENES } = (await server.ssrLoadModule('/scenes.ts')) as typeof import('./scenes')
          const scene = SCENES[(request.url ?? '').replace(/^\//, '')]
          if (scene === undefined) {
            response.statusCode = 404
            response.end()
            return
          }
          response.setHeader('content-type', 'application/json')
          const simulation = scene()
          response.end(JSON.stringify({ frames: simulation.frames, events: simulation.events }))
        })
      },
    },
  ],
})
