package model

import (
	"slices"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// correct gives an article another word, and a public one another place now and then.
func (o *office) correct(a *statement) {
	before, from, tag := a.word, a.section, a.tag
	if a.state == public && o.r.IntN(4) == 0 {
		a.section, a.tag = o.open(), o.r.IntN(topics)
	}
	args := []string{"correct", a.ID, o.document(a)}
	now := revision{word: a.word}
	hide := false
	switch n := o.r.IntN(6); {
	case a.state == embargoed:
		o.hidden = append(o.hidden, before)
	case n < 2:
		args = append(args, "--minor")
	case n == 2:
		args, hide = append(args, "--minor", "--hide-earlier"), true
	default:
		args, now.noted = append(args, "--note", "A name was wrong."), true
	}
	if a.section != from || a.tag != tag {
		args = append(args, "--back") // sections and tags come again
	}
	o.place(a, from, tag)
	o.note("correct %s from %s to %s in %d: %q", a.ID, before, a.word, a.section, args[3:])
	a.URL = o.site.File(args...).URL
	o.revise(a, now, hide)
}

// place is for an article that may have left its section and its tag.
func (o *office) place(a *statement, from, tag int) {
	if a.section != from {
		a.moved = append(a.moved, from)
	}
	if a.tag != tag {
		a.untagged = append(a.untagged, tag)
	}
}

// revise is for an article that has another wording.
func (o *office) revise(a *statement, now revision, hide bool) {
	o.touched = a
	if a.state != public {
		return
	}
	for i := range a.revisions {
		a.revisions[i].hidden = a.revisions[i].hidden || hide
	}
	a.revisions = append(a.revisions, now)
}

// goBack takes an article back to what it said before, which must be said, and if readers
// were told of the correction, they must be told of this one.
func (o *office) goBack(a *statement) {
	former := slices.DeleteFunc(slices.Clone(a.revisions), func(r revision) bool { return r.word == a.word })
	if len(former) == 0 {
		return
	}
	to := former[o.r.IntN(len(former))].word
	before := a.word
	first := slices.IndexFunc(a.revisions, func(r revision) bool { return r.word == to })
	told := false
	for i, r := range a.revisions[1:] {
		was := a.revisions[i].word
		about := was == to && r.word != to || i >= first && r.word == before && was != before
		told = told || r.noted && !r.hidden && about
	}
	a.word = to
	args := []string{"correct", a.ID, o.saying(a)}
	o.note("correct %s from %s back to %s, told %t", a.ID, before, to, told)
	o.refused("--back", append(slices.Clone(args), "--minor")...)
	if told {
		o.refused("the note that told readers of it would stay", append(slices.Clone(args), "--minor", "--back")...)
	}
	now := revision{word: to}
	switch hide := o.r.IntN(3) == 0; {
	case hide:
		a.URL = o.site.File(append(args, "--minor", "--back", "--hide-earlier")...).URL
		o.revise(a, now, true)
	case told || o.r.IntN(2) == 0:
		now.noted = true
		a.URL = o.site.File(append(args, "--note", "It was right.", "--back")...).URL
		o.revise(a, now, false)
	default:
		a.URL = o.site.File(append(args, "--minor", "--back")...).URL
		o.revise(a, now, false)
	}
	o.note("as %+v", a.revisions)
}

// moveEmbargo gives a statement another hour, with which its translations go that have no
// other.
func (o *office) moveEmbargo(a *statement) {
	if a.of != "" || a.held {
		return
	}
	due := o.site.Clock.Now().Add(time.Duration(1+o.r.IntN(180)) * time.Minute).Truncate(time.Second)
	before := a.word
	a.URL = o.site.File("correct", a.ID, o.document(a, e2etest.PublishedAt(due))).URL
	o.hidden = append(o.hidden, before)
	o.note("move the embargo of %s from %s to %s, now %s", a.ID, a.due.Format(time.TimeOnly), due.Format(time.TimeOnly), a.word)
	for _, b := range o.translations(a) {
		if b.state == embargoed && b.inherits {
			b.due, b.silent = due, b.silent || a.silent
		}
	}
	a.due, o.touched = due, a
}

// releaseAlone lets a translation out of which the original is gone: at its hour, or at
// once if that is past.
func (o *office) releaseAlone(a *statement) {
	if !a.held {
		return
	}
	before := a.word
	a.URL = o.site.File("correct", a.ID, o.document(a), "--release-alone").URL
	o.hidden = append(o.hidden, before)
	o.note("release %s alone, now %s", a.ID, a.word)
	a.held, a.inherits, a.alone, o.touched = false, false, true, a
	if !a.due.After(o.site.Clock.Now()) {
		a.goesPublic()
	}
}

// withdraw takes an article back, and now and then all of its set.
func (o *office) withdraw(a *statement) {
	args := []string{"withdraw", a.ID, "--reason", "Issued in error."}
	gone := []*statement{a}
	if a.of == "" && o.r.IntN(3) == 0 {
		args = append(args, "--all-languages")
		gone = append(gone, o.translations(a)...)
	}
	o.note("withdraw %s %s %q", a.ID, a.word, args[4:])
	o.site.Must(args...)
	for _, b := range o.translations(a) {
		b.held = b.held || b.state == embargoed
	}
	for _, b := range gone {
		o.unpin(b)
		if b.state == embargoed {
			b.state = cancelled
			o.hidden = append(o.hidden, b.word)
			continue
		}
		b.state = withdrawn
	}
}
