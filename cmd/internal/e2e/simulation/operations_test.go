package simulation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/federation"
	"communique/federation/moderation"
	"communique/storage"
	"communique/storage/audience"
)

// operation is a thing that somebody does.
type operation struct {
	name  string
	often int // among all of them
	// without: also while the program does not run.
	without bool
	do      func(*world)
}

var operations = []operation{
	{"publish", 14, false, func(w *world) { w.publish(0) }},
	{"embargo", 10, false, func(w *world) { w.publish(time.Duration(1+w.r.IntN(90)) * time.Second) }},
	{"correct", 14, false, (*world).correct},
	{"withdraw", 8, false, (*world).withdraw},
	{"cancel", 3, false, (*world).cancel},
	{"follow", 16, true, (*world).follow},
	{"unfollow", 6, true, (*world).unfollow},
	{"move", 4, true, (*world).move},
	{"block", 3, false, (*world).block},
	{"unblock", 3, false, (*world).unblock},
	{"cut", 9, true, (*world).cut},
	{"mend", 9, true, (*world).mend},
	{"crash", 6, false, (*world).crash},
	{"restart", 2, false, (*world).restart},
}

var ctx = context.Background()

// one draws one of several, or none if there are none.
func one[T any](w *world, of []T) (drawn T, ok bool) {
	if len(of) == 0 {
		return drawn, false
	}
	return of[w.r.IntN(len(of))], true
}

// text is a document of an article, around a word that no other has.
func (w *world) text(a *article, due time.Time) string {
	w.wordsMade++
	a.word = fmt.Sprintf("zq%dx", w.wordsMade)
	w.mu.Lock()
	w.words[a.word] = a
	w.mu.Unlock()
	published := ""
	if !due.IsZero() {
		published = "published: " + w.dated(due) + "\n"
	}
	return fmt.Sprintf("---\ntitle: Statement %s\nsection: %s\n%s---\n\n%s %s.\n", a.word, section, published, a.said, a.word)
}

// dated is an instant of the world by the clock of the house.
func (w *world) dated(at time.Time) string {
	return w.clock.Now().Add(time.Until(at)).UTC().Format(time.RFC3339)
}

// sentence is one that no other is like.
func (w *world) sentence() string {
	const consonants, vowels = "bcdfghklmnprstvw", "aeiou"
	var all []string
	for range 7 {
		var word strings.Builder
		for range 3 {
			word.WriteByte(consonants[w.r.IntN(len(consonants))])
			word.WriteByte(vowels[w.r.IntN(len(vowels))])
		}
		all = append(all, word.String())
	}
	return strings.Join(all, " ")
}

// publish publishes an article, or puts one under an embargo that ends after a while.
func (w *world) publish(after time.Duration) {
	a := &article{n: len(w.articles) + 1, said: w.sentence(), silent: w.r.IntN(8) == 0, shown: map[string]bool{}}
	if after > 0 {
		a.due = time.Now().Add(after).Truncate(time.Second).Add(time.Second)
	}
	from := time.Now()
	doc, err := w.house.desk.Read("article.md", []byte(w.text(a, a.due)), nil)
	var r newsroom.Result
	if err == nil {
		r, err = w.house.desk.File(ctx, doc, newsroom.Filing{Silent: a.silent})
	}
	if err != nil {
		w.breaks("nothing can be published: %v", err)
		return
	}
	w.mu.Lock()
	a.id, a.state = r.Article.ID, embargoed
	a.url = ministry.Article(r.Article)
	if after == 0 {
		a.state, a.from, a.by = public, from, time.Now()
		a.shown[a.word] = true
	}
	w.articles = append(w.articles, a)
	w.mu.Unlock()
	w.grows(time.Now())
	w.trace.add("%s is %s with %s, for %s, silent %t", a.name(), a.state, a.word, after, a.silent)
}

// editable are the articles that can be corrected: those whose embargo may end in this
// moment are left alone.
func (w *world) editable() []*article {
	all := w.in(public)
	for _, a := range w.in(embargoed) {
		if time.Until(a.due) > soon {
			all = append(all, a)
		}
	}
	return all
}

