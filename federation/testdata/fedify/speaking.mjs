// What the account of peer.mjs says about the articles of others, by Fedify's own
// vocabulary, deliveries and signatures.
import {
  Announce, Create, Delete, Like, Note, PUBLIC_COLLECTION, QuoteRequest, Tombstone, Undo, Update,
} from "@fedify/vocab";

/**
 * The posts and reactions of an account: notes() are dispatched at /posts/{id},
 * say() sends an activity to an actor.
 */
export function voice(name) {
  const notes = new Map(); // by their number
  let said = 0;

  function note(ctx, id, fields) {
    const made = new Note({
      id: ctx.getObjectUri(Note, { id }),
      attribution: ctx.getActorUri(name),
      tos: [PUBLIC_COLLECTION],
      url: new URL(`/@${name}/${id}`, ctx.origin),
      ...fields,
    });
    notes.set(id, made);
    return made;
  }

  // By what is asked for: the activity, about an article, of the post with an id.
  const activities = {
    reply: (ctx, common, article, id, text) =>
      new Create({ ...common, object: note(ctx, id, { content: text, replyTarget: article }), tos: [PUBLIC_COLLECTION] }),
    edit: (ctx, common, article, id, text) =>
      new Update({ ...common, object: note(ctx, id, { content: text, replyTarget: article }), tos: [PUBLIC_COLLECTION] }),
    // The post is not in the message: the receiver has to fetch it here.
    mention: (ctx, common, article, id, text) => {
      note(ctx, id, { content: text, replyTarget: article });
      return new Create({ ...common, object: ctx.getObjectUri(Note, { id }), tos: [PUBLIC_COLLECTION] });
    },
    remove: (ctx, common, _article, id) => {
      notes.delete(id);
      return new Delete({ ...common, object: new Tombstone({ id: ctx.getObjectUri(Note, { id }) }), tos: [PUBLIC_COLLECTION] });
    },
    like: (ctx, common, article, id) => new Like({ ...common, id: new URL(`/likes/${id}`, ctx.origin), object: article }),
    announce: (ctx, common, article, id) =>
      new Announce({ ...common, id: new URL(`/announces/${id}`, ctx.origin), object: article, tos: [PUBLIC_COLLECTION] }),
    unlike: (ctx, common, article, id) =>
      new Undo({ ...common, object: activities.like(ctx, { actor: common.actor }, article, id) }),
    unannounce: (ctx, common, article, id) =>
      new Undo({ ...common, object: activities.announce(ctx, { actor: common.actor }, article, id) }),
    ask: (ctx, common, article, id, text) =>
      new QuoteRequest({ ...common, object: article, instrument: note(ctx, id, { content: text, quote: article }) }),
    quote: (ctx, common, article, id, text) =>
      new Create({ ...common, object: note(ctx, id, { content: text, quote: article, quoteUrl: article }), tos: [PUBLIC_COLLECTION] }),
  };

  async function say(ctx, { what, to, article, id, text }) {
    const actor = await ctx.lookupObject(to);
    const common = { id: new URL(`/activities/${++said}`, ctx.origin), actor: ctx.getActorUri(name) };
    const activity = activities[what](ctx, common, new URL(article), id, text);
    await ctx.sendActivity({ identifier: name }, actor, activity);
    return { id: ctx.getObjectUri(Note, { id }).href };
  }

  return { say, notes };
}
