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
	// Announce shares an article; receivers fetch the text from its author.
	Announce Verb = "announce"
	// Distribute sends a subscriber of a topic the current feed.
	Distribute Verb = "distribute"
)

// Step is one message to a destination: a verb and the entry whose state it carries.
// An Announce carries no state; its entry is the published one. The two, and for an
// Announce its actor, determine the activity's id, so no id ever has two bodies.
type Step struct {
	Verb  Verb
	Entry press.Entry
	// Begins is the first entry of the backlog about the same article: once this
	// step has been sent, that entry may have arrived.
	Begins press.Seq
	// Settles is where the cursor is once this step has been answered.
	Settles press.Seq
	// Covers are the entries whose news the destination then has.
	Covers []press.Entry
}

// Plan returns the steps that bring a destination of the author up to date: each
// article of the backlog once, in its final state. The cursor is the last entry
// settled there, attempted the last that may have arrived without our knowing, and the
// backlog is what comes after the cursor, in log order.
//
// The cursor alone would not do. Suppose a Create is received, its answer is lost, and
// the article is withdrawn: judging by the cursor, the article is unknown there,
// nothing would be sent, and the withdrawn text would stay up.
func Plan(cursor, attempted press.Seq, backlog []press.Entry) []Step {
	return plan(cursor, backlog, func(t thread) []Step { return t.authored(attempted) })
}

// PlanAnnounces is [Plan] for a destination of an actor that announces. A server that
// receives an Announce fetches the article, perhaps from a cache, or it may have known
// the article before; so corrections are sent as well.
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
			// Entries that need no step are settled by the step before them.
			steps[n-1].Settles = settles
			cursor = settles
		}
		if len(said) > 0 {
			steps[len(steps)-1].Covers = t.all
		}
	}
	return steps
}

// thread is the part of a backlog about one article, or about an actor.
type thread struct {
	first, last press.Entry
	all         []press.Entry
}

// threads groups the backlog by subject, in the order of first mention.
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
		return t.changed(attempted)
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
		return t.changed(attempted)
	}
	announce := []Step{{Verb: Announce, Entry: t.first}}
	if t.corrected() {
		announce = append(announce, Step{Verb: Update, Entry: t.last})
	}
	return announce
}

// changed returns the steps about an actor, about an article that was published
// before the backlog, and about one that is withdrawn.
func (t thread) changed(attempted press.Seq) []Step {
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

// mayBeThere reports whether the receiver may have the article from us.
func (t thread) mayBeThere(attempted press.Seq) bool {
	return t.first.Kind != press.KindPublished || t.first.Seq <= attempted
}

func (t thread) corrected() bool { return t.first.Seq != t.last.Seq }

// Authored is the [Planner] of the actor that publishes everything.
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
	// What the server may have fetched is there as what may have been received is.
	steps := plan(d.Cursor, max(d.Attempted, d.Holds), worthSending(d, backlog, now))
	for i := range steps {
		// The newest state of one article may come after the first of another.
		steps[i].Settles = min(steps[i].Settles, end)
	}
	return steps, end
}

// How long entries are worth sending to a destination that was away.
const (
	createsFor = 7 * 24 * time.Hour
	othersFor  = 30 * 24 * time.Hour
)

// worthSending returns the part of a backlog that concerns a destination: Creates only
// if a span covers them and while they are news, corrections if the article was pushed
// there or may be held otherwise, and withdrawals also of articles that were never
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
			if e.Pushed != 0 && !d.MayHold(e.Pushed) {
				continue
			}
		default:
			if !d.MayHold(e.Pushed) {
				continue
			}
		}
		worth = append(worth, e)
	}
	return worth
}

// startedBy drops the subjects that first appear after a seq, and returns how far the
// cursor may move once the rest is answered. A job may send the newest state of an
// article, but it must not start one that its claim doesn't cover.
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
