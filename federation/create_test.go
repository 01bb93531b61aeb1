package federation_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/moderation"
	"communique/federation/remote"
	"communique/storage/audience"
)

// waiting are the replies that wait for an editor.
func waiting(s *federationtest.Site) []audience.Reply { return s.Replies(audience.ReplyPending) }

// TestReply: of a post that answers an article its text is kept, cleaned, with
// its author.
func TestReply(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.Describe("name", "Ana\x1b[31m\u202e B.\r\n"+strings.Repeat("x", 200), "url", p.URL()+"/@reader")
	a, _ := s.Publish("Answered")
	p.MustSend(s.Inbox(), p.Create(p.Note("1",
		`<p onclick="x()">Well <b>said</b><script>alert(1)</script><img src="https://evil.example/x.png"> <a href="javascript:x()">so</a></p>`, objectID(a))))
	all := waiting(s)
	if len(all) != 1 {
		t.Fatalf("%d replies wait", len(all))
	}
	r := all[0]
	same(t, "the text", string(r.Content), "<p>Well <b>said</b> so</p>")
	same(t, "the reply", []any{r.ID, r.Article, r.Actor, r.Handle, string(r.Language), r.Public, r.URL, r.AuthorURL},
		[]any{p.PostID("1"), a.ID, p.Actor(), "@" + p.Handle(), "en", true, p.URL() + "/@reader/1", p.URL() + "/@reader"})
	if len(r.Name) > 100 || strings.ContainsAny(r.Name, "\x1b\u202e\r\n") {
		t.Errorf("the name is %q", r.Name)
	}
	same(t, "published", r.Published.UTC().Format(time.RFC3339), a.Published.UTC().Format(time.RFC3339))
}

// TestRepliesBySetting: what a reply begins as.
func TestRepliesBySetting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		setting           moderation.Replies
		to                []any
		pending, approved int
	}{
		{moderation.RepliesReview, []any{federationtest.Public}, 1, 0},
		{moderation.RepliesOpen, []any{federationtest.Public}, 0, 1},
		{moderation.RepliesOpen, []any{federationtest.Base + "/actors/ministry"}, 1, 0}, // between us
		{moderation.RepliesOff, []any{federationtest.Public}, 0, 0},
	} {
		s := federationtest.NewSite(t, func(o *federation.Options) { o.Replies = tt.setting })
		p := s.NewPeer()
		a, _ := s.Publish("Answered")
		p.MustSend(s.Inbox(), p.Create(federationtest.With(p.Note("1", "<p>Well said</p>", objectID(a)), "to", tt.to)))
		same(t, "replies", []int{len(waiting(s)), len(s.Replies(audience.ReplyApproved))}, []int{tt.pending, tt.approved})
	}
}

// TestWhatIsAReply: which posts are kept, and what they answer.
func TestWhatIsAReply(t *testing.T) {
	t.Parallel()
	type site = *federationtest.Site
	type peer = *federationtest.Peer
	for _, tt := range []struct {
		name string
		post func(s site, p peer, article string) any
		kept bool
		to   bool // it answers the article
	}{
		{"an answer to the article", func(_ site, p peer, article string) any { return p.Note("1", "<p>Yes</p>", article) }, true, true},
		{"an answer to a reply", func(_ site, p peer, _ string) any { return p.Note("1", "<p>Yes</p>", p.PostID("known")) }, true, true},
		{"a mention", func(s site, p peer, _ string) any {
			return federationtest.With(p.Note("1", "<p>Hello</p>", ""), "tag", []any{map[string]any{"type": "Mention", "href": s.Actor("ministry")}})
		}, true, false},
		{"a post of which the id is said", func(_ site, p peer, article string) any {
			p.Show("/posts/1", federationtest.MediaType, p.Note("1", "<p>Yes</p>", article))
			return p.PostID("1")
		}, true, true},
		{"a post about something else", func(_ site, p peer, _ string) any { return p.Note("1", "<p>Hm</p>", "https://elsewhere.example/1") }, false, false},
		{"another's post", func(_ site, p peer, article string) any { return p.As("writer").Note("1", "<p>Yes</p>", article) }, false, false},
		{"a post of another server", func(_ site, p peer, article string) any {
			return federationtest.With(p.Note("1", "<p>Yes</p>", article), "id", "https://elsewhere.example/1")
		}, false, false},
		{"a post that is not there", func(_ site, p peer, _ string) any { return p.PostID("none") }, false, false},
		{"something else than a post", func(_ site, p peer, article string) any {
			return map[string]any{"id": p.PostID("1"), "type": "Person", "attributedTo": p.Actor(), "inReplyTo": article}
		}, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Answered")
			p.MustSend(s.Inbox(), p.Create(p.Note("known", "<p>First</p>", objectID(a))))
			s.Clock.Pass(time.Second)
			p.MustSend(s.Inbox(), federationtest.With(p.Create(tt.post(s, p, objectID(a))), "id", p.URL()+"/activities/2"))
			got := waiting(s)[1:]
			if len(got) != map[bool]int{true: 1}[tt.kept] {
				t.Fatalf("%d are kept", len(got))
			}
			if tt.kept {
				same(t, "it answers the article", got[0].Article == a.ID, tt.to)
			}
		})
	}
}

