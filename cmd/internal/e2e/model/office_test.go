package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
	"communique/storage/newsdesk"
)

// state is what has become of a statement.
type state int

const (
	embargoed state = iota
	public
	withdrawn
	cancelled
)

// statement is an article in the model.
type statement struct {
	e2etest.Filed
	state    state
	due      time.Time // of an embargo
	word     string    // stands in its title and text of now, and nowhere else
	section  int
	language string
	of       string // what it translates
	silent   bool
	kept     []string // former words, which the public history has
	moved    []int    // sections in which it was before
	tag      int
	untagged []int // tags that it had before
	held     bool  // what it translates is gone
	below    bool  // it was in a section below the ministry's at some time
}

// office is the press office: the model, and the site that it is about.
type office struct {
	t      *testing.T
	r      *rand.Rand
	site   *e2etest.Site
	server *e2etest.Process
	reader *e2etest.Peer
	all    []*statement
	// sections are the paths of those where articles are filed; the last one is renamed
	// and put below another now and then.
	sections []string
	left     []string // former paths of that one, which lead to it
	closed   bool     // the last section
	pinned   []*statement
	words    int
	hidden   []string // words that were only ever in drafts that are gone
	history  []string // of steps, for whoever looks into a failure
}

func play(t *testing.T, seed uint64) {
	t.Helper()
	o := &office{t: t, r: rand.New(rand.NewPCG(seed, 1)), site: e2etest.NewSite(t), sections: []string{"the-ministry/the-minister/activities", "press-room"}}
	o.site.Must("section", "add", "Press Room")
	o.site.Configure("languages: [en]", "languages: [en, fr]")
	o.server = o.site.Start()
	o.reader = o.site.FollowedBy(t, o.site.Actor())
	for range *steps {
		o.step()
		o.pass(time.Second) // no two public steps in one second: dates stay apart
		if wrong := o.compare(); len(wrong) > 0 {
			t.Errorf("after\n  %s\n%s\n%s", strings.Join(o.history, "\n  "), strings.Join(wrong, "\n"), o.server.Stderr)
			return
		}
	}
	o.server.Kill()
}

// step does one thing of those that a press office does, as far as there is something to
// do it to.
func (o *office) step() {
	live := o.in(public)
	drafts := o.in(embargoed)
	switch n := o.r.IntN(100); {
	case n < 20 || len(o.all) == 0:
		o.publish("", time.Time{})
	case n < 32:
		o.publish("", o.site.Clock.Now().Add(time.Duration(1+o.r.IntN(180))*time.Minute).Truncate(time.Second))
	case n < 40 && len(live) > 0:
		o.translate(o.one(live))
	case n < 56 && len(live) > 0:
		o.correct(o.one(live))
	case n < 62 && len(drafts) > 0:
		o.correct(o.one(drafts))
	case n < 70 && len(live) > 0:
		o.withdraw(o.one(live))
	case n < 74 && len(drafts) > 0:
		o.withdraw(o.one(drafts))
	case n < 78 && len(live) > 0:
		o.pin(o.one(live))
	case n < 80 && len(o.pinned) > 0:
		a := o.one(o.pinned)
		o.do("unpin", a.ID)
		o.unpin(a)
	case n < 83:
		o.set(o.site.Clock.Now().Add(time.Duration(1+o.r.IntN(180)) * time.Minute).Truncate(time.Second))
	case n < 85:
		o.closeOrOpen()
	case n < 87 && !o.closed:
		slug := fmt.Sprintf("room-%d", len(o.history))
		o.do("section", "rename", o.sections[1], slug)
		o.leave(path.Join(path.Dir(o.sections[1]), slug))
	case n < 90 && !o.closed:
		o.moveSection()
	case n < 94:
		o.pass(time.Duration(1+o.r.IntN(90)) * time.Minute)
	default:
		o.kill()
	}
}

func (o *office) in(s state) []*statement {
	return slices.DeleteFunc(slices.Clone(o.all), func(a *statement) bool { return a.state != s })
}

func (o *office) one(of []*statement) *statement { return of[o.r.IntN(len(of))] }

func (o *office) note(format string, args ...any) {
	o.history = append(o.history, fmt.Sprintf(format, args...))
}

func (o *office) do(args ...string) string {
	o.note("communique %s", strings.Join(args, " "))
	return o.site.Must(args...)
}

// document is a text around a word that no other has.
func (o *office) document(a *statement, fields ...string) string {
	o.words++
	a.word = fmt.Sprintf("zq%dx", o.words)
	fields = append(fields, "language: "+a.language, fmt.Sprintf("tags: [topic %d]", a.tag))
	body := "The Minister received the delegation of Almira and spoke of harbours, fish and trade: " + a.word + "."
	file := o.site.Markdown("Statement "+a.word, body, fields...)
	return o.site.InSection(file, o.sections[a.section])
}

func (o *office) publish(of string, due time.Time) {
	a := &statement{section: o.open(), language: "en", of: of, state: public, silent: o.r.IntN(6) == 0, tag: o.r.IntN(topics)}
	var fields []string
	if of != "" {
		a.language = "fr"
		fields = append(fields, "translation_of: "+of)
	}
	if !due.IsZero() {
		a.state, a.due = embargoed, due
		fields = append(fields, e2etest.PublishedAt(due))
	}
	args := []string{"publish", o.document(a, fields...)}
	if a.silent {
		args = append(args, "--silent")
	}
	a.Filed = o.site.File(args...)
	o.note("publish %s %s in %d, %s, due %s, silent %t, of %q", a.ID, a.word, a.section, a.language, due.Format(time.TimeOnly), a.silent, of)
	o.all = append(o.all, a)
}

