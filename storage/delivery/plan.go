package delivery

import (
	"time"

	"communique/storage/deliveries"
	"communique/storage/press"
)

// Verb is what a step asks the receiver to do.
type Verb string

// The verbs; each is the last part of its activity's id.
const (
	Create  Verb = "create"
	Update  Verb = "update"
	Delete  Verb = "delete"
	Profile Verb = "profile" // Update of the actor itself
	Move    Verb = "move"    // of the actor's followers, to another account
	// Announce shares an article; what it says is fetched from its author.
	Announce Verb = "announce"
	// Distribute tells a subscriber of a topic what the feed says now.
	Distribute Verb = "distribute"
)

// Step is one message to a destination: a verb and the entry whose state it
// carries; an Announce carries none and names the published entry. The two,
// and for an Announce its actor, name the activity's id, so no id ever has two
// bodies.
type Step struct {
	Verb  Verb
	Entry press.Entry
	// Begins is the first entry of the backlog about the same article: once this
	// step has been made, that one may have arrived.
	Begins press.Seq
	// Settles is where the cursor stands once this step has been answered.
	Settles press.Seq
	// Covers are the entries whose news the destination has then.
	Covers []press.Entry
}

// Plan says what a destination of the author must still be told: each article of
// the backlog once, in its final state. The cursor is the last entry settled there,
// attempted the last that may have arrived without our knowing; the backlog is
// what follows the cursor, in log order.
//
// The cursor alone would not do. A Create is received, its answer is lost, the
// article is withdrawn: seen from the cursor the article is unknown there and
// nothing would be sent, and the withdrawn text would stay up.
func Plan(cursor, attempted press.Seq, backlog []press.Entry) []Step {
	return plan(cursor, backlog, func(t thread) []Step { return t.authored(attempted) })
}

// PlanAnnounces is [Plan] for a destination of an actor that announces. Whoever
// gets an Announce fetches the article; that answer may come from a cache, or
// the article may be known there from before, so its correction is told too.
func PlanAnnounces(cursor, attempted press.Seq, backlog []press.Entry) []Step {
	return plan(cursor, backlog, func(t thread) []Step { return t.announced(attempted) })
}

func plan(cursor press.Seq, backlog []press.Entry, say func(thread) []Step) []Step {
	threads := threads(backlog)
	var steps []Step
	for i, t := range threads {
		settles := t.last.Seq
		if i+1 < len(threads) {
			settles = threads[i+1].first.Seq - 1
		} else if len(backlog) > 0 {
			settles = backlog[len(backlog)-1].Seq
		}
		said := say(t)
		for _, step := range said {
			step.Begins, step.Settles = t.first.Seq, cursor
			steps = append(steps, step)
		}
		if n := len(steps); n > 0 {
			// Also what needs no step is settled by the one before it.
			steps[n-1].Settles = settles
			cursor = settles
		}
		if len(said) > 0 {
			steps[len(steps)-1].Covers = t.all
		}
	}
	return steps
}

// thread is what the backlog holds about one article, or about an actor.
type thread struct {
	first, last press.Entry
	all         []press.Entry
}

// threads gathers the backlog by subject, in the order of first mention.
func threads(backlog []press.Entry) []thread {
	var all []thread
	known := map[string]int{}
	for _, e := range backlog {
		subject := string(e.Article)
		if e.Actor != "" {
			subject = "actor:" + e.Actor
		}
		i, ok := known[subject]
		if !ok {
			i = len(all)
			known[subject] = i
			all = append(all, thread{first: e})
		}
		all[i].last = e
		all[i].all = append(all[i].all, e)
	}
	return all
}

func (t thread) authored(attempted press.Seq) []Step {
	if t.first.Kind != press.KindPublished || t.last.Kind == press.KindWithdrawn {
		return t.followed(attempted)
	}
	create := []Step{{Verb: Create, Entry: t.last}}
	if t.mayBeThere(attempted) && t.corrected() {
		// The receiver ignores whichever of the two it has no use for.
		create = append(create, Step{Verb: Update, Entry: t.last})
	}
	return create
}