// TestAPostThatCannotBeFetched now may come again.
func TestAPostThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.Serve("/posts/1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	for _, activity := range []map[string]any{p.Create(p.PostID("1")), p.Update(p.PostID("1"))} {
		status, err := p.Send(s.Inbox(), activity)
		refusedBy(t, activity["type"].(string), status, err, remote.ErrUnavailable)
	}
}

// TestEdits: the newer text counts, in whichever order they come, and only its
// author changes a post.
func TestEdits(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, rogue := s.NewPeer(), s.NewPeer()
	a, _ := s.Publish("Answered")
	edited := func(p *federationtest.Peer, content, at string) map[string]any {
		return p.Update(federationtest.With(p.Note("1", content, objectID(a)), "updated", at))
	}
	text := func() string { return string(waiting(s)[0].Content) }
	p.MustSend(s.Inbox(), p.Create(p.Note("1", "<p>Firts</p>", objectID(a))), edited(p, "<p>Third</p>", "2031-03-03T03:04:05Z"), edited(p, "<p>Second</p>", "2031-03-02T03:04:05Z"))
	same(t, "the text", text(), "<p>Third</p>")
	rogue.MustSend(s.Inbox(), rogue.Update(federationtest.With(p.Note("1", "<p>Mine</p>", objectID(a)), "updated", "2031-03-04T03:04:05Z")),
		rogue.Update(federationtest.With(p.Note("1", "<p>Mine</p>", objectID(a)), "attributedTo", rogue.Actor())))
	same(t, "the text after a rogue's Update", text(), "<p>Third</p>")
}

// TestEditsWithoutTheirTime are as new as their signatures.
func TestEditsWithoutTheirTime(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("Answered")
	var letters []*federationtest.Letter
	for _, activity := range []map[string]any{
		p.Create(p.Note("1", "<p>Firts</p>", objectID(a))), p.Update(p.Note("1", "<p>First</p>", objectID(a))), p.Update(p.Note("1", "<p>At first</p>", objectID(a))),
	} {
		s.Clock.Pass(time.Second)
		letters = append(letters, p.Letter(s.Inbox(), activity).Sign())
	}
	for _, l := range append(letters, letters[0], letters[1]) {
		status, err := l.Post()
		accepted(t, "an edit", status, err)
	}
	same(t, "the text", string(waiting(s)[0].Content), "<p>At first</p>")
}

// TestAnEditThatQuotesNoMore takes the quote back.
func TestAnEditThatQuotesNoMore(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	a, _ := s.Publish("Quoted")
	quoting := federationtest.With(p.Note("1", "<p>Look</p>", ""), "quoteUrl", objectID(a))
	p.MustSend(s.Inbox(), p.Create(quoting))
	same(t, "reactions", reactions(s, a), "0 0 1 0")
	p.MustSend(s.Inbox(), p.Update(p.Note("1", "<p>Never mind</p>", "")))
	same(t, "reactions after the edit", reactions(s, a), "0 0 0 0")
}