func (w *world) correct() {
	a, ok := one(w, w.editable())
	if !ok {
		return
	}
	c := newsroom.Correction{Note: "A word was wrong."}
	if w.r.IntN(3) == 0 || a.state == embargoed {
		c = newsroom.Correction{Minor: true}
	}
	doc, err := w.house.desk.Read("article.md", []byte(w.text(a, time.Time{})), nil)
	var r newsroom.Result
	if err == nil {
		r, err = w.house.desk.Correct(ctx, a.id, doc, c)
	}
	if err != nil {
		w.breaks("%s cannot be corrected: %v", a.name(), err)
		return
	}
	w.mu.Lock()
	a.url = ministry.Article(r.Article)
	a.shown[a.word] = a.state == public
	w.mu.Unlock()
	w.grows(time.Now())
	w.trace.add("%s, which is %s, is corrected to %s, minor %t", a.name(), a.state, a.word, c.Minor)
}

func (w *world) withdraw() {
	a, ok := one(w, w.in(public))
	if !ok {
		return
	}
	if _, err := w.house.desk.Withdraw(ctx, a.id, "Issued in error."); err != nil {
		w.breaks("%s cannot be withdrawn: %v", a.name(), err)
		return
	}
	w.mu.Lock()
	a.state, a.gone = withdrawn, time.Now()
	w.mu.Unlock()
	w.grows(time.Now())
	w.trace.add("%s is withdrawn", a.name())
}

// cancel withdraws what is under embargo.
func (w *world) cancel() {
	a, ok := one(w, w.in(embargoed))
	if !ok || time.Until(a.due) <= soon {
		return
	}
	if _, err := w.house.desk.Withdraw(ctx, a.id, ""); err != nil {
		w.breaks("%s cannot be cancelled: %v", a.name(), err)
		return
	}
	w.mu.Lock()
	a.state = cancelled
	w.mu.Unlock()
	w.trace.add("%s is cancelled", a.name())
}

// accounts are those that want to do something, and have nothing on its way.
func (w *world) accounts(want func(*account) bool) (all []*account) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range w.names {
		for _, a := range w.servers[name].accounts {
			if !a.busy && want(a) {
				all = append(all, a)
			}
		}
	}
	return all
}

func (a *account) activity(kind string, object any) map[string]any {
	a.sent++
	return map[string]any{
		"@context": "https://www.w3.org/ns/activitystreams", "id": fmt.Sprintf("%s/activities/%d", a.id(), a.sent),
		"type": kind, "actor": a.id(), "object": object,
	}
}

func (w *world) follow() {
	a, ok := one(w, w.accounts(func(a *account) bool { return a.follows() == nil }))
	if !ok {
		return
	}
	follow := a.activity("Follow", ministry.Actor(author))
	w.trace.add("%s asks to follow", a.id())
	a.send(follow, func(asked, taken time.Time) {
		if a.blocked {
			return // it was taken, and means nothing
		}
		a.follow = follow
		a.spans = append(a.spans, span{asked: asked, taken: taken})
	})
}

func (w *world) unfollow() {
	a, ok := one(w, w.accounts(func(a *account) bool { return a.follows() != nil }))
	if !ok {
		return
	}
	w.trace.add("%s does not want to follow any more", a.id())
	a.leaves("Undo", a.follow)
}

// leaves sends what ends the follow of an account.
func (a *account) leaves(kind string, object any) {
	s := a.follows()
	a.w.mu.Lock()
	s.left = time.Now()
	a.w.mu.Unlock()
	a.send(a.activity(kind, object), func(_, taken time.Time) { s.gone = taken })
}

