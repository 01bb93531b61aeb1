package rules

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// newArticleSite is a site that says its articles whole, and the delivery of
// one with pictures and a table.
func newArticleSite(t *testing.T) (*e2etest.Site, e2etest.Arrival) {
	t.Helper()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Configure("rendition: note", "rendition: article")
	s.Serve()
	e2etest.Equal(t, "the answer to a Follow", p.Send(s.Actor()+"/inbox", p.Follow(s.Actor())), 202)
	p.WaitFor(1)
	images := "images:"
	for _, name := range []string{"1", "2", "3", "4", "5"} {
		images += "\n  - {src: \"https://archive.example/" + name + ".jpg\", alt: \"Picture " + name + "\"}"
	}
	images += "\n  - {src: \"https://archive.example/1.jpg\", alt: \"Picture 1\"}"
	body := "| Port | Dues |\n|---|---|\n| Sarel | none |\n\n## On the day\n\nThey met [at noon](/en/).\n\n![The quay](https://archive.example/quay.png)"
	s.File("publish", s.Markdown("Wang & <Ølen> met", body, "lead: What was agreed & why.", images))
	return s, p.WaitFor(2)[1]
}

var tagPattern = regexp.MustCompile(`</?([a-z0-9]+)`)

var rendering = map[string]func(t *testing.T, w *ruled){
	"O8": func(t *testing.T, w *ruled) {
		o := e2etest.At(w.whole.Fields, "object")
		e2etest.Equal(t, "the type", e2etest.Text(o, "type"), "Article")
		e2etest.Equal(t, "the name", e2etest.Text(o, "name"), "Wang & <Ølen> met")
		if _, there := o.(map[string]any)["summary"]; there {
			t.Error("it has a summary, which GoToSocial, Misskey and snac2 show as a content warning")
		}
		if content := e2etest.Text(o, "content"); !strings.HasPrefix(content, "<p>What was agreed &amp; why.</p>") {
			t.Errorf("the content does not begin with the lead: %.80s", content)
		}
		if !strings.HasPrefix(e2etest.Text(o, "url"), w.articleSite.Base+"/en/articles/") {
			t.Errorf("the page is %s", e2etest.Text(o, "url"))
		}
	},
	"O9": func(t *testing.T, w *ruled) {
		preview := e2etest.At(w.whole.Fields, "object", "preview")
		e2etest.Equal(t, "the type", e2etest.Text(preview, "type"), "Note")
		content := e2etest.Text(preview, "content")
		if !strings.Contains(content, "What was agreed &amp; why.") || strings.Contains(content, "<a ") {
			t.Errorf("the preview is %s", content)
		}
	},
	"O12": func(t *testing.T, w *ruled) {
		kept := strings.Fields("p br span a del s pre blockquote code b strong u i em ul ol li ruby rt rp")
		for _, a := range append(w.said(), w.whole) {
			content := e2etest.Text(a.Fields, "object", "content")
			for _, tag := range tagPattern.FindAllStringSubmatch(content, -1) {
				if !has(kept, tag[1]) {
					t.Errorf("<%s> in %s", tag[1], content)
				}
			}
		}
		content := e2etest.Text(w.whole.Fields, "object", "content")
		for _, want := range []string{
			"<li><strong>Port: Sarel</strong><br>Dues: none</li>", "<p><strong>On the day</strong></p>",
			`<a href="` + w.articleSite.Base + `/en/">at noon</a>`, `<a href="https://archive.example/quay.png">Picture: The quay</a>`,
		} {
			if !strings.Contains(content, want) {
				t.Errorf("the content lacks %s:\n%s", want, content)
			}
		}
		e2etest.Equal(t, "the title in the text of a Note",
			strings.HasPrefix(e2etest.Text(w.create.Fields, "object", "content"), "<p><strong>Wang &amp; &lt;Ølen&gt; met</strong></p><p>What was agreed &amp; why.</p>"), true)
	},
	"O14": func(t *testing.T, w *ruled) {
		tags, _ := e2etest.At(w.create.Fields, "object", "tag").([]any)
		if len(tags) != 2 {
			t.Fatalf("the tags are %v", tags)
		}
		e2etest.Equal(t, "the tag", []string{e2etest.Text(tags[1], "type"), e2etest.Text(tags[1], "name"), e2etest.Text(tags[1], "href")},
			[]string{"Hashtag", "#SeaLaw", w.Base + "/en/tags/sea-law/"})
		link := `<a href="` + w.Base + `/en/tags/sea-law/" class="mention hashtag" rel="tag">#<span>SeaLaw</span></a></p>`
		if content := e2etest.Text(w.create.Fields, "object", "content"); !strings.HasSuffix(content, link) {
			t.Errorf("the content ends otherwise: %s", content)
		}
	},
	"O15": func(t *testing.T, w *ruled) {
		pictures, _ := e2etest.At(w.whole.Fields, "object", "attachment").([]any)
		if len(pictures) != 4 {
			t.Fatalf("%d pictures", len(pictures))
		}
		seen := map[string]bool{}
		for _, p := range pictures {
			e2etest.Equal(t, "the type", []string{e2etest.Text(p, "type"), e2etest.Text(p, "mediaType")}, []string{"Image", "image/jpeg"})
			if seen[e2etest.Text(p, "url")] || !strings.HasPrefix(e2etest.Text(p, "name"), "Picture ") {
				t.Errorf("the picture is %v", p)
			}
			seen[e2etest.Text(p, "url")] = true
		}
	},
	"O16": func(t *testing.T, w *ruled) {
		live := e2etest.Object(t, w.objectID(w.plain))
		for _, name := range []string{"likes", "shares", "replies"} {
			inline := e2etest.At(live, name)
			id := w.objectID(w.plain) + "/" + name
			e2etest.Equal(t, name, []any{e2etest.At(inline, "type"), e2etest.At(inline, "id"), e2etest.At(inline, "totalItems")}, []any{"Collection", id, 0.0})
			e2etest.Equal(t, "the collection of "+name, e2etest.Object(t, id)["totalItems"], 0.0)
			e2etest.Equal(t, "that of what is withdrawn", e2etest.Get(t, w.objectID(w.withdrawn)+"/"+name, "Accept", e2etest.ActivityJSON).Status, 410)
		}
		if items, ok := e2etest.At(live, "replies", "items").([]any); !ok || len(items) != 0 {
			t.Errorf("no replies are %v", e2etest.At(live, "replies"))
		}

		s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
		s.Configure("replies: review", "replies: open")
		s.Serve()
		answered := s.Base + "/ap/articles/" + s.Publish("A statement").ID
		reply := p.Server.URL + "/posts/1"
		e2etest.Equal(t, "the answer", p.Send(s.Actor()+"/inbox", map[string]any{
			"@context": e2etest.ActivityStreams, "id": reply + "/create", "type": "Create", "actor": p.Actor(), "to": []string{e2etest.Public},
			"object": map[string]any{
				"id": reply, "type": "Note", "attributedTo": p.Actor(), "to": []string{e2etest.Public}, "inReplyTo": answered,
				"content": "<p>Well said.</p>", "published": "2026-01-02T10:00:00Z",
			},
		}), 202)
		e2etest.Eventually(t, "the reply is counted", func() bool { return e2etest.At(e2etest.Object(t, answered), "replies", "totalItems") == 1.0 })
		page := e2etest.Object(t, e2etest.Text(e2etest.Object(t, answered), "replies", "first"))
		e2etest.Equal(t, "the replies", []any{page["type"], page["partOf"], page["items"]}, []any{"CollectionPage", answered + "/replies", []any{reply}})
		e2etest.Equal(t, "a page that does not exist", e2etest.Get(t, answered+"/replies?behind=x", "Accept", e2etest.ActivityJSON).Status, 400)
	},
	"O17": func(t *testing.T, w *ruled) {
		for _, a := range append(w.said(), w.whole) {
			e2etest.Equal(t, "the policy", e2etest.At(a.Fields, "object", "interactionPolicy", "canQuote", "automaticApproval"), []any{e2etest.Public})
		}
		for setting, want := range map[string]string{"nobody": "", "followers": "/followers"} {
			s := e2etest.NewSite(t)
			s.Configure("quotes: anyone", "quotes: "+setting)
			s.Serve()
			f := s.Publish("A statement")
			e2etest.Equal(t, "the policy for "+setting, e2etest.At(e2etest.Object(t, s.Base+"/ap/articles/"+f.ID), "interactionPolicy", "canQuote", "automaticApproval"),
				[]any{s.Actor() + want})
		}
	},
	"K1": func(t *testing.T, w *ruled) {
		e2etest.Equal(t, "who may list the actor", e2etest.At(e2etest.Object(t, w.Actor()), "interactionPolicy", "canFeature", "automaticApproval"),
			[]any{"https://www.w3.org/ns/activitystreams#Public"})
	},
	"K2": func(t *testing.T, w *ruled) {
		collection := w.peer.Server.URL + "/collections/1"
		w.peer.Publish("/collections/1", e2etest.ActivityJSON, map[string]any{"id": collection, "type": "FeaturedCollection", "attributedTo": w.peer.Actor()})
		request := map[string]any{
			"id": w.peer.Server.URL + "/feature-requests/1", "type": "FeatureRequest", "actor": w.peer.Actor(), "object": w.Actor(), "instrument": collection,
		}
		e2etest.Equal(t, "the answer", w.peer.Send(w.Actor()+"/inbox", request), 202)
		var result string
		e2etest.Eventually(t, "the Accept arrives", func() bool {
			for _, a := range w.peer.OfKind("Accept") {
				if a.Fields["object"] == request["id"] {
					result = e2etest.Text(a.Fields, "result")
				}
			}
			return result != ""
		})
		permission := e2etest.Object(t, result)
		e2etest.Equal(t, "the permission", []any{permission["id"], permission["type"], permission["interactingObject"], permission["interactionTarget"]},
			[]any{result, "FeatureAuthorization", collection, w.Actor()})
		w.Must("collections", "leave", path.Base(result))
		e2etest.Equal(t, "the permission that was taken back", e2etest.Get(t, result, "Accept", e2etest.ActivityJSON).Status, 404)
		e2etest.Eventually(t, "the Delete arrives", func() bool {
			for _, a := range w.peer.OfKind("Delete") {
				if e2etest.Text(a.Fields, "object", "id") == result {
					return true
				}
			}
			return false
		})
	},
	"O18": func(t *testing.T, w *ruled) {
		w.peer.Publish("/posts/1", e2etest.ActivityJSON, w.peer.Post("1", "<p>Look</p>", ""))
		request := quoteRequest(w.peer, w.objectID(w.plain))
		e2etest.Equal(t, "the answer", w.peer.Send(w.Actor()+"/inbox", request), 202)
		before := len(w.peer.OfKind("Accept"))
		e2etest.Eventually(t, "the Accept arrives", func() bool { return len(quoteAnswers(w.peer, "Accept")) == 1 })
		accept := quoteAnswers(w.peer, "Accept")[0]
		for _, part := range []string{"id", "type", "actor", "object", "instrument"} {
			e2etest.Equal(t, part+" of the request", e2etest.At(accept.Fields, "object", part), request[part])
		}
		result := e2etest.Text(accept.Fields, "result")
		permission := e2etest.Object(t, result)
		e2etest.Equal(t, "the permission", []any{
			permission["id"], permission["type"], permission["attributedTo"], permission["interactingObject"], permission["interactionTarget"],
		}, []any{result, "QuoteAuthorization", w.Actor(), request["instrument"], w.objectID(w.plain)})

		e2etest.Equal(t, "the answer to the same again", w.peer.Send(w.Actor()+"/inbox", request), 202)
		e2etest.Eventually(t, "the Accept arrives again", func() bool { return len(quoteAnswers(w.peer, "Accept")) == 2 && len(w.peer.OfKind("Accept")) > before })
		e2etest.Equal(t, "the permission given again", e2etest.Text(quoteAnswers(w.peer, "Accept")[1].Fields, "result"), result)

		// A quote of what is withdrawn is refused, and what others quote in their
		// name, or what is not ours, gets no answer.
		stolen := quoteRequest(w.peer, w.objectID(w.plain))
		stolen["instrument"] = "https://elsewhere.example/posts/1"
		e2etest.Equal(t, "the answer", w.peer.Send(w.Actor()+"/inbox", stolen), 202)
		e2etest.Equal(t, "the answer", w.peer.Send(w.Actor()+"/inbox", quoteRequest(w.peer, "https://elsewhere.example/posts/1")), 202)
		e2etest.Equal(t, "the answer", w.peer.Send(w.Actor()+"/inbox", quoteRequest(w.peer, w.objectID(w.withdrawn))), 202)
		e2etest.Eventually(t, "the Reject arrives", func() bool { return len(quoteAnswers(w.peer, "Reject")) == 1 })
		e2etest.Equal(t, "all answers", len(quoteAnswers(w.peer, "Accept"))+len(quoteAnswers(w.peer, "Reject")), 3)
		e2etest.Equal(t, "an unknown permission", e2etest.Get(t, w.Base+"/ap/quotes/aaaaaaaaaaaaaaaa", "Accept", e2etest.ActivityJSON).Status, 404)
	},
}

// quoteRequest asks to quote an object of ours in a post of the reader's.
func quoteRequest(p *e2etest.Peer, object string) map[string]any {
	return map[string]any{
		"@context": []any{e2etest.ActivityStreams, map[string]any{"QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest"}},
		"id":       p.Server.URL + "/quotes/1", "type": "QuoteRequest", "actor": p.Actor(),
		"object": object, "instrument": p.Server.URL + "/posts/1",
	}
}

// quoteAnswers are the answers of a kind to requests to quote.
func quoteAnswers(p *e2etest.Peer, kind string) (all []e2etest.Arrival) {
	for _, a := range p.OfKind(kind) {
		if e2etest.Text(a.Fields, "object", "type") == "QuoteRequest" {
			all = append(all, a)
		}
	}
	return all
}
