// The import rule: which folder of src may import which, and which packages. An allow-list (tools/import-rule.json):
// what it does not name is forbidden, and what it names must be in use. Type imports count. No cycles, neither between files
// nor between folders. `only` keeps a package to rooms of a folder. Folders marked pure may not reach for the clock, for chance or for the machine either.
// The same holds within a folder that has folders, at every depth. Its `rooms` are these folders, and files that stand
// between them (`world.ts`); each imports the rooms that it names and the files `below`, which import no room. What is
// named nowhere stands above: it imports them all, and they nothing of it.
//   node tools/import-rule.mjs [FOLDER THAT HOLDS src]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseAst } from 'rolldown/parseAst';

const here = dirname(fileURLToPath(import.meta.url));
const rules = JSON.parse(readFileSync(join(here, 'import-rule.json'), 'utf8'));

/** Names that bring time, chance or the machine into code that must have none of it. */
const IMPURE = new Set([
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'process', 'Buffer'],
  ...['globalThis', 'console', 'crypto', 'require', 'fetch', 'Intl', 'WeakRef', 'FinalizationRegistry'],
]);

const BELOW = '(below)';
const ABOVE = '(above)';

/**
 * What is wrong with the tree that `root` has below src, a line each, and how many files it has. Where it is not whole, as a test
 * makes it, what the list names need not be there.
 */
export function judgeImports(root, isWhole) {
  const faults = [];
  const files = readdirSync(join(root, 'src'), { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.tsx?$/.test(name));
  /** file -> files it imports, both relative to src. */
  const graph = new Map();

  /** What the list allows and somebody uses: `pair/input > result`. */
  const used = new Set();

  for (const file of files) checkFile(file);
  checkList();
  reportCycles(graph, 'files import each other in a circle');
  reportCycles(folderGraph(graph), 'folders import each other in a circle');

  return { faults, files: files.length };

  function checkFile(file) {
    const folder = file.split('/')[0];
    const rule = rules[folder];
    graph.set(file, []);
    if (rule === undefined || !file.includes('/')) {
      faults.push(`src/${file}: tools/import-rule.json does not name the folder ${folder}`);
      return;
    }
    for (const parent of foldersOf(file).slice(0, -1)) checkPlace(file, parent);
    const source = readFileSync(join(root, 'src', file), 'utf8');
    const lineOf = (offset) => source.slice(0, offset).split('\n').length;
    const accuse = (node, text) => faults.push(`src/${file}:${lineOf(node.start)}: ${text}`);

    walk(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }), (node, parent, key) => {
      const imported = importedName(node);
      if (imported !== undefined) checkImport(file, folder, rule, imported, (text) => accuse(node, text));
      if (rule.pure !== true) return;
      if (node.type === 'Identifier' && IMPURE.has(node.name) && isReference(parent, key)) {
        accuse(node, `${folder} is pure and may not use ${node.name}`);
      }
      if (
        node.type === 'MemberExpression' &&
        node.object.name === 'Math' &&
        (node.property.name ?? node.property.value) === 'random'
      ) {
        accuse(node, `${folder} is pure and may not use Math.random`);
      }
    });
  }

  function checkImport(file, folder, rule, name, accuse) {
    if (name.startsWith('.')) {
      const target = posix.normalize(posix.join(posix.dirname(file), name));
      if (target.startsWith('..')) return accuse(`imports ${name}, which is outside src`);
      const targetFolder = target.split('/')[0];
      if (targetFolder !== folder && !rule.folders.includes(targetFolder)) {
        return accuse(`${folder} may not import from ${targetFolder} (${name})`);
      }
      const inTypeScript = target.replace(/\.js$/, '.ts');
      const targetFile = existsSync(join(root, 'src', `${inTypeScript}x`)) ? `${inTypeScript}x` : inTypeScript;
      use(folder, targetFolder);
      if (targetFolder === folder) checkRooms(file, targetFile, name, accuse);
      if (existsSync(join(root, 'src', targetFile)) && /\.tsx?$/.test(targetFile)) graph.get(file).push(targetFile);
      return undefined;
    }
    const packageName = isBuiltin(name)
      ? `node:${name.replace(/^node:/, '')}`
      : name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/');
    use(folder, packageName);
    if (!rule.packages.includes(packageName)) return accuse(`${folder} may not import the package ${packageName}`);
    const place = file.split('/')[1];
    use(`${folder}/${place}`, packageName);
    if (rule.only?.[packageName]?.includes(place) !== false) return undefined;
    return accuse(`${folder}/${place} may not import the package ${packageName}`);
  }

  function checkPlace(file, parent) {
    const room = file.slice(parent.length + 1).split('/')[0];
    const rooms = rules[parent]?.rooms;
    if (rooms === undefined) faults.push(`src/${file}: tools/import-rule.json does not name the rooms of ${parent}`);
    else if (rooms[room] === undefined) {
      faults.push(`src/${file}: tools/import-rule.json does not name the room ${parent}/${room}`);
    }
  }

  /** Where a file stands among the rooms of a folder that it is in. */
  function roomOf(file, parent) {
    const [first, ...rest] = file.slice(parent.length + 1).split('/');
    if (rest.length > 0 || rules[parent].rooms[first] !== undefined) return first;
    return rules[parent].below?.includes(first) ? BELOW : ABOVE;
  }

  /** Between two files of a folder of src: in the deepest folder that holds both, their rooms decide. */
  function checkRooms(file, target, name, accuse) {
    const around = foldersOf(target);
    const parent = foldersOf(file).findLast((one) => around.includes(one));
    if (rules[parent]?.rooms === undefined) return;
    const [room, targetRoom] = [roomOf(file, parent), roomOf(target, parent)];
    if (room === targetRoom || room === ABOVE) return;
    if (targetRoom === BELOW || rules[parent].rooms[room]?.includes(targetRoom))
      return use(`${parent}/${room}`, targetRoom);
    const there = targetRoom === ABOVE ? `what stands above the rooms of ${parent}` : `${parent}/${targetRoom}`;
    const here = room === BELOW ? `what stands below the rooms of ${parent}` : `${parent}/${room}`;
    accuse(`${here} may not import from ${there} (${name})`);
  }

  function use(who, what) {
    used.add(`${who} > ${what}`);
  }

  /** The list itself: rooms in no circle, and, of the whole tree, nothing that is not there or that nobody uses. */
  function checkList() {
    for (const [folder, { folders = [], packages = [], only = {}, rooms = {}, below = [] }] of Object.entries(rules)) {
      reportCycles(new Map(Object.entries(rooms)), `rooms of ${folder} are allowed to import each other in a circle`);
      if (!isWhole) continue;
      const unused = (who, what) => {
        if (!used.has(`${who} > ${what}`)) faults.push(`tools/import-rule.json: ${who} imports nothing from ${what}`);
      };
      for (const what of [...folders, ...packages]) unused(folder, what);
      for (const [room, targets] of Object.entries(rooms))
        for (const what of targets) unused(`${folder}/${room}`, what);
      for (const [what, places] of Object.entries(only)) for (const place of places) unused(`${folder}/${place}`, what);
      for (const name of [...Object.keys(rooms), ...below]) {
        if (!existsSync(join(root, 'src', folder, name)))
          faults.push(`tools/import-rule.json: there is no ${folder}/${name}`);
      }
    }
  }

  /** Depth-first; a circle is reported once, where it is first closed. */
  function reportCycles(edges, text) {
    const state = new Map();
    const path = [];
    const visit = (name) => {
      if (state.get(name) === 'done') return;
      if (state.get(name) === 'open') {
        faults.push(`${text}: ${[...path.slice(path.indexOf(name)), name].join(' > ')}`);
        return;
      }
      state.set(name, 'open');
      path.push(name);
      for (const next of edges.get(name) ?? []) visit(next);
      path.pop();
      state.set(name, 'done');
    };
    for (const name of [...edges.keys()].sort()) visit(name);
  }
}

