package simulation

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/publog"
)

// promise is what is held once all is quiet. It returns what is wrong.
type promise struct {
	name string
	look func(*world) []string
}

var promises = []promise{
	{"nothing is lost, and what is withdrawn is deleted everywhere", (*world).finalStates},
	{"each inbox is told in order", (*world).order},
	{"nobody is sent an article who did not follow", (*world).uncalledFor},
	{"an activity has one body", (*world).bodies},
	{"nothing is sent again that was answered", (*world).duplicates},
	{"each follow is answered", (*world).accepts},
	{"who follows is known", (*world).followers},
	{"each server is told who of its accounts follows", (*world).synchronized},
	{"the site shows what is public, and nothing else", (*world).site},
}

func (w *world) check() {
	for _, p := range promises {
		for _, wrong := range p.look(w) {
			w.breaks("%s: %s", p.name, wrong)
		}
	}
}

// eachInbox looks at all inboxes.
func (w *world) eachInbox(look func(*inbox) []string) (wrong []string) {
	for _, name := range w.names {
		for _, in := range w.servers[name].inboxes {
			for _, text := range look(in) {
				wrong = append(wrong, fmt.Sprintf("%s%s %s", in.server.host, in.path, text))
			}
		}
	}
	return wrong
}

// about is the article that a letter is about, or nil.
func (w *world) about(l *letter) *article {
	id, _ := l.fields["object"].(string)
	if object, ok := l.fields["object"].(map[string]any); ok {
		id, _ = object["id"].(string)
	}
	for _, a := range w.articles {
		if id == ministry.Object(a.id) {
			return a
		}
	}
	return nil
}

// arrived holds what has arrived, at this moment, against what may be read.
func (w *world) arrived(in *inbox, l *letter) {
	for _, word := range wordsIn(string(l.body)) {
		w.mu.Lock()
		a := w.words[word]
		wrong := a == nil || !a.shown[word] && (a.state != embargoed || a.word != word || a.due.After(time.Now()))
		w.mu.Unlock()
		if wrong {
			w.breaks("%s%s has got %s, which is not public", in.server.host, in.path, word)
		}
	}
}

// wordsIn are the words of articles that a text has, such as zq12x.
func wordsIn(text string) (all []string) {
	// A regular expression would look at each letter of each page.
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "zq")
		if !found {
			return all
		}
		rest = strings.TrimLeft(after, "0123456789")
		from, end := len(text)-len(after)-len("zq"), len(text)-len(rest)
		if len(rest) < len(after) && strings.HasPrefix(rest, "x") && !letterAt(text, from-1) && !letterAt(text, end+1) {
			all = append(all, text[from:end+1])
		}
	}
}

func letterAt(text string, i int) bool {
	return i >= 0 && i < len(text) && strings.IndexByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", text[i]) >= 0
}

// views are where what is public can be read.
var views = []struct{ path, accept string }{
	{"/en/feed.atom", "*/*"},
	{"/en/feed.json", "*/*"},
	{"/en/" + section + "/feed.rss", "*/*"},
	{"/en/", "text/html"},
	{"/en/" + section + "/", "text/html"},
	{"/actors/" + author + "/outbox?before=9223372036854775807", "application/activity+json"},
	{"/actors/" + author + "/featured", "application/activity+json"},
}

// get asks the site.
func (w *world) get(address, accept string) (status int, body string) {
	r := httptest.NewRequest(http.MethodGet, base+strings.TrimPrefix(address, base), nil)
	r.Header.Set("Accept", accept)
	r.RequestURI, r.RemoteAddr = r.URL.RequestURI(), "192.0.2.2:1"
	recorder := httptest.NewRecorder()
	w.house.handler.ServeHTTP(recorder, r)
	return recorder.Code, recorder.Body.String()
}

// look reads one of the views and one of the articles.
func (w *world) look() {
	view := views[w.r.IntN(len(views))]
	a, ok := one(w, w.articles)
	if w.house == nil {
		return
	}
	status, body := w.get(view.path, view.accept)
	w.reads(view.path, status, body)
	if ok {
		for _, wrong := range w.readArticle(a) {
			w.breaks("%s", wrong)
		}
	}
}

// reads holds what was read against what may be.
func (w *world) reads(where string, status int, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, word := range wordsIn(body) {
		a := w.words[word]
		if a == nil || a.state == public && a.shown[word] || a.state == embargoed && a.word == word && !a.due.After(time.Now()) {
			continue
		}
		w.mu.Unlock()
		w.breaks("%s shows %s of %s, which is %s", where, word, a.name(), a.state)
		w.mu.Lock()
	}
}

