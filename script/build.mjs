// npm run build: what the browser gets, made from static/scss and the installed packages.
// Everything lands in static/built, which is never committed; script/setup runs this when needed.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const packages = join(root, 'node_modules')
const built = join(root, 'static', 'built')
mkdirSync(join(built, 'fonts'), { recursive: true })

// The one style sheet. Warnings of the installed packages are theirs; our own stop the build.
const { css } = sass.compile(join(root, 'static', 'scss', 'portal.scss'), {
  style: 'compressed',
  loadPaths: [packages, root],
  quietDeps: true,
  fatalDeprecations: [],
})
writeFileSync(join(built, 'portal.css'), css)

// The typeface, regular and bold, in the two parts that a browser picks from.
const fonts = join(packages, '@fontsource', 'atkinson-hyperlegible-next', 'files')
for (const name of readdirSync(fonts)) {
  if (/-latin(-ext)?-(400|700)-normal\.woff2$/.test(name)) {
    cpSync(join(fonts, name), join(built, 'fonts', name))
  }
}

// Scripts of others that our pages load as extras; every journey works without them. Their last line names
// a source map that we do not ship, and production refuses a file that names one it does not have.
function copyScript(from, to) {
  const text = readFileSync(from, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, text)
}
copyScript(
  join(packages, 'govuk-frontend', 'dist', 'govuk', 'govuk-frontend.min.js'),
  join(built, 'govuk-frontend.min.js'),
)
const leaflet = join(packages, 'leaflet', 'dist')
copyScript(join(leaflet, 'leaflet-src.esm.js'), join(built, 'leaflet', 'leaflet-src.esm.js'))
for (const name of ['leaflet.css', 'images']) {
  cpSync(join(leaflet, name), join(built, 'leaflet', name), { recursive: true })
}
