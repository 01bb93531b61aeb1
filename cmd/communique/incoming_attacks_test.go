package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"communique/storage"
)

// everyKind is an activity of each kind that has an effect here, of a peer's
// account.
func (p *peer) everyKind(s *testSite, a filed) []map[string]any {
	return []map[string]any{
		p.follow(s.actor()), p.undo(s.actor()), p.activity("Like", "k", s.objectID(a)), p.activity("Announce", "k", s.objectID(a)),
		with(p.activity("EmojiReact", "k", s.objectID(a)), "content", "🎉"),
		p.activity("Create", "k", p.post("k", "<p>Hello</p>", s.objectID(a))), p.activity("Update", "k", p.post("k", "<p>Hello</p>", s.objectID(a))),
		p.activity("Create", "q", with(p.post("q", "<p>Look</p>", ""), "quote", s.objectID(a))), p.activity("Delete", "k", p.server.URL+"/posts/kept"),
		with(p.activity("Move", "k", p.actor()), "target", p.server.URL+"/users/reader2"), p.activity("Block", "k", s.actor()),
		p.activity("Flag", "k", s.actor()), p.activity("Undo", "u", p.activity("Like", "kept", s.objectID(a))),
	}
}

// state is all that activities from outside can change.
func (s *testSite) state(a filed) string {
	s.t.Helper()
	var flags []storage.Flag
	s.later(func(tx *storage.Tx) (err error) {
		flags, err = tx.Flags(storage.Flag{}, 10)
		return err
	})
	return fmt.Sprint(object(s.t, s.actor()+"/followers")["totalItems"], s.reactions(a), len(s.replies(storage.ReplyPending)), len(flags))
}

// TestA7NobodySpeaksForAnother: SECURITY A7, A13. Each kind of activity in
// another's name, signed by a rogue, has no effect at any inbox.
func TestA7NobodySpeaksForAnother(t *testing.T) {
	t.Parallel()
	s, honest, rogue := newSite(t), newPeer(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	honest.sent(s, honest.follow(s.actor()), honest.activity("Like", "kept", s.objectID(a)),
		honest.activity("Create", "kept", honest.post("kept", "<p>Hello</p>", s.objectID(a))))
	before := s.state(a)
	for _, inbox := range inboxRoutes(t) {
		for _, activity := range honest.everyKind(s, a) {
			mustEqual(t, fmt.Sprintf("the answer to a forged %s", activity["type"]), rogue.send(s.base+inbox, activity), 401)
		}
	}
	mustEqual(t, "what is here", s.state(a), before)
}

// TestA12WhatIsOfAnotherOrigin: SECURITY A12, A13. What an activity embeds or
// names of another origin than its signer's is not believed, and not fetched.
func TestA12WhatIsOfAnotherOrigin(t *testing.T) {
	t.Parallel()
	s, honest, rogue := newSite(t), newPeer(t), newPeer(t)
	a := s.publish("Liked")
	s.serve()
	honest.sent(s, honest.activity("Create", "kept", honest.post("kept", "<p>Hello</p>", s.objectID(a))), honest.activity("Like", "kept", s.objectID(a)))
	before, text := s.state(a), s.replies(storage.ReplyPending)[0].Content
	foreign := honest.post("kept", "<p>Forged</p>", s.objectID(a))
	mine := with(rogue.post("1", "<p>In his name</p>", s.objectID(a)), "attributedTo", honest.actor())
	like := honest.activity("Like", "kept", s.objectID(a))
	for _, inbox := range inboxRoutes(t) {
		for n, activity := range []map[string]any{
			rogue.activity("Create", "1", foreign), rogue.activity("Update", "2", with(foreign, "updated", "2026-06-01T00:00:00Z")),
			rogue.activity("Update", "3", with(foreign, "attributedTo", rogue.actor())), rogue.activity("Create", "4", mine),
			rogue.activity("Create", "5", honest.server.URL+"/posts/other"), rogue.activity("Delete", "6", foreign), rogue.activity("Delete", "7", foreign["id"]),
			rogue.activity("Announce", "8", like), rogue.activity("Undo", "9", like), rogue.activity("Undo", "10", like["id"]),
			rogue.activity("Update", "11", with(honest.document(), "name", "Mallory")), rogue.activity("Delete", "12", honest.actor()),
			with(rogue.activity("Move", "13", honest.actor()), "target", rogue.actor()),
		} {
			mustEqual(t, fmt.Sprint("the answer to number ", n+1), rogue.send(s.base+inbox, activity), 202)
		}
	}
	mustEqual(t, "what is here", s.state(a), before)
	mustEqual(t, "the reply", s.replies(storage.ReplyPending)[0].Content, text)
}

// TestA18WebFingerKnowsOurExactNames: SECURITY A18.
func TestA18WebFingerKnowsOurExactNames(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve()
	host := strings.TrimPrefix(s.base, "http://")
	for resource, want := range map[string]int{
		"acct:ministry@" + host: 200, "acct:ministry@other.example": 404, "acct:ministry@" + host + ".evil.example": 404,
		"acct:nobody@" + host: 404, "acct:ministr@" + host: 404, "acct:ministry%00@" + host: 404, s.actor() + "x": 404,
		"https://other.example/actors/ministry": 404, "acct:ministry@" + host + "/x": 404, "acct:@" + host: 404, "*": 404,
	} {
		got := get(t, s.base+"/.well-known/webfinger?resource="+url.QueryEscape(resource), "Host", "other.example", "X-Forwarded-Host", "evil.example")
		mustEqual(t, resource, got.Status, want)
		if want == http.StatusOK {
			mustEqual(t, "subject", got.fields(t)["subject"], "acct:ministry@"+host)
		}
	}
}
