// A server of the fediverse with one account, on Fedify's own ActivityPub, key
// handling and HTTP signatures. It follows whom it is told to, shows what arrives
// and says what it is told to (speaking.mjs), also in the name of others
// (forging.mjs); the tests of communique ask it under /control/.
//
//   node peer.mjs            prints "listening http://127.0.0.1:PORT"
//   GET  /                   the articles as this server knows them
//   POST /control/follow?actor=ID
//   POST /control/unfollow?actor=ID
//   GET  /control/received   what its inbox took, in order, as JSON
//   GET  /control/look?id=ID what Fedify reads there, as JSON
//   POST /control/say        {what, to, article, id, text}
//   POST /control/forge      {inbox, activity, spec, keyId, times}
//   POST /control/show       {path, type, document}
import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Create, Delete, Endpoints, Follow, isActor, Note, Person, QuoteAuthorization, QuoteRequest, Tombstone, Undo, Update,
} from "@fedify/vocab";
import { serve } from "@hono/node-server";
import * as forging from "./forging.mjs";
import { voice } from "./speaking.mjs";

const NAME = "reader";
const keys = await generateCryptoKeyPair("RSASSA-PKCS1-v1_5");
const received = [];
const known = new Map(); // what this server shows, by object id
const { say, notes } = voice(NAME);

const federation = createFederation({ kv: new MemoryKvStore(), allowPrivateAddress: true });

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== NAME) return null;
    const pairs = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: "A reader",
      inbox: ctx.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      publicKey: pairs[0].cryptographicKey,
    });
  })
  .setKeyPairsDispatcher((_ctx, identifier) => identifier === NAME ? [keys] : []);

federation.setObjectDispatcher(Note, "/posts/{id}", (_ctx, { id }) => notes.get(id) ?? null);

// A listener runs only for what Fedify has verified.
federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => ({ identifier: NAME }))
  .on(Accept, (ctx, activity) => take(ctx, "Accept", activity))
  .on(Create, (ctx, activity) => take(ctx, "Create", activity))
  .on(Update, (ctx, activity) => take(ctx, "Update", activity))
  .on(Delete, (ctx, activity) => take(ctx, "Delete", activity));

async function take(ctx, type, activity) {
  // An Accept embeds our own Follow, which Fedify trusts from nobody but us.
  const { documentLoader, contextLoader } = ctx;
  const object = await activity.getObject({ documentLoader, contextLoader, suppressError: true });
  const entry = { type, id: activity.id?.href, actor: activity.actorId?.href, object: await describe(object, activity) };
  if (object instanceof Note) known.set(entry.object.id, entry.object);
  if (type === "Delete") known.delete(entry.object.id);
  received.push(entry);
}

async function describe(object, activity) {
  const about = { id: (object?.id ?? activity.objectId)?.href, type: object?.constructor.name };
  if (object instanceof Note) {
    about.content = String(object.content);
    about.language = object.contents.find((c) => c.locale)?.locale?.toString();
    about.url = object.url?.href?.toString();
    about.published = object.published?.toString();
    about.updated = object.updated?.toString();
  }
  if (object instanceof Follow || object instanceof QuoteRequest) about.object = object.objectId?.href;
  if (activity instanceof Accept) about.result = activity.resultId?.href;
  if (object instanceof Tombstone) about.deleted = object.deleted?.toString();
  return about;
}

async function follow(ctx, actorID, undo) {
  const actor = await ctx.lookupObject(actorID);
  if (!isActor(actor)) throw new Error(`${actorID} is no actor`);
  const request = new Follow({
    id: new URL(`/follows/${encodeURIComponent(actorID)}`, ctx.origin),
    actor: ctx.getActorUri(NAME),
    object: actor.id,
  });
  const activity = undo
    ? new Undo({ id: new URL(`/undos/${received.length}`, ctx.origin), actor: request.actorId, object: request })
    : request;
  await ctx.sendActivity({ identifier: NAME }, actor, activity);
  return { actor: actor.id.href, name: String(actor.name), type: actor.constructor.name };
}

function page() {
  const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const articles = [...known.values()].map((a) => `<article lang="${escape(a.language ?? "")}">${a.content}</article>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A reader</title><h1>What a reader sees</h1>${articles.join("<hr>")}</html>`;
}

async function look(ctx, id) {
  const object = await ctx.lookupObject(id);
  const about = { id: object?.id?.href, type: object?.constructor.name };
  if (object instanceof QuoteAuthorization) {
    about.post = object.interactingObjectId?.href;
    about.article = object.interactionTargetId?.href;
    about.actor = object.attributionId?.href;
  }
  return about;
}

async function control(url, ctx, request) {
  const actor = url.searchParams.get("actor");
  switch (url.pathname) {
    case "/control/received":
      return Response.json(received);
    case "/control/follow":
      return Response.json(await follow(ctx, actor, false));
    case "/control/unfollow":
      return Response.json(await follow(ctx, actor, true));
    case "/control/look":
      return Response.json(await look(ctx, url.searchParams.get("id")));
    case "/control/say":
      return Response.json(await say(ctx, await request.json()));
    case "/control/forge":
      return Response.json(await forging.forge(await request.json(), keys.privateKey));
    case "/control/show":
      return Response.json(forging.show(await request.json()));
  }
  return new Response("not found", { status: 404 });
}

serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: async (request) => {
    const url = new URL(request.url);
    try {
      if (url.pathname.startsWith("/control/")) return await control(url, federation.createContext(request), request);
      const shown = forging.page(url.pathname);
      if (shown) return shown;
      if (url.pathname === "/") return new Response(page(), { headers: { "Content-Type": "text/html; charset=utf-8" } });
      return await federation.fetch(request, { contextData: undefined });
    } catch (error) {
      return new Response(String(error?.stack ?? error), { status: 500 });
    }
  },
}, (info) => console.log(`listening http://127.0.0.1:${info.port}`));
