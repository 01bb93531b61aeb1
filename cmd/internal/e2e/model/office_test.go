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
	inherits bool // it is under the embargo of what it translates
	// revisions are what the public could read of it, the last of which is of now.
	revisions []revision
	moved     []int // sections in which it was before
	tag       int
	untagged  []int // tags that it had before
	held      bool  // what it translates is gone
	alone     bool  // somebody has said that it may be public before what it translates
	below     bool  // it was in a section below the ministry's at some time
}

// revision is a wording of an article that was public.
type revision struct {
	word   string
	noted  bool // readers were told of it
	hidden bool
}

// languages are those of the site. Statements are in the first, translations in others.
var languages = []string{"en", "fr", "ar"}

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
	touched  *statement
	down     bool     // the server
	history  []string // of steps, for whoever looks into a failure
}

func play(t *testing.T, seed uint64) {
	t.Helper()
	o := &office{t: t, r: rand.New(rand.NewPCG(seed, 1)), site: e2etest.NewSite(t), sections: []string{"the-ministry/the-minister/activities", "press-room"}}
	o.site.Must("section", "add", "Press Room")
	o.site.Configure("languages: [en]", "languages: [en, fr, ar]")
	o.logAll()
	o.server = o.site.Start()
	o.reader = o.site.FollowedBy(t, o.site.Actor())
	for range *steps {
		o.step()
		o.pass(o.untilQuiet())
		if wrong := o.compare(); len(wrong) > 0 {
			t.Errorf("after\n  %s\n%s\n%s", strings.Join(o.history, "\n  "), strings.Join(wrong, "\n"), o.server.Stderr)
			return
		}
	}
	o.server.Kill()
	o.readLog()
}

// step does one thing of those that a press office does, as far as there is something to
// do it to.
func (o *office) step() {
	o.touched = nil
	live := o.in(public)
	drafts := o.in(embargoed)
	switch n := o.r.IntN(100); {
	case n < 20 || len(o.all) == 0:
		o.publish(nil, time.Time{})
	case n < 32:
		o.publish(nil, o.site.Clock.Now().Add(time.Duration(1+o.r.IntN(180))*time.Minute).Truncate(time.Second))
	case n < 37 && len(live) > 0:
		o.translate(o.one(live))
	case n < 41 && len(drafts) > 0:
		o.translate(o.one(drafts))
	case n < 50 && len(live) > 0:
		o.correct(o.one(live))
	case n < 56 && len(live) > 0:
		o.goBack(o.one(live))
	case n < 59 && len(drafts) > 0:
		o.correct(o.one(drafts))
	case n < 63 && len(drafts) > 0:
		o.moveEmbargo(o.one(drafts))
	case n < 65 && len(drafts) > 0:
		o.releaseAlone(o.one(drafts))
	case n < 71 && len(live) > 0:
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
	case n < 90:
		o.arrange(n - 83)
	case n < 94:
		o.pass(time.Duration(1+o.r.IntN(90)) * time.Minute)
	default:
		o.kill()
	}
}