func (t thread) announced(attempted press.Seq) []Step {
	if t.first.Kind != press.KindPublished || t.last.Kind == press.KindWithdrawn {
		return t.followed(attempted)
	}
	announce := []Step{{Verb: Announce, Entry: t.first}}
	if t.corrected() {
		announce = append(announce, Step{Verb: Update, Entry: t.last})
	}
	return announce
}

// followed is what is said of an actor, of an article that was published before
// the backlog, and of one that is withdrawn.
func (t thread) followed(attempted press.Seq) []Step {
	switch {
	case t.last.Kind == press.KindActor:
		return []Step{{Verb: Profile, Entry: t.last}}
	case t.last.Kind == press.KindMoved:
		return []Step{{Verb: Profile, Entry: t.last}, {Verb: Move, Entry: t.last}}
	case t.last.Kind != press.KindWithdrawn:
		return []Step{{Verb: Update, Entry: t.last}}
	case t.mayBeThere(attempted):
		return []Step{{Verb: Delete, Entry: t.last}}
	}
	return nil
}

// mayBeThere tells whether the receiver may have the article from us.
func (t thread) mayBeThere(attempted press.Seq) bool {
	return t.first.Kind != press.KindPublished || t.first.Seq <= attempted
}

func (t thread) corrected() bool { return t.first.Seq != t.last.Seq }

// Authored is the [Planner] of the actor that says everything.
func Authored(d deliveries.Destination, claimed, head press.Seq, backlog []press.Entry, now time.Time) ([]Step, press.Seq) {
	return planned(Plan, d, claimed, head, backlog, now)
}

// Announced is the [Planner] of an actor that announces what falls under it.
func Announced(d deliveries.Destination, claimed, head press.Seq, backlog []press.Entry, now time.Time) ([]Step, press.Seq) {
	return planned(PlanAnnounces, d, claimed, head, backlog, now)
}

// planned plans what is worth sending of a backlog.
func planned(plan func(cursor, attempted press.Seq, backlog []press.Entry) []Step,
	d deliveries.Destination, claimed, head press.Seq, backlog []press.Entry, now time.Time,
) ([]Step, press.Seq) {
	backlog, end := startedBy(claimed, head, backlog)
	steps := plan(d.Cursor, d.Attempted, worthSending(d, backlog, now))
	for i := range steps {
		// The newest state of one article may lie behind the first of another.
		steps[i].Settles = min(steps[i].Settles, end)
	}
	return steps, end
}

// How long entries are worth sending to a destination that was away.
const (
	createsFor = 7 * 24 * time.Hour
	othersFor  = 30 * 24 * time.Hour
)

// worthSending leaves of a backlog what concerns a destination: Creates only
// where a span covers them and while they are news, corrections wherever a
// span covers the article's publication, withdrawals also of what was never
// pushed.
func worthSending(d deliveries.Destination, backlog []press.Entry, now time.Time) []press.Entry {
	var worth []press.Entry
	for _, e := range backlog {
		switch e.Kind {
		case press.KindActor, press.KindMoved:
		case press.KindPublished:
			if !d.Covered(e.Seq) || now.Sub(e.At) > createsFor {
				continue
			}
		case press.KindWithdrawn:
			if e.Pushed != 0 && !d.Covered(e.Pushed) {
				continue
			}
		default:
			if !d.Covered(e.Pushed) {
				continue
			}
		}
		worth = append(worth, e)
	}
	return worth
}

// startedBy drops the subjects that first appear behind a seq, and returns up
// to where the cursor may move once the rest is answered. A job may tell the
// newest state of an article, but it must not begin one that its claim does
// not cover.
func startedBy(claimed, head press.Seq, backlog []press.Entry) ([]press.Entry, press.Seq) {
	late := map[press.ArticleID]bool{}
	seen := map[press.ArticleID]bool{}
	var kept []press.Entry
	end := head
	for _, e := range backlog {
		if !seen[e.Article] && e.Seq > claimed {
			late[e.Article] = true
		}
		seen[e.Article] = true
		if late[e.Article] {
			end = min(end, e.Seq-1)
			continue
		}
		kept = append(kept, e)
	}
	return kept, end
}