/** Of `bench/stage/watching/…`: bench, bench/stage and bench/stage/watching. */
function foldersOf(file) {
  const names = file.split('/').slice(0, -1);
  return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
}

/** What a node of the syntax tree imports, in all the ways there are; undefined when it imports nothing. */
function importedName(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return typeof node.source?.value === 'string' ? node.source.value : undefined;
    case 'TSExternalModuleReference':
      return node.expression.value;
    case 'CallExpression': {
      const called = node.callee.name ?? node.callee.callee?.name;
      const [first] = node.arguments;
      return ['require', 'createRequire'].includes(called) && typeof first?.value === 'string'
        ? first.value
        : undefined;
    }
    default:
      return undefined;
  }
}

/** False where an identifier only names a property, a key or a parameter and refers to nothing global. */
function isReference(parent, key) {
  if (parent.type === 'MemberExpression' && key === 'property') return parent.computed;
  return !(key === 'key' && parent.computed !== true) && key !== 'label';
}

function walk(node, visit, parent = { type: 'none' }, key = '') {
  visit(node, parent, key);
  for (const [childKey, child] of Object.entries(node)) {
    for (const one of Array.isArray(child) ? child : [child]) {
      if (one !== null && typeof one === 'object' && typeof one.type === 'string') walk(one, visit, node, childKey);
    }
  }
}

function folderGraph(ofFiles) {
  const folders = new Map();
  for (const [file, targets] of ofFiles) {
    const from = file.split('/')[0];
    const known = folders.get(from) ?? [];
    folders.set(from, known);
    for (const to of targets.map((target) => target.split('/')[0])) {
      if (to !== from && !known.includes(to)) known.push(to);
    }
  }
  return folders;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { faults, files } = judgeImports(resolve(process.argv[2] ?? join(here, '..')), process.argv[2] === undefined);
  console.log(faults.length > 0 ? faults.join('\n') : `${files} files keep the import rule`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
