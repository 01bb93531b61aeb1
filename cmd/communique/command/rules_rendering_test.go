package command

import (
	"regexp"
	"strings"
	"testing"
)

// newArticleSite is a site that says its articles whole, and the delivery of
// one with pictures and a table.
func newArticleSite(t *testing.T) (*testSite, arrival) {
	t.Helper()
	s, p := newSite(t), newPeer(t)
	s.configure("rendition: note", "rendition: article")
	s.serve()
	mustEqual(t, "the answer to a Follow", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)
	images := "images:"
	for _, name := range []string{"1", "2", "3", "4", "5"} {
		images += "\n  - {src: \"https://archive.example/" + name + ".jpg\", alt: \"Picture " + name + "\"}"
	}
	images += "\n  - {src: \"https://archive.example/1.jpg\", alt: \"Picture 1\"}"
	body := "| Port | Dues |\n|---|---|\n| Sarel | none |\n\n## On the day\n\nThey met [at noon](/en/).\n\n![The quay](https://archive.example/quay.png)"
	s.file("publish", s.markdown("Wang & <Ølen> met", body, "lead: What was agreed & why.", images))
	return s, p.waitFor(2)[1]
}

var tagPattern = regexp.MustCompile(`</?([a-z0-9]+)`)

var rendering = map[string]func(t *testing.T, w *ruled){
	"O8": func(t *testing.T, w *ruled) {
		o := at(w.whole.Fields, "object")
		mustEqual(t, "the type", text(o, "type"), "Article")
		mustEqual(t, "the name", text(o, "name"), "Wang & <Ølen> met")
		mustEqual(t, "the summary", text(o, "summary"), "<p>What was agreed &amp; why.</p>")
		if !strings.HasPrefix(text(o, "url"), w.articleSite.base+"/en/articles/") {
			t.Errorf("the page is %s", text(o, "url"))
		}
	},
	"O9": func(t *testing.T, w *ruled) {
		preview := at(w.whole.Fields, "object", "preview")
		mustEqual(t, "the type", text(preview, "type"), "Note")
		content := text(preview, "content")
		if !strings.Contains(content, "What was agreed &amp; why.") || strings.Contains(content, "<a ") {
			t.Errorf("the preview is %s", content)
		}
	},
	"O12": func(t *testing.T, w *ruled) {
		kept := strings.Fields("p br span a del s pre blockquote code b strong u i em ul ol li ruby rt rp")
		for _, a := range append(w.said(), w.whole) {
			content := text(a.Fields, "object", "content")
			for _, tag := range tagPattern.FindAllStringSubmatch(content, -1) {
				if !has(kept, tag[1]) {
					t.Errorf("<%s> in %s", tag[1], content)
				}
			}
		}
		content := text(w.whole.Fields, "object", "content")
		for _, want := range []string{
			"<li><strong>Port: Sarel</strong><br>Dues: none</li>", "<p><strong>On the day</strong></p>",
			`<a href="` + w.articleSite.base + `/en/">at noon</a>`, `<a href="https://archive.example/quay.png">Picture: The quay</a>`,
		} {
			if !strings.Contains(content, want) {
				t.Errorf("the content lacks %s:\n%s", want, content)
			}
		}
		mustEqual(t, "the title in the text of a Note",
			strings.HasPrefix(text(w.create.Fields, "object", "content"), "<p><strong>Wang &amp; &lt;Ølen&gt; met</strong></p><p>What was agreed &amp; why.</p>"), true)
	},
	"O14": func(t *testing.T, w *ruled) {
		tags, _ := at(w.create.Fields, "object", "tag").([]any)
		if len(tags) != 2 {
			t.Fatalf("the tags are %v", tags)
		}
		mustEqual(t, "the tag", []string{text(tags[1], "type"), text(tags[1], "name"), text(tags[1], "href")},
			[]string{"Hashtag", "#SeaLaw", w.base + "/en/tags/sea-law/"})
		link := `<a href="` + w.base + `/en/tags/sea-law/" class="mention hashtag" rel="tag">#<span>SeaLaw</span></a></p>`
		if content := text(w.create.Fields, "object", "content"); !strings.HasSuffix(content, link) {
			t.Errorf("the content ends otherwise: %s", content)
		}
	},
	"O15": func(t *testing.T, w *ruled) {
		pictures, _ := at(w.whole.Fields, "object", "attachment").([]any)
		if len(pictures) != 4 {
			t.Fatalf("%d pictures", len(pictures))
		}
		seen := map[string]bool{}
		for _, p := range pictures {
			mustEqual(t, "the type", []string{text(p, "type"), text(p, "mediaType")}, []string{"Image", "image/jpeg"})
			if seen[text(p, "url")] || !strings.HasPrefix(text(p, "name"), "Picture ") {
				t.Errorf("the picture is %v", p)
			}
			seen[text(p, "url")] = true
		}
	},
	"O16": func(t *testing.T, w *ruled) {
		live := object(t, w.objectID(w.plain))
		for _, name := range []string{"likes", "shares", "replies"} {
			inline := at(live, name)
			id := w.objectID(w.plain) + "/" + name
			mustEqual(t, name, []any{at(inline, "type"), at(inline, "id"), at(inline, "totalItems")}, []any{"Collection", id, 0.0})
			mustEqual(t, "the collection of "+name, object(t, id)["totalItems"], 0.0)
			mustEqual(t, "that of what is withdrawn", get(t, w.objectID(w.withdrawn)+"/"+name, "Accept", activityJSON).Status, 410)
		}
		if items, ok := at(live, "replies", "items").([]any); !ok || len(items) != 0 {
			t.Errorf("no replies are %v", at(live, "replies"))
		}

		s, p := newSite(t), newPeer(t)
		s.configure("replies: review", "replies: open")
		s.serve()
		answered := s.base + "/ap/articles/" + s.publish("A statement").ID
		reply := p.server.URL + "/posts/1"
		mustEqual(t, "the answer", p.send(s.actor()+"/inbox", map[string]any{
			"@context": activityStreams, "id": reply + "/create", "type": "Create", "actor": p.actor(), "to": []string{public},
			"object": map[string]any{
				"id": reply, "type": "Note", "attributedTo": p.actor(), "to": []string{public}, "inReplyTo": answered,
				"content": "<p>Well said.</p>", "published": "2026-01-02T10:00:00Z",
			},
		}), 202)
		eventually(t, "the reply is counted", func() bool { return at(object(t, answered), "replies", "totalItems") == 1.0 })
		page := object(t, text(object(t, answered), "replies", "first"))
		mustEqual(t, "the replies", []any{page["type"], page["partOf"], page["items"]}, []any{"CollectionPage", answered + "/replies", []any{reply}})
		mustEqual(t, "a page that does not exist", get(t, answered+"/replies?behind=x", "Accept", activityJSON).Status, 400)
	},
	"O17": func(t *testing.T, w *ruled) {
		for _, a := range append(w.said(), w.whole) {
			mustEqual(t, "the policy", at(a.Fields, "object", "interactionPolicy", "canQuote", "automaticApproval"), []any{public})
		}
		for setting, want := range map[string]string{"nobody": "", "followers": "/followers"} {
			s := newSite(t)
			s.configure("quotes: anyone", "quotes: "+setting)
			s.serve()
			f := s.publish("A statement")
			mustEqual(t, "the policy for "+setting, at(object(t, s.base+"/ap/articles/"+f.ID), "interactionPolicy", "canQuote", "automaticApproval"),
				[]any{s.actor() + want})
		}
	},
	"O18": func(t *testing.T, w *ruled) {
		w.peer.publish("/posts/1", activityJSON, w.peer.post("1", "<p>Look</p>", ""))
		request := w.peer.quoteRequest(w.objectID(w.plain))
		mustEqual(t, "the answer", w.peer.send(w.actor()+"/inbox", request), 202)
		before := len(w.peer.ofKind("Accept"))
		eventually(t, "the Accept arrives", func() bool { return len(quoteAnswers(w.peer, "Accept")) == 1 })
		accept := quoteAnswers(w.peer, "Accept")[0]
		for _, part := range []string{"id", "type", "actor", "object", "instrument"} {
			mustEqual(t, part+" of the request", at(accept.Fields, "object", part), request[part])
		}
		result := text(accept.Fields, "result")
		permission := object(t, result)
		mustEqual(t, "the permission", []any{
			permission["id"], permission["type"], permission["attributedTo"], permission["interactingObject"], permission["interactionTarget"],
		}, []any{result, "QuoteAuthorization", w.actor(), request["instrument"], w.objectID(w.plain)})

		mustEqual(t, "the answer to the same again", w.peer.send(w.actor()+"/inbox", request), 202)
		eventually(t, "the Accept arrives again", func() bool { return len(quoteAnswers(w.peer, "Accept")) == 2 && len(w.peer.ofKind("Accept")) > before })
		mustEqual(t, "the permission given again", text(quoteAnswers(w.peer, "Accept")[1].Fields, "result"), result)

		// A quote of what is withdrawn is refused, and what others quote in his
		// name, or what is not ours, gets no answer.
		stolen := w.peer.quoteRequest(w.objectID(w.plain))
		stolen["instrument"] = "https://elsewhere.example/posts/1"
		mustEqual(t, "the answer", w.peer.send(w.actor()+"/inbox", stolen), 202)
		mustEqual(t, "the answer", w.peer.send(w.actor()+"/inbox", w.peer.quoteRequest("https://elsewhere.example/posts/1")), 202)
		mustEqual(t, "the answer", w.peer.send(w.actor()+"/inbox", w.peer.quoteRequest(w.objectID(w.withdrawn))), 202)
		eventually(t, "the Reject arrives", func() bool { return len(quoteAnswers(w.peer, "Reject")) == 1 })
		mustEqual(t, "all answers", len(quoteAnswers(w.peer, "Accept"))+len(quoteAnswers(w.peer, "Reject")), 3)
		mustEqual(t, "an unknown permission", get(t, w.base+"/ap/quotes/aaaaaaaaaaaaaaaa", "Accept", activityJSON).Status, 404)
	},
}