// readArticle reads the page and the object of an article.
func (w *world) readArticle(a *article) (wrong []string) {
	for _, v := range []struct{ address, accept string }{{a.url, "text/html"}, {ministry.Object(a.id), "application/activity+json"}} {
		status, body := w.get(v.address, v.accept)
		w.reads(v.address, status, body)
		want := map[state]int{public: http.StatusOK, withdrawn: http.StatusGone, embargoed: http.StatusNotFound, cancelled: http.StatusNotFound}[a.state]
		due := a.state == embargoed && !a.due.After(time.Now())
		if status != want && !due {
			wrong = append(wrong, fmt.Sprintf("%s of %s, which is %s, is answered %d", v.accept, a.name(), a.state, status))
		}
		if a.state == public && !strings.Contains(body, a.word) {
			wrong = append(wrong, fmt.Sprintf("%s of %s does not say %s", v.accept, a.name(), a.word))
		}
	}
	return wrong
}

// site: all views show the words of what is public.
func (w *world) site() (wrong []string) {
	for _, a := range w.articles {
		wrong = append(wrong, w.readArticle(a)...)
	}
	for _, view := range views[:6] {
		status, body := w.get(view.path, view.accept)
		w.reads(view.path, status, body)
		for _, a := range w.in(public) {
			// The first page of the outbox has the newest.
			if !strings.Contains(body, a.word) && !strings.Contains(body, string(a.id)) {
				wrong = append(wrong, fmt.Sprintf("%s does not have %s", view.path, a.name()))
			}
		}
	}
	return wrong
}

// copyAt is an article as the server of an inbox has it.
type copyAt struct {
	word    string
	updated string
	there   bool
	deleted bool
	came    bool // that there was ever a Create
}

// copies are the articles that the server of an inbox has, made by the rules of Mastodon: a
// Create of what is there is nothing new, an Update that is not later than what is there
// is ignored, and what was deleted does not come back.
func (in *inbox) copies() map[*article]*copyAt {
	all := map[*article]*copyAt{}
	for _, l := range in.letters {
		a := in.server.w.about(l)
		if a == nil {
			continue
		}
		c := all[a]
		if c == nil {
			c = &copyAt{}
			all[a] = c
		}
		object, _ := l.fields["object"].(map[string]any)
		updated, _ := object["updated"].(string)
		word := ""
		if words := wordsIn(fmt.Sprint(object["content"], object["name"])); len(words) > 0 {
			word = words[0]
		}
		switch l.text("type") {
		case "Create":
			c.came = true
			if !c.there && !c.deleted {
				c.there, c.word, c.updated = true, word, updated
			}
		case "Update":
			if c.there && updated >= c.updated {
				c.word, c.updated = word, updated
			}
		case "Delete":
			c.there, c.deleted = false, true
		}
	}
	return all
}

// must tells whether an article was published while an account of the inbox followed.
func (in *inbox) must(a *article) bool {
	return in.anyone(func(s span) bool {
		return !s.blocked && s.taken.Before(a.from) && (s.left.IsZero() || s.left.After(a.by))
	})
}

// may tells whether it can have been published while one did.
func (in *inbox) may(a *article) bool {
	return in.anyone(func(s span) bool { return s.may(a) })
}

func (s span) may(a *article) bool {
	return !s.asked.After(a.by) && (s.left.IsZero() || s.gone.IsZero() || !s.gone.Before(a.from)) ||
		slices.ContainsFunc(s.along, func(before span) bool { return before.may(a) })
}

func (in *inbox) anyone(has func(span) bool) bool {
	for _, a := range in.server.accounts {
		if a.inbox() == in && slices.ContainsFunc(a.spans, has) {
			return true
		}
	}
	return false
}

func (w *world) finalStates() []string {
	return w.eachInbox(func(in *inbox) (wrong []string) {
		copies := in.copies()
		for _, a := range w.articles {
			c := copies[a]
			if c == nil {
				c = &copyAt{}
			}
			switch {
			case a.state == public && !a.silent && (c.came || in.must(a)) && c.word != a.word:
				wrong = append(wrong, fmt.Sprintf("has %q of %s, which says %s", c.word, a.name(), a.word))
			case a.state == withdrawn && c.there:
				wrong = append(wrong, fmt.Sprintf("still has %s, which was withdrawn", a.name()))
			}
		}
		return wrong
	})
}

func (w *world) uncalledFor() []string {
	return w.eachInbox(func(in *inbox) (wrong []string) {
		for a, c := range in.copies() {
			if c.came && (a.silent || !in.may(a)) {
				wrong = append(wrong, fmt.Sprintf("was sent %s", a.name()))
			}
		}
		return wrong
	})
}

