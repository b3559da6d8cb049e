// Builds static/build/ from static/scss and node_modules: one style sheet, one script library, and
// the font of PDF files and pictures (browsers use their own).
// Run it by `npm run build`. Nothing in static/build is committed. An argument names another folder.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const project = dirname(here);
const target = process.argv[2] ?? join(here, "build");

/** Hashed file names leave a source-map comment pointing at nothing, and that stops collectstatic. */
function withoutSourceMapComment(text) {
  return text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=[^\n]*/g, "").trimEnd() + "\n";
}

/** The rules of a sheet: what comes before each "{", and what stands between the braces. */
function* rules(css) {
  let start = 0;
  while (start < css.length) {
    const open = css.indexOf("{", start);
    if (open < 0) return;
    let depth = 1;
    let end = open + 1;
    while (depth > 0) {
      if (css[end] === "{") depth += 1;
      if (css[end] === "}") depth -= 1;
      end += 1;
    }
    yield [css.slice(start, open), css.slice(open + 1, end - 1)];
    start = end;
  }
}

/**
 * Drops what GOV.UK Frontend has for pages that this service does not have: the classes in
 * unused_classes.txt, and the print rules of each component (ours are in _print.scss).
 */
function trimmed(css, unused) {
  let kept = "";
  for (const [head, body] of rules(css)) {
    // The details component has its styles for all browsers but old ones in such a rule.
    if (head.startsWith("@supports not") && !head.includes("-ms-ime-align")) continue;
    if (head.startsWith("@media") || head.startsWith("@supports")) {
      const inside = trimmed(body, unused);
      if (inside) kept += `${head}{${inside}}`;
      continue;
    }
    const selectors = head.split(/,(?![^(]*\))/).filter((selector) => !unused.test(selector));
    const declarations = body.replaceAll(/(--[\w-]+), #\w+\)/g, "$1)");
    if (selectors.length && declarations !== 'font-family:sans-serif') {
      kept += `${selectors.join(",")}{${declarations}}`;
    }
  }
  return kept;
}

async function unusedClasses() {
  const names = (await readFile(join(here, "unused_classes.txt"), "utf8")).trim().split("\n");
  return new RegExp(`\\.(?:${names.join("|")})(?![\\w-])`);
}

function styles(sheet) {
  const { css } = compile(join(here, "scss", sheet), {
    style: "compressed",
    // The second lets @ministryofjustice/frontend find the same govuk-frontend as we do.
    loadPaths: [join(project, "node_modules"), project],
    quietDeps: true,
  });
  for (const forbidden of ["@font-face", "GDS Transport"]) {
    if (css.includes(forbidden)) {
      throw new Error(`The style sheet holds "${forbidden}", which only gov.uk domains may use.`);
    }
  }
  return css;
}

async function scripts() {
  const library = "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js";
  return readFile(join(project, library), "utf8");
}

const fonts = join(project, "node_modules", "@expo-google-fonts", "noto-sans");
const fontFiles = ["400Regular/NotoSans_400Regular.ttf", "700Bold/NotoSans_700Bold.ttf", "LICENSE_FONT"];

const files = {
  "main.css": trimmed(styles("main.scss"), await unusedClasses()),
  "drawing.css": styles("drawing.scss"),
  "govuk-frontend.min.js": await scripts(),
};

await rm(target, { recursive: true, force: true });
await mkdir(join(target, "fonts"), { recursive: true });
for (const file of fontFiles) {
  await copyFile(join(fonts, file), join(target, "fonts", basename(file)));
}
for (const [name, text] of Object.entries(files)) {
  await writeFile(join(target, name), withoutSourceMapComment(text));
  console.log(join(target, name));
}