// move sends a follower to another account, which says that it is the same.
func (w *world) move() {
	from, ok := one(w, w.accounts(func(a *account) bool { return a.follows() != nil && !a.blocked && !a.leftThisSecond() }))
	if !ok {
		return
	}
	to, ok := one(w, w.accounts(func(a *account) bool { return a != from && a.follows() == nil && !a.blocked }))
	if !ok {
		return
	}
	w.mu.Lock()
	to.aliases = append(to.aliases, from.id())
	to.busy = true
	s := from.follows()
	s.left = time.Now()
	w.mu.Unlock()
	w.trace.add("%s moves to %s", from.id(), to.id())
	move := from.activity("Move", from.id())
	move["target"] = to.id()
	from.send(move, func(asked, taken time.Time) {
		s.gone = taken
		to.busy = false
		to.follow = map[string]any{"type": "Follow", "actor": to.id(), "object": ministry.Actor(author)}
		to.spans = append(to.spans, span{asked: asked, taken: taken, along: from.inbox().spansUntil(taken)})
	})
}

// leftThisSecond tells whether an account has left already in this second. Signatures tell seconds: a
// Move would be taken for one of before that arrives once more.
func (a *account) leftThisSecond() bool {
	now := time.Now().Truncate(time.Second)
	return slices.ContainsFunc(a.spans, func(s span) bool { return s.left.Truncate(time.Second).Equal(now) })
}

// block blocks a server, of which nothing is on its way.
func (w *world) block() {
	s, ok := one(w, w.serversThat(func(s *server) bool { return !s.blocked && !s.busy() }))
	if !ok {
		return
	}
	subject, kind, err := moderation.ParseSubject(s.host)
	if err == nil {
		err = w.house.store.Update(ctx, func(tx *storage.Tx) error {
			if _, err := tx.AddBlock(audience.Block{Subject: subject, Kind: kind}); err != nil {
				return err
			}
			_, err := federation.ApplyBlocks(tx, ministry, author)
			return err
		})
	}
	if err != nil {
		w.breaks("%s cannot be blocked: %v", s.host, err)
		return
	}
	w.trace.add("%s is blocked", s.host)
	w.mu.Lock()
	defer w.mu.Unlock()
	s.blocked = true
	for _, a := range s.accounts {
		if follows := a.follows(); follows != nil {
			follows.left, follows.gone = time.Now(), time.Now()
		}
		for i := range a.spans {
			a.spans[i].blocked = true
		}
	}
}

func (w *world) unblock() {
	s, ok := one(w, w.serversThat(func(s *server) bool { return s.blocked && !s.busy() }))
	if !ok {
		return
	}
	if err := w.house.store.Update(ctx, func(tx *storage.Tx) error { return tx.RemoveBlock(s.host) }); err != nil {
		w.breaks("the block of %s cannot be ended: %v", s.host, err)
	}
	w.mu.Lock()
	s.blocked = false
	w.mu.Unlock()
	w.trace.add("%s is blocked no more", s.host)
}

func (w *world) serversThat(are func(*server) bool) (all []*server) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range w.names {
		if s := w.servers[name]; are(s) {
			all = append(all, s)
		}
	}
	return all
}

func (s *server) busy() bool {
	for _, a := range s.accounts {
		if a.busy {
			return true
		}
	}
	return false
}

func (w *world) cut() {
	if s, ok := one(w, w.serversThat(func(s *server) bool { return !s.cut() })); ok {
		f, _ := one(w, faults)
		s.set(f)
		w.trace.add("%s is %s", s.host, f)
	}
}

func (w *world) mend() {
	if s, ok := one(w, w.serversThat((*server).cut)); ok {
		s.set(none)
		w.trace.add("%s is well again", s.host)
	}
}

// crash kills the program, which is started again after a while.
func (w *world) crash() {
	w.trace.add("the program is killed")
	w.mu.Lock()
	w.alive = nil
	w.mu.Unlock()
	w.house.crash()
	w.house = nil
	w.wakes = time.Now()
	if w.r.IntN(3) > 0 {
		w.wakes = w.wakes.Add(time.Duration(w.r.IntN(60)) * time.Second)
	}
}

// restart ends the program in good order and starts it again.
func (w *world) restart() {
	w.fall()
	w.rise()
}