// order: of one article nothing overtakes what was said before, and articles come in the
// order in which they became public.
func (w *world) order() []string {
	return w.eachInbox(func(in *inbox) (wrong []string) {
		last, seen, there, created := map[*article]int{}, map[string]bool{}, map[*article]bool{}, time.Time{}
		for _, l := range in.letters {
			a, id := w.about(l), l.text("id")
			if a == nil || seen[id] {
				continue
			}
			seen[id] = true
			seq, err := strconv.Atoi(l.seq())
			if err != nil {
				wrong = append(wrong, fmt.Sprintf("got %s with the id %s", l.name(), id))
			}
			if seq < last[a] {
				wrong = append(wrong, fmt.Sprintf("got %s behind %d", l.name(), last[a]))
			}
			last[a] = seq
			if l.text("type") != "Create" || there[a] {
				continue // what is there already may come again in a newer state, after a crash
			}
			there[a] = true
			if a.by.Before(created) {
				wrong = append(wrong, fmt.Sprintf("got %s behind a later one", a.name()))
			}
			created = a.from
		}
		return wrong
	})
}

func (w *world) bodies() (wrong []string) {
	bodies := map[string]string{}
	w.eachInbox(func(in *inbox) []string {
		for _, l := range in.letters {
			id := l.text("id")
			if before, ok := bodies[id]; ok && before != string(l.body) {
				wrong = append(wrong, fmt.Sprintf("%s is %s and %s", id, before, l.body))
			}
			bodies[id] = string(l.body)
		}
		return nil
	})
	return wrong
}

// duplicates: what is sent again was not answered; or something that was sent there since
// was not, or the program died, or not all of a backlog was sent yet: a cursor cannot say
// that the newest state of an article was sent ahead of another article, so it is sent with
// the rest again. Nor can it say that a Delete was sent in the place of what a server had not been
// sent of an article: that one it is sent once more.
func (w *world) duplicates() []string {
	return w.eachInbox(func(in *inbox) (wrong []string) {
		answered, known := map[string]*letter{}, map[string]bool{}
		holds, twice := map[*article]bool{}, map[string]bool{} // what was answered that is no Delete; Deletes that came again
		var failed, fresh time.Time                            // when the last was sent that was not answered, or was new
		for i, l := range in.sent {
			id := l.text("id")
			first, again := answered[id]
			about := w.about(l)
			inPlace := l.text("type") == "Delete" && !holds[about] && !twice[id]
			if again && first.h == l.h && failed.Before(first.at) && !fresh.After(first.at) && !w.grewBetween(first.at, l.at) && !in.goesOn(i, known) && !inPlace {
				wrong = append(wrong, fmt.Sprintf("was sent %s again, %s after it was answered", l.label, l.at.Sub(first.at)))
			}
			if !known[id] {
				fresh = l.at
			}
			known[id] = true
			if l.wasAnswered() {
				answered[id], twice[id] = l, again
				holds[about] = holds[about] || l.text("type") != "Delete"
			} else {
				failed = l.at
			}
		}
		return wrong
	})
}

// goesOn tells whether a letter, by its number, is soon followed by one that is new.
func (in *inbox) goesOn(from int, known map[string]bool) bool {
	return slices.ContainsFunc(in.sent[from:], func(l *letter) bool {
		return l.at.Sub(in.sent[from].at) < time.Minute && !known[l.text("id")]
	})
}

func (w *world) accepts() []string {
	return w.eachInbox(func(in *inbox) (wrong []string) {
		for _, a := range in.server.accounts {
			s := a.follows()
			follow, ok := a.follow.(map[string]any)
			if s == nil || !ok || follow["id"] == nil || in.path != a.inboxPath() {
				continue
			}
			accepted := false
			for _, l := range in.letters {
				object, _ := l.fields["object"].(map[string]any)
				accepted = accepted || l.text("type") == "Accept" && object["id"] == follow["id"]
			}
			if !accepted {
				wrong = append(wrong, "got no Accept")
			}
		}
		return wrong
	})
}

func (w *world) followers() []string {
	want := 0
	for _, name := range w.names {
		for _, a := range w.servers[name].accounts {
			if a.follows() != nil {
				want++
			}
		}
	}
	got := 0
	w.view(func(tx *storage.Tx) (err error) {
		got, err = tx.CountFollowers(publog.ActorSource(author))
		return err
	})
	if got != want {
		return []string{fmt.Sprintf("%d follow, and %d are known", want, got)}
	}
	return nil
}

// synchronized: what went out last has the digest of those who follow at the server that it
// went to (FEP-8fcf).
func (w *world) synchronized() []string {
	last := w.articles[len(w.articles)-1]
	return w.eachInbox(func(in *inbox) (wrong []string) {
		var digest [sha256.Size]byte
		for _, a := range in.server.accounts {
			if a.follows() == nil {
				continue
			}
			for i, b := range sha256.Sum256([]byte(a.id())) {
				digest[i] ^= b
			}
		}
		want := fmt.Sprintf(`digest="%x"`, digest)
		for _, l := range in.letters {
			if got := l.header.Get("Collection-Synchronization"); w.about(l) == last && !strings.HasSuffix(got, want) {
				wrong = append(wrong, fmt.Sprintf("was told %s, want %s", got, want))
			}
		}
		return wrong
	})
}
