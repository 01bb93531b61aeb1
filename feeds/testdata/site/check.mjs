// Checks pages in a real browser and as text, and prints what was found as
// JSON: {"problems": [{tool, url, rule, text}], "scores": [{url, category: 0 to 100}],
// "weights": [{url, scale, bytes, fetched}]}.
//
//   node check.mjs BROWSER PAGE...            axe-core, pa11y, html-validate
//   node check.mjs --lighthouse BROWSER URL...   Lighthouse
//   node check.mjs --weight BROWSER URL...       what a phone fetches
//   node check.mjs --cookie=NAME=VALUE BROWSER PAGE...   axe-core, … of who has a cookie
//
// PAGE is a URL, or "URL ACTION VALUE": what the form with that action, on the page at
// the URL, answers if VALUE is written into its first field of text.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import lighthouse from 'lighthouse';
import pa11y from 'pa11y';
import puppeteer from 'puppeteer';

const args = process.argv.slice(2);
const mode = args[0].startsWith('--') ? args.shift() : '';
const [executablePath, ...urls] = args;

// After this many milliseconds something hangs: no expectation of speed, also on
// a machine that is ten times slower.
const hang = 180_000;

const browser = await puppeteer.launch({
  executablePath,
  timeout: hang,
  protocolTimeout: 2 * hang,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
const [, cookie, secret] = mode.match(/^--cookie=([^=]*)=(.*)$/) ?? [];
if (cookie) await browser.setCookie({ name: cookie, value: secret, domain: new URL(urls[0]).hostname, path: '/' });
const problems = [];
const scores = [];
const weights = [];

// Of WCAG everything up to 2.2 AA, and what axe-core calls best practice.
const axeOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'], // what else is found takes as long to tell
};
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// open goes to a page and returns what was answered as text.
async function open(page, url) {
  const [address, action, value] = url.split(' ');
  let answer = await page.goto(address, { waitUntil: 'load' });
  if (action) {
    [answer] = await Promise.all([
      page.waitForNavigation({ waitUntil: 'load' }),
      page.evaluate((action, value) => {
        const form = document.querySelector(`form[action="${action}"]`);
        form.querySelector('input:not([type=hidden])').value = value;
        form.submit();
      }, action, value),
    ]);
    if (answer.status() !== 400) problems.push({ tool: 'browser', url, rule: 'input', text: `the form takes ${value}: ${answer.status()}` });
  }
  const text = await answer.text();
  await page.evaluate(() => window.stop()); // a page that loads itself anew stays while it is looked at
  return text;
}

// inspect checks one page as text, then narrow and light, then wide and dark, without
// loading it again, in a tab that others were in before.
async function inspect(page, url) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.setViewport({ width: 320, height: 900 });
  await validate(url, await open(page, url));
  await page.evaluate(axeSource);
  await axe(page, url, '320 px, light');
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  await page.setViewport({ width: 1280, height: 900 });
  await axe(page, url, '1280 px, dark');
  const { issues } = await pa11y(url, { browser, page, ignoreUrl: true, standard: 'WCAG2AA', timeout: hang });
  for (const i of issues) problems.push({ tool: 'pa11y', url, rule: i.code, text: `${i.message} ${i.context}` });
}

async function axe(page, url, how) {
  const violations = await page.evaluate(async (options) => (await window.axe.run(document, options)).violations, axeOptions);
  for (const v of violations) {
    for (const n of v.nodes) problems.push({ tool: `axe-core, ${how}`, url, rule: v.id, text: `${n.failureSummary} ${n.html}` });
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) problems.push({ tool: `browser, ${how}`, url, rule: 'reflow', text: `the page is ${wide} px wider than the window` });
}

// Void elements may end as in XML (the texts of articles do), a page's title may
// be as long as its statement's, and our own style needs no checksum.
const validator = new HtmlValidate(new StaticConfigLoader({
  extends: ['html-validate:recommended', 'html-validate:document'],
  rules: {
    'void-style': 'off',
    'long-title': 'off',
    'require-sri': ['error', { target: 'crossorigin' }],
  },
}));

async function validate(url, text) {
  const report = await validator.validateString(text, url);
  for (const result of report.results) {
    for (const m of result.messages) {
      problems.push({ tool: 'html-validate', url, rule: m.ruleId, text: `${m.line}:${m.column}: ${m.message}` });
    }
  }
}

// pace is what makes a page slow on whatever machine; the other audits of performance
// measure times, which depend on this one.
const pace = [
  'cumulative-layout-shift', 'cls-culprits-insight', 'dom-size-insight', 'duplicated-javascript-insight', 'font-display-insight',
  'image-delivery-insight', 'lcp-discovery-insight', 'legacy-javascript-insight', 'non-composited-animations', 'render-blocking-insight',
  'third-parties-insight', 'total-byte-weight', 'unminified-css', 'unminified-javascript', 'unsized-images', 'unused-css-rules', 'unused-javascript',
  'viewport-insight',
];

// oneStyle is what a page may wait for: its style, which all pages share, in one answer
// of a few kilobytes.
const oneStyle = (items) => items.length === 1 && /\.css$/.test(items[0].url) && items[0].totalBytes < 8_000;

async function score(url) {
  const page = await browser.newPage();
  page.setDefaultTimeout(hang);
  try {
    const { lhr } = await lighthouse(url, { logLevel: 'error', throttlingMethod: 'simulate', maxWaitForFcp: hang, maxWaitForLoad: hang, disableFullPageScreenshot: true, onlyCategories: ['accessibility', 'best-practices', 'seo', 'performance'] }, undefined, page);
    const found = { url, throttling: lhr.configSettings.throttlingMethod };
    for (const c of Object.values(lhr.categories)) {
      found[c.id] = Math.round(c.score * 100);
      for (const ref of c.auditRefs) {
        const audit = lhr.audits[ref.id];
        const counts = c.id === 'performance' ? pace.includes(ref.id) : ref.weight > 0;
        if (!counts || audit.score === null || audit.score === 1) continue;
        if (ref.id === 'render-blocking-insight' && oneStyle(audit.details.items)) continue;
        problems.push({ tool: 'Lighthouse', url, rule: audit.id, text: `${audit.title} ${JSON.stringify(audit.details?.items ?? '').slice(0, 500)}` });
      }
    }
    scores.push(found);
  } finally {
    await page.close();
  }
}

// weigh counts the bytes that come over the wire, headers included, when a page is read
// to its end on a phone of 360 px whose pixels are one to three on each side.
async function weigh(url, scale) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(hang);
  try {
    const wire = await page.createCDPSession();
    await wire.send('Network.enable');
    let bytes = 0;
    let fetched = 0;
    wire.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; fetched++; });
    await page.setViewport({ width: 360, height: 800, deviceScaleFactor: scale, isMobile: true });
    await page.goto(url, { waitUntil: 'networkidle0' });
    await page.evaluate(() => { for (const i of document.images) i.scrollIntoView(); });
    await page.waitForFunction(() => Array.from(document.images).every((i) => i.complete && i.naturalWidth > 0));
    weights.push({ url, scale, bytes, fetched });
  } finally {
    await context.close();
  }
}

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(hang);
  for (const url of urls) {
    switch (mode) {
      case '--lighthouse': await score(url); break;
      case '--weight': for (const scale of [1, 2, 3]) await weigh(url, scale); break;
      default: await inspect(page, url);
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ problems, scores, weights }));
