// People who work on the desk in a real browser. It is told what to do by lines of JSON,
// {"do": ..., ...}, and answers each with a line.
//
//   node type.mjs BROWSER [COOKIE-NAME=VALUE]
//
//   be WHO SCRIPT     goes on as somebody, in a window with cookies of their own, where scripts
//                     run or do not
//   open URL          opens a page in a new tab, closing the one before without asking
//   go URL            opens a page in the tab that there is
//   type TEXT PAUSE   types into the text, letter by letter, with a pause of milliseconds
//   wait TEXT         waits until what the form tells has TEXT
//   fill FIELDS       fills in fields, by their names, in place of what they have
//   offline ON        takes the network away, or gives it back
//   value             is the text, what the form tells, and where the page is; by the page's own
//                     clock when that is and when each letter was typed; and how slow it was
//   read SELECTOR     is what a field has
//   click SELECTOR    clicks, and waits for the page that it leads to
//   press TEXT        presses, by the keyboard, the button or link that begins so, and waits
//                     for the page that it leads to
//   kill              the tab is gone at once, as if its process were killed; is the value of
//                     the moment before
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer';

const [executablePath, cookie = ''] = process.argv.slice(2);
// After this many milliseconds something hangs, also on a machine that is ten times slower.
const hang = 120_000;
const browser = await puppeteer.launch({
  executablePath, timeout: hang, protocolTimeout: 2 * hang,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
let context = browser.defaultBrowserContext();
let page;
const people = new Map(); // their windows and pages, by name
let sent = ''; // the text of the last try that the server has answered that it has
let keys = []; // when each letter was typed, and how long the text was then
let tries = new Map(); // when each was sent, and answered

// watchTyping has the page tell when something is typed, before its process can be killed, and
// note how long it was held up.
async function watchTyping() {
  await page.exposeFunction('typedNow', (at, length) => keys.push({ at, length }));
  await page.evaluate(() => {
    document.getElementById('text')?.addEventListener('input', ({ target }) => window.typedNow(performance.now(), target.value.length));
    const beats = window.beats = [performance.now()];
    setInterval(() => {
      beats.push(performance.now());
      if (beats.length > 100) beats.shift();
    }, 50);
  });
}

// slowest is the longest time, of late, for which a try was under way or the page was held up.
function slowest(beats) {
  const now = Date.now();
  const waits = [...tries.values()].filter(({ answered }) => !answered || now - answered < 5000).map(({ asked, answered }) => (answered || now) - asked);
  return Math.max(0, ...waits, ...beats.slice(1).map((at, n) => at - beats[n]));
}

// sentText is the text in a form that the page sends.
function sentText(request) {
  const found = (request.postData() ?? '').match(/name="text"\r\n\r\n([^]*?)\r\n--/);
  return found ? found[1].replaceAll('\r\n', '\n') : '';
}

const acts = {
  async be({ who, script }) {
    if (!people.has(who)) {
      const window = await browser.createBrowserContext();
      people.set(who, { window, page: await window.newPage() });
    }
    ({ window: context, page } = people.get(who));
    page.setDefaultTimeout(hang);
    await page.setJavaScriptEnabled(script);
    return {};
  },
  async go({ url }) {
    await page.goto(url, { waitUntil: 'load' });
    return {};
  },
  async open({ url }) {
    if (page) await page.close({ runBeforeUnload: false });
    page = await context.newPage();
    if (cookie) {
      const [name, ...value] = cookie.split('=');
      await context.setCookie({ name, value: value.join('='), domain: new URL(url).hostname, path: '/' });
    }
    page.setDefaultTimeout(hang);
    keys = [];
    tries = new Map();
    page.on('request', (request) => {
      if (request.url().endsWith('/typed')) tries.set(request, { asked: Date.now() });
    });
    page.on('requestfailed', (request) => tries.delete(request));
    page.on('response', async (response) => {
      if (!response.url().endsWith('/typed')) return;
      const text = sentText(response.request());
      if (response.ok() && text) sent = text;
      if (tries.has(response.request())) tries.get(response.request()).answered = Date.now();
    });
    await page.goto(url, { waitUntil: 'load' });
    await watchTyping();
    return {};
  },
  async type({ text, pause }) {
    await page.focus('#text');
    await page.evaluate(() => { const t = document.getElementById('text'); t.selectionStart = t.selectionEnd = t.value.length; });
    await page.keyboard.type(text, { delay: pause });
    return {};
  },
  async wait({ text }) {
    await page.waitForFunction((text) => document.getElementById('typed').textContent.includes(text), { polling: 50 }, text);
    return {};
  },
  async fill({ fields }) {
    for (const [name, value] of Object.entries(fields)) {
      const selector = `main [name="${name}"]:not([type=hidden])`;
      const kind = await page.$eval(selector, (field) => { field.focus(); field.select?.(); return field.type; });
      if (kind === 'select-one') await page.select(selector, value);
      else if (kind === 'checkbox') await page.keyboard.press('Space');
      else if (kind === 'radio') {
        await page.focus(`main [name="${name}"][value="${value}"]`);
        await page.keyboard.press('Space');
      }
      else if (kind === 'date' || kind === 'time') await page.$eval(selector, (field, value) => { field.value = value; }, value); // keys depend on the machine's language
      else {
        await page.keyboard.press('Backspace');
        await page.keyboard.type(value);
      }
    }
    return {};
  },
  async offline({ on }) {
    await page.setOfflineMode(on);
    return {};
  },
  async value() {
    const { beats, ...is } = await page.evaluate(() => ({
      text: document.getElementById('text')?.value ?? '', told: document.getElementById('typed')?.textContent ?? '',
      path: location.pathname, page: document.body.innerText, at: performance.now(), beats: window.beats ?? [],
    }));
    return { ...is, sent, keys, slow: slowest(beats) };
  },
  async read({ selector }) {
    return { text: await page.$eval(selector, (field) => field.value) };
  },
  async click({ selector }) {
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
    return {};
  },
  async press({ text }) {
    const there = await page.evaluate((text) => {
      const found = [...document.querySelectorAll('main button, main a')].find((it) => it.innerText.replace(/\s+/g, ' ').trim().startsWith(text));
      found?.focus();
      return !!found && document.activeElement === found;
    }, text);
    if (!there) throw new Error(`nothing begins with ${text} at ${page.url()}: ${await page.evaluate(() => document.body.innerText)}`);
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.keyboard.press('Enter')]);
    return {};
  },
  async kill() {
    const client = await page.createCDPSession();
    const last = await acts.value();
    client.send('Page.crash').catch(() => {}); // it never answers
    await new Promise((done) => page.once('error', done));
    await page.close({ runBeforeUnload: false }).catch(() => {});
    page = null;
    return last;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  let answer;
  try {
    answer = await acts[order.do](order);
  } catch (error) {
    answer = { error: `${order.do}: ${error}` };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
await browser.close();