// quoteRequest asks to quote an object of ours in a post of the reader's.
func (p *peer) quoteRequest(object string) map[string]any {
	return map[string]any{
		"@context": []any{activityStreams, map[string]any{"QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest"}},
		"id":       p.server.URL + "/quotes/1", "type": "QuoteRequest", "actor": p.actor(),
		"object": object, "instrument": p.server.URL + "/posts/1",
	}
}

// quoteAnswers are the answers of a kind to requests to quote.
func quoteAnswers(p *peer, kind string) (all []arrival) {
	for _, a := range p.ofKind(kind) {
		if text(a.Fields, "object", "type") == "QuoteRequest" {
			all = append(all, a)
		}
	}
	return all
}

// TestRenditionIsForEver: a change of the setting changes what is published
// from then on, and never the type of what is out: not where it is fetched, not
// in corrections, not in what is left of it (INTEROP C3).
func TestRenditionIsForEver(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	mustEqual(t, "the answer", p.send(s.actor()+"/inbox", p.follow(s.actor())), 202)
	first := s.publish("As a note")
	p.waitFor(2)
	s.stop()
	s.configure("rendition: note", "rendition: article")
	s.serve()
	second := s.publish("As an article")
	p.waitFor(3)
	s.file("correct", first.ID, s.markdown("As a note", "Corrected."), "--note", "A word.")
	p.waitFor(4)
	s.stop()
	s.configure("rendition: article", "rendition: note")
	s.serve()
	s.file("correct", second.ID, s.markdown("As an article", "Corrected."), "--note", "A word.")
	p.waitFor(5)
	var got []string
	for _, a := range p.arrivals()[1:] {
		got = append(got, a.kind()+" "+text(a.Fields, "object", "type"))
	}
	mustEqual(t, "what was said", got, []string{"Create Note", "Create Article", "Update Note", "Update Article"})
	for f, want := range map[filed]string{first: "Note", second: "Article"} {
		id := s.base + "/ap/articles/" + f.ID
		mustEqual(t, "the type", object(t, id)["type"], want)
		s.file("withdraw", f.ID, "--reason", "A test.")
		mustEqual(t, "what it was", get(t, id, "Accept", activityJSON).fields(t)["formerType"], want)
	}
}