// arrange changes the tree of sections, by a number below 7. While a section is closed
// only time passes.
func (o *office) arrange(n int) {
	switch {
	case n < 2:
		o.closeOrOpen()
	case o.closed:
		o.pass(time.Duration(1+o.r.IntN(90)) * time.Minute)
	case n < 4:
		slug := fmt.Sprintf("room-%d", len(o.history))
		o.do("section", "rename", o.sections[1], slug)
		o.leave(path.Join(path.Dir(o.sections[1]), slug))
	default:
		o.moveSection()
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
	a.word = fmt.Sprintf("zq8%dx", o.words) // no id has an 8, of an article or of a request that was refused
	return o.saying(a, fields...)
}

// saying is a document of an article that says its word.
func (o *office) saying(a *statement, fields ...string) string {
	fields = append(fields, "language: "+a.language, fmt.Sprintf("tags: [topic %d]", a.tag))
	body := "The minister received the delegation and spoke of harbours, fish and trade: " + a.word + "."
	file := o.site.Markdown("Statement "+a.word, body, fields...)
	section := o.sections[a.section]
	if a.section == len(o.sections)-1 && len(o.left) > 0 && o.r.IntN(4) == 0 {
		section = o.left[o.r.IntN(len(o.left))] // as whoever has an old file calls it
	}
	return o.site.InSection(file, section)
}

// goesPublic is what the model knows of an article from when it is public.
func (a *statement) goesPublic() {
	a.state, a.held = public, false
	a.revisions = []revision{{word: a.word}}
}

// refused does what must be refused in words that say why.
func (o *office) refused(want string, args ...string) {
	_, problems, err := o.site.Run(args...)
	if err == nil || !strings.Contains(err.Error(), want) {
		o.t.Errorf("after\n  %s\ncommunique %s: %v, want it refused with %q\n%s", strings.Join(o.history, "\n  "), strings.Join(args, " "), err, want, problems)
	}
}

func (o *office) publish(of *statement, due time.Time) {
	a := &statement{section: o.open(), language: languages[0], silent: o.r.IntN(6) == 0, tag: o.r.IntN(topics)}
	var fields []string
	var args []string
	if of != nil {
		a.of, a.language = of.ID, o.missing(of)
		fields = append(fields, "translation_of: "+of.ID)
	}
	if of != nil && of.state == embargoed {
		a.due, a.inherits = of.due, true
		early := of.due.Add(-time.Duration(1+o.r.IntN(60)) * time.Minute)
		if o.r.IntN(2) == 0 && early.After(o.site.Clock.Now().Add(time.Minute)) {
			a.due, a.inherits, a.alone, due = early, false, true, early
		} else {
			a.silent = a.silent || of.silent
		}
	}
	if !due.IsZero() {
		a.due = due
		fields = append(fields, e2etest.PublishedAt(due))
	}
	args = append(args, "publish", o.document(a, fields...))
	if a.silent {
		args = append(args, "--silent")
	}
	if a.alone {
		o.refused("--release-alone", args...)
		args = append(args, "--release-alone")
	}
	a.Filed = o.site.File(args...)
	o.note("publish %s %s in %d, %s, due %s, silent %t, alone %t, of %q", a.ID, a.word, a.section, a.language, a.due.Format(time.TimeOnly), a.silent, a.alone, a.of)
	if a.due.IsZero() {
		a.goesPublic()
	}
	o.all, o.touched = append(o.all, a), a
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

// set files a statement and its translations under one embargo, in one step; one of them
// may go out before.
func (o *office) set(due time.Time) {
	var set []*statement
	args := []string{"publish", "--json"}
	for i, language := range languages {
		a := &statement{section: o.open(), language: language, tag: o.r.IntN(topics), due: due, inherits: i > 0}
		var fields []string
		if i == 0 {
			fields = append(fields, e2etest.PublishedAt(due))
		}
		if early := due.Add(-30 * time.Minute); i == 1 && o.r.IntN(3) == 0 && early.After(o.site.Clock.Now().Add(time.Minute)) {
			a.due, a.inherits, a.alone = early, false, true
			fields = append(fields, e2etest.PublishedAt(early))
		}
		args = append(args, o.document(a, fields...))
		set = append(set, a)
	}
	if set[1].alone {
		o.refused("--release-alone", args...)
		args = append(args, "--release-alone")
	}
	lines := strings.Split(strings.TrimSpace(o.site.Must(args...)), "\n")
	for i, a := range set {
		if err := json.Unmarshal([]byte(lines[i]), &a.Filed); err != nil {
			o.t.Fatal(err)
		}
		if i > 0 {
			a.of = set[0].ID
		}
		o.note("publish %s %s in %d, %s, in a set, due %s, alone %t", a.ID, a.word, a.section, a.language, a.due.Format(time.TimeOnly), a.alone)
	}
	o.all = append(o.all, set...)
}

// translations are those of a statement that are public or under embargo.
func (o *office) translations(of *statement) []*statement {
	return slices.DeleteFunc(slices.Clone(o.all), func(b *statement) bool {
		return b.of != of.ID || b.state == withdrawn || b.state == cancelled
	})
}

// missing is a language in which a statement has no translation; empty if there is none.
func (o *office) missing(of *statement) string {
	for _, language := range languages[1:] {
		if !slices.ContainsFunc(o.translations(of), func(b *statement) bool { return b.language == language }) {
			return language
		}
	}
	return ""
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
	if a.of == "" && o.missing(a) != "" {
		o.publish(a, time.Time{})
	}
}

// slack is for how long no embargo ends by itself while a step is done and looked at,
// which takes a slow machine a while: the clock runs.
const slack = 3 * time.Minute

// untilQuiet is until when there is that much time; and at least a second, so that no two
// public steps are in one: dates stay apart.
func (o *office) untilQuiet() time.Duration {
	drafts := o.in(embargoed)
	slices.SortFunc(drafts, func(a, b *statement) int { return a.due.Compare(b.due) })
	quiet := time.Second
	for _, a := range drafts {
		if due := a.due.Sub(o.site.Clock.Now()); !a.held && due < quiet+slack {
			quiet = max(quiet, due+time.Second)
		}
	}
	return quiet
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
			a.goesPublic()
		}
	}
}

// kill kills the server in the middle of whatever it does, and starts another.
func (o *office) kill() {
	if o.down {
		return
	}
	o.down = true
	defer func() { o.down = false }()
	o.note("kill the server")
	o.server.Kill()
	o.readLog()
	if o.r.IntN(2) == 0 {
		o.step()
	}
	o.server = o.site.Start()
}