// TestDelete: a post goes with its author's word, also if that comes first, and an
// account with all that it did here.
func TestDelete(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		deletes func(p *federationtest.Peer) any
		replies int
		likes   string
	}{
		{"a post by its id", func(p *federationtest.Peer) any { return p.PostID("1") }, 0, "1 0 0 0"},
		{"a post by its tombstone", func(p *federationtest.Peer) any { return map[string]any{"id": p.PostID("1"), "type": "Tombstone"} }, 0, "1 0 0 0"},
		{"another post", func(p *federationtest.Peer) any { return p.PostID("2") }, 1, "1 0 0 0"},
		{"the account", func(p *federationtest.Peer) any { return p.Actor() }, 0, "0 0 0 0"},
		{"another account", func(p *federationtest.Peer) any { return p.As("writer").Actor() }, 1, "1 0 0 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := federationtest.NewSite(t)
			p := s.NewPeer()
			a, _ := s.Publish("Answered")
			p.MustSend(s.Inbox(), p.Create(p.Note("1", "<p>Well said</p>", objectID(a))), p.Like(objectID(a)))
			p.MustSend(s.Inbox(), p.Delete(tt.deletes(p)))
			same(t, "replies", len(waiting(s)), tt.replies)
			same(t, "reactions", reactions(s, a), tt.likes)
		})
	}
	t.Run("what another wrote", func(t *testing.T) {
		t.Parallel()
		s := federationtest.NewSite(t)
		p, rogue := s.NewPeer(), s.NewPeer()
		a, _ := s.Publish("Answered")
		p.MustSend(s.Inbox(), p.Create(p.Note("1", "<p>Well said</p>", objectID(a))))
		rogue.MustSend(s.Inbox(), rogue.Delete(p.PostID("1")), rogue.Delete(p.Actor()))
		writer := p.As("writer")
		writer.MustSend(s.Inbox(), writer.Delete(p.PostID("1")), writer.Delete(p.Actor()))
		same(t, "replies", len(waiting(s)), 1)
	})
	t.Run("what comes later", func(t *testing.T) {
		t.Parallel()
		s := federationtest.NewSite(t)
		p := s.NewPeer()
		a, _ := s.Publish("Answered")
		late := p.Letter(s.Inbox(), p.Create(p.Note("1", "<p>Oh no</p>", objectID(a)))).Sign()
		s.Clock.Pass(time.Second)
		p.MustSend(s.Inbox(), p.Delete(p.PostID("1")))
		status, err := late.Post()
		accepted(t, "the Create", status, err)
		same(t, "replies", len(waiting(s)), 0)
	})
}

// TestAuthorChangesName: the name is changed where it is shown, and neither taken
// from an older message nor from another account.
func TestAuthorChangesName(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p, rogue := s.NewPeer(), s.NewPeer()
	p.Describe("name", "Ana")
	a, _ := s.Publish("Answered")
	p.MustSend(s.Inbox(), p.Create(p.Note("1", "<p>Well said</p>", objectID(a))))
	name := func() string { return waiting(s)[0].Name }
	same(t, "the name", name(), "Ana")
	older := p.Letter(s.Inbox(), p.Update(federationtest.With(p.Document(), "name", "Anna"))).Sign()
	s.Clock.Pass(time.Second)
	p.MustSend(s.Inbox(), p.Update(federationtest.With(p.Document(), "name", "Ana B.")))
	if _, err := older.Post(); err != nil {
		t.Fatal(err)
	}
	rogue.MustSend(s.Inbox(), rogue.Update(federationtest.With(p.Document(), "name", "Mallory")))
	p.MustSend(s.Inbox(), p.Update(federationtest.With(p.Document(), "name", "")), p.Update(p.Actor()))
	same(t, "the name after the Update", name(), "Ana B.")
}

// TestUpdateForgetsKeys: an account that changed is looked at anew, whichever key
// it withdrew.
func TestUpdateForgetsKeys(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer().WithEd25519()
	old := p.Letter(s.Inbox(), p.Follow(s.Actor("ministry"))).Sign()
	p.MustSend(s.Inbox(), p.Like(s.Actor("ministry")))
	p.ReplaceKey()
	status, err := p.LetterBy(federationtest.Scheme{Ed25519: true}, s.Inbox(), p.Update(p.Document())).Sign().Post()
	accepted(t, "the Update", status, err)
	if status, err := old.Post(); err == nil {
		t.Errorf("what the old key signed is answered %d", status)
	}
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
}

// TestShownHandles: no user name makes a handle look like that of another server.
func TestShownHandles(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	a, _ := s.Publish("Answered")
	p := s.NewPeer()
	for i, tt := range []struct{ name, want string }{
		{"minister@gov.example", "@" + p.Host()}, {"minister＠gov.example", "@" + p.Host()}, {"minister gov", "@" + p.Host()},
		{"https://gov.example/", "@" + p.Host()}, {"имя.रीडर-1", "@имя.रीडर-1@" + p.Host()},
	} {
		author := p.As(string(rune('a' + i)))
		author.Describe("preferredUsername", tt.name)
		author.MustSend(s.Inbox(), author.Create(author.Note(tt.name[:1]+string(rune('a'+i)), "<p>Hello</p>", objectID(a))))
		all := waiting(s)
		same(t, "the handle of "+tt.name, all[len(all)-1].Handle, tt.want)
	}
}