// topics is how many tags there are.
const topics = 2

// open is a section that takes articles.
func (o *office) open() int {
	if o.closed {
		return 0
	}
	return o.r.IntN(len(o.sections))
}

// set files a statement and its translation under one embargo, in one step.
func (o *office) set(due time.Time) {
	both := []*statement{{language: "en"}, {language: "fr"}}
	args := []string{"publish", "--json"}
	for i, a := range both {
		a.section, a.tag, a.state, a.due = o.open(), o.r.IntN(topics), embargoed, due
		var fields []string
		if i == 0 {
			fields = append(fields, e2etest.PublishedAt(due))
		}
		args = append(args, o.document(a, fields...))
	}
	lines := strings.Split(strings.TrimSpace(o.site.Must(args...)), "\n")
	for i, a := range both {
		if err := json.Unmarshal([]byte(lines[i]), &a.Filed); err != nil {
			o.t.Fatal(err)
		}
		o.note("publish %s %s in %d, %s, in a set, due %s", a.ID, a.word, a.section, a.language, due.Format(time.TimeOnly))
	}
	both[1].of = both[0].ID
	o.all = append(o.all, both...)
}

// pin puts an article on top of the profile, if there is room.
func (o *office) pin(a *statement) {
	if there := slices.Contains(o.pinned, a); !there && len(o.pinned) == newsdesk.MaxPins {
		return
	}
	o.do("pin", a.ID)
	o.unpin(a)
	o.pinned = append(o.pinned, a)
}

func (o *office) unpin(a *statement) {
	o.pinned = slices.DeleteFunc(o.pinned, func(b *statement) bool { return a == b })
}

// closeOrOpen closes the last section, which must have no drafts, or opens it again.
func (o *office) closeOrOpen() {
	last := len(o.sections) - 1
	switch {
	case o.closed:
		o.do("section", "reopen", o.sections[last])
	case slices.ContainsFunc(o.in(embargoed), func(a *statement) bool { return a.section == last }):
		return
	default:
		o.do("section", "close", o.sections[last])
	}
	o.closed = !o.closed
}

// moveSection puts the last section below another one, or at the top.
func (o *office) moveSection() {
	parents := slices.DeleteFunc([]string{"", ministry, ministry + "/the-minister"}, func(p string) bool {
		return p == strings.TrimPrefix(path.Dir(o.sections[1]), ".")
	})
	parent := parents[o.r.IntN(len(parents))]
	o.do("section", "move", o.sections[1], cmp.Or(parent, "/"))
	o.leave(path.Join(parent, path.Base(o.sections[1])))
}

// leave gives the last section another path.
func (o *office) leave(to string) {
	o.left = append(slices.DeleteFunc(o.left, func(p string) bool { return p == to }), o.sections[1])
	o.sections[1] = to
}

// ministry is the path of a section that others are below.
const ministry = "the-ministry"

// isBelow reports whether an article is in a section below the ministry's.
func (o *office) isBelow(a *statement) bool {
	return strings.HasPrefix(o.sections[a.section], ministry+"/")
}

// translate files a translation, if there is none that is not withdrawn.
func (o *office) translate(a *statement) {
	taken := slices.ContainsFunc(o.all, func(b *statement) bool {
		return b.of == a.ID && (b.state == embargoed || b.state == public)
	})
	if a.of == "" && !taken {
		o.publish(a.ID, time.Time{})
	}
}

func (o *office) correct(a *statement) {
	before, from, tag := a.word, a.section, a.tag
	if a.state == public && o.r.IntN(4) == 0 {
		a.section, a.tag = o.open(), o.r.IntN(topics)
	}
	args := []string{"correct", a.ID, o.document(a), "--back"} // sections and tags come again
	switch {
	case a.state == embargoed:
		o.hidden = append(o.hidden, before)
	case o.r.IntN(3) == 0:
		args = append(args, "--minor")
		a.kept = append(a.kept, before)
	default:
		args = append(args, "--note", "A name was wrong.")
		a.kept = append(a.kept, before)
	}
	if a.section != from {
		a.moved = append(a.moved, from)
	}
	if a.tag != tag {
		a.untagged = append(a.untagged, tag)
	}
	o.note("correct %s from %s to %s in %d: %q", a.ID, before, a.word, a.section, args[4:])
	filed := o.site.File(args...)
	a.URL = filed.URL
}

func (o *office) withdraw(a *statement) {
	o.note("withdraw %s %s", a.ID, a.word)
	o.site.Must("withdraw", a.ID, "--reason", "Issued in error.")
	o.unpin(a)
	for _, b := range o.in(embargoed) {
		b.held = b.held || b.of == a.ID
	}
	if a.state == embargoed {
		a.state = cancelled
		o.hidden = append(o.hidden, a.word)
		return
	}
	a.state = withdrawn
}

// pass lets time pass: embargoes end.
func (o *office) pass(d time.Duration) {
	if d > time.Second {
		o.note("%s pass", d)
	}
	o.site.Pass(d)
	for _, a := range o.in(embargoed) {
		if !a.held && !a.due.After(o.site.Clock.Now()) {
			o.note("the embargo of %s %s ends", a.ID, a.word)
			a.state = public
		}
	}
}

// kill kills the server in the middle of whatever it does, and starts another.
func (o *office) kill() {
	o.note("kill the server")
	o.server.Kill()
	if o.r.IntN(2) == 0 {
		o.step()
	}
	o.server = o.site.Start()
}
