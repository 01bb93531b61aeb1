package vocab

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadNote(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		document string
		want     IncomingNote
	}{
		"Mastodon's": {
			`{"id":"https://social.example/users/ana/statuses/1","type":"Note","summary":null,"inReplyTo":"https://mfa.example/ap/articles/a",
			"published":"2026-03-14T10:30:00Z","updated":"2026-03-14T11:30:00Z","url":"https://social.example/@ana/1","attributedTo":"https://social.example/users/ana",
			"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https://social.example/users/ana/followers"],"content":"<p>Well</p>","contentMap":{"en":"<p>Well</p>"},
			"tag":[{"type":"Mention","href":"https://mfa.example/actors/press","name":"@press"},{"type":"Hashtag","href":"https://social.example/tags/x"},"https://x.example"]}`,
			IncomingNote{
				ID: "https://social.example/users/ana/statuses/1", Type: "Note", AttributedTo: "https://social.example/users/ana",
				InReplyTo: "https://mfa.example/ap/articles/a", Content: "<p>Well</p>", Language: "en", URL: "https://social.example/@ana/1",
				To: []string{Public}, CC: []string{"https://social.example/users/ana/followers"}, Mentions: []string{"https://mfa.example/actors/press"},
				Published: time.Date(2026, 3, 14, 10, 30, 0, 0, time.UTC), Updated: time.Date(2026, 3, 14, 11, 30, 0, 0, time.UTC),
			},
		},
		"a quote of FEP-044f and one of before it": {
			`{"id":"https://a.example/1","type":"Note","attributedTo":[{"id":"https://a.example/u"}],"quote":"https://mfa.example/ap/articles/a","quoteUrl":"https://b.example/2"}`,
			IncomingNote{ID: "https://a.example/1", Type: "Note", AttributedTo: "https://a.example/u", Quotes: "https://mfa.example/ap/articles/a"},
		},
		"Misskey's quote": {
			`{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","quoteUrl":7,"_misskey_quote":"https://b.example/2","contentMap":{"en":"a","fr":"b"}}`,
			IncomingNote{ID: "https://a.example/1", Type: "Note", AttributedTo: "https://a.example/u", Quotes: "https://b.example/2", Content: "a"},
		},
		"a text in contentMap alone": {
			`{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","contentMap":{"ID":"<p>Bagus</p>"}}`,
			IncomingNote{ID: "https://a.example/1", Type: "Note", AttributedTo: "https://a.example/u", Content: "<p>Bagus</p>", Language: "ID"},
		},
		"a text beside a contentMap that says something else": {
			`{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","content":"<p>Good</p>","contentMap":{"de":7}}`,
			IncomingNote{ID: "https://a.example/1", Type: "Note", AttributedTo: "https://a.example/u", Content: "<p>Good</p>", Language: "de"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadNote([]byte(c.document))
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

// SECURITY A15: what is spelled or typed otherwise than everybody reads it.
func TestA15NotesThatAreNone(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]string{
		"no id":             `{"type":"Note","attributedTo":"https://a.example/u"}`,
		"no author":         `{"id":"https://a.example/1","type":"Note"}`,
		"an actor":          `{"id":"https://a.example/1","type":"Person","attributedTo":"https://a.example/u"}`,
		"two authors":       `{"id":"https://a.example/1","type":"Note","attributedTo":["https://a.example/u","https://a.example/v"]}`,
		"an author's case":  `{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","AttributedTo":"https://a.example/v"}`,
		"a graph":           `{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","@graph":[]}`,
		"an id of a number": `{"id":7,"type":"Note","attributedTo":"https://a.example/u"}`,
		"a type of a list":  `{"id":"https://a.example/1","type":[[]],"attributedTo":"https://a.example/u"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if note, err := ReadNote([]byte(document)); !errors.Is(err, ErrMalformed) {
				t.Errorf("read as %+v, error %v", note, err)
			}
		})
	}
}

func TestNotesPublic(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{Public: true, "as:Public": true, "Public": true, "https://a.example/followers": false} {
		if got := (IncomingNote{CC: []string{to}}).Public(); got != want {
			t.Errorf("to %s: public %t", to, got)
		}
	}
}

// FuzzReadNote: no document makes a reader of posts panic, and what it reads
// stays within bounds.
func FuzzReadNote(f *testing.F) {
	f.Add(`{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","content":"<p>x</p>","tag":{"type":"Mention","href":"https://b.example/"}}`)
	f.Add(`{"id":"https://a.example/1","type":"Note","attributedTo":"https://a.example/u","contentMap":{"en":"x"},"quoteUri":["https://b.example/"]}`)
	f.Fuzz(func(t *testing.T, document string) {
		n, err := ReadNote([]byte(document))
		if err != nil {
			return
		}
		if len(n.Content) > maxContent || len(n.Mentions) > maxTags || len(n.Language) > maxLanguage || len(n.ID) > maxID {
			t.Errorf("too much: %d %d %d %d", len(n.Content), len(n.Mentions), len(n.Language), len(n.ID))
		}
		if strings.ToValidUTF8(n.Content, "") != n.Content {
			t.Error("not UTF-8")
		}
	})
}
