// A provider of identities for the tests. Whoever comes is who PUT /control/who has said last,
// as {id, amr, claims}; nobody, before or without an id.
//
//   node provider.mjs DESK   prints "listening ADDRESS"
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [desk] = process.argv.slice(2);
let who = {};
const accounts = new Map();
const server = createServer();
await new Promise((listens) => { server.listen(0, '127.0.0.1', listens); });
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: 'desk', client_secret: 'between-us', redirect_uris: [`${desk}/sign-in/provider/return`] }],
  claims: { openid: ['sub', 'amr'], profile: ['name', 'preferred_username', 'roles'], email: ['email'] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});

async function interact(req, res) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(req, res);
  let result = { error: 'access_denied' };
  if (prompt.name === 'login' && who.id) {
    result = { login: { accountId: who.id, amr: who.amr } };
  } else if (prompt.name === 'consent') {
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
}

server.on('request', async (req, res) => {
  if (req.url === '/control/who') {
    let text = '';
    for await (const part of req) text += part;
    who = JSON.parse(text);
    accounts.set(who.id, who.claims);
    res.end();
  } else if (req.url.startsWith('/interaction/')) {
    await interact(req, res);
  } else {
    provider.callback()(req, res);
  }
});
console.log(`listening ${issuer}`);
