package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// The rights of strict roles are not one person's to give, or one could be two: somebody who
// invites themselves under another name, or takes another's link, would approve their own
// work. What one asks for waits until another has agreed. What is done on the machine of the
// site counts as nobody's, so that two have to agree to it.

var (
	// ErrNotSecond is that somebody would agree to what they have a hand in. It is [ErrMayNot].
	ErrNotSecond = fmt.Errorf("%w: a second person has to agree", ErrMayNot)
	// ErrLastSecond is that fewer than two would be left who could agree to anything. It is
	// press.ErrConflict.
	ErrLastSecond = fmt.Errorf("%w: fewer than two would be left who can agree to roles", press.ErrConflict)
	// ErrNotCome is that somebody has not taken their invitation yet. It is press.ErrConflict.
	ErrNotCome = fmt.Errorf("%w: they have not taken their invitation yet", press.ErrConflict)
	// ErrSameAddress is that another one has the same address. It is press.ErrConflict.
	ErrSameAddress = fmt.Errorf("%w: another one has this address, and persons count, not accounts", press.ErrConflict)
)

// agreeing is how many have to be there so that one can ask and another agree.
const agreeing = 2

// SettingUp is the reason of rights that were given on the machine of the site while fewer
// than two could have agreed to them.
const SettingUp = "nobody could agree yet"

// OnMachine is a desk on the machine of the site on which what takes two is done at once, for
// a reason: the last resort, of which all who could have agreed are told.
func (d Desk) OnMachine(reason string) (Desk, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return d, fmt.Errorf("%w reason: say why nobody else can agree", press.ErrInvalid)
	}
	if d.Author.Via != CommandLine {
		return d, fmt.Errorf("%w: that takes the machine of the site", ErrMayNot)
	}
	d.machine = reason
	return d, nil
}

// giving is how somebody comes to what they may do.
type giving struct {
	first  bool // there was nobody before
	linked bool // they sign in by what a new link lets them choose: nothing that they had counts
	could  int  // how many could agree to something before
}

// give gives somebody these roles in place of those that they have, but for what a second
// person has to agree to first: that waits.
func (d Desk) give(ctx context.Context, tx *storage.Tx, p people.Person, wanted []people.Grant, how giving) error {
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	had := p.Grants
	if how.linked {
		had = nil
	}
	var now, waits []people.Grant
	for _, g := range wanted {
		if err := checkGrant(tree, g); err != nil {
			return err
		}
		if slices.Contains(people.Strict(), g.Role) && !how.first && !covered(tree, had, g) {
			waits = append(waits, g)
		} else {
			now = append(now, g)
		}
	}
	reason, err := d.withoutSecond(tx, p, waits)
	if err != nil {
		return err
	}
	if reason != "" {
		now, waits = wanted, nil
		d.alarm(ctx, "roles were given without a second person", "login", p.Login)
	}
	if err := tx.SetGrants(p.ID, now); err != nil {
		return err
	}
	if err := d.checkLeft(tx, how.could); err != nil {
		return err
	}
	if err := d.unassignFrom(tx, p.ID); err != nil {
		return err
	}
	return d.ask(tx, p, people.Agreement{Reason: reason, Grants: waits}, now, how.linked)
}

// ask keeps what a second person is to agree to of somebody, if anything is.
func (d Desk) ask(tx *storage.Tx, p people.Person, a people.Agreement, now []people.Grant, linked bool) error {
	before, _, err := tx.Agreement(p.ID)
	if err != nil {
		return err
	}
	a.Person, a.AskedBy, a.LinkedBy = p.ID, d.Person.ID, before.LinkedBy
	if linked {
		a.LinkedBy = d.Person.ID
	}
	if a.Reason == "" && slices.ContainsFunc(now, isStrict) {
		a.Reason = before.Reason // of what they still have
	}
	if len(a.Grants) == 0 && a.Reason == "" && a.LinkedBy == "" {
		return tx.DropAgreement(p.ID)
	}
	return tx.SetAgreement(a)
}

func isStrict(g people.Grant) bool { return slices.Contains(people.Strict(), g.Role) }

// covered tells whether somebody who has some grants has all of another one.
func covered(tree press.Tree, had []people.Grant, g people.Grant) bool {
	trail := trailOf(tree, g.Section)
	return slices.ContainsFunc(had, func(h people.Grant) bool { return h.Covers(g, trail) })
}

func trailOf(tree press.Tree, id press.SectionID) (trail []press.SectionID) {
	for _, s := range tree.Trail(id) {
		trail = append(trail, s.ID)
	}
	return trail
}

func checkGrant(tree press.Tree, g people.Grant) error {
	if _, ok := tree.Section(g.Section); !ok && g.Section != press.Root {
		return fmt.Errorf("%w: there is no section %d", press.ErrNotFound, g.Section)
	}
	if g.Role == people.Operator && (g.Section != press.Root || g.Language != "") {
		return fmt.Errorf("%w role: an operator is one everywhere: name no section and no language", press.ErrInvalid)
	}
	return nil
}

// withoutSecond is why roles that would wait are given at once; empty if they wait.
func (d Desk) withoutSecond(tx *storage.Tx, p people.Person, waits []people.Grant) (reason string, err error) {
	switch {
	case len(waits) == 0 || d.Author.Via != CommandLine:
		return "", nil
	case d.machine != "":
		return d.machine, nil
	}
	others, err := couldAgree(tx, p.ID)
	if err == nil && others < agreeing {
		reason = SettingUp
	}
	return reason, err
}

// couldAgree is how many can sign in who may agree to whatever is asked for, one left out.
func couldAgree(tx *storage.Tx, except string) (n int, err error) {
	all, err := tx.People()
	for _, p := range all {
		if err != nil || p.ID == except || !p.May(nil, "", people.Operator, people.Approver) {
			continue
		}
		came, bad := tx.Came(p.ID)
		if err = bad; came {
			n++
		}
	}
	return n, err
}

// checkLeft is that an operator is left, and that those are who can agree to something, if
// they were there before.
func (d Desk) checkLeft(tx *storage.Tx, before int) error {
	if err := checkOperator(tx); err != nil || before < agreeing || d.machine != "" {
		return err
	}
	left, err := couldAgree(tx, "")
	if err == nil && left < agreeing {
		err = fmt.Errorf("%w: make another one operator or approver first, who then signs in", ErrLastSecond)
	}
	return err
}

// ToAgree is what a second person has yet to agree to of somebody.
type ToAgree struct {
	people.Agreement
	Of      people.Person
	AskedBy string // a login; empty if it was done on the machine
	Came    bool   // they have taken their last invitation
	// Why is why the desk's person may not agree; nil if they may.
	Why error
}

// Shown is a digest of what somebody agrees to.
func (a ToAgree) Shown() string {
	return digest([]byte(fmt.Sprintf("%s\n%s\n%s\n%s\n%s\n%d", a.Of.ID, a.Agreement.AskedBy, a.LinkedBy, a.Reason, describeGrants(a.Grants), a.Asked.UnixMicro())))
}

// Agreements is all that a second person has yet to agree to, for those who might.
func (d Desk) Agreements(ctx context.Context) (all []ToAgree, tree press.Tree, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		waiting, err := tx.Agreements()
		for _, a := range waiting {
			t, bad := d.toAgree(tx, tree, a)
			if bad != nil {
				return bad
			}
			all = append(all, t)
		}
		return err
	})
	return all, tree, err
}

func (d Desk) toAgree(tx *storage.Tx, tree press.Tree, a people.Agreement) (t ToAgree, err error) {
	t.Agreement = a
	if t.Of, err = tx.Person(a.Person); err != nil {
		return t, err
	}
	if t.Came, err = tx.Came(a.Person); err != nil {
		return t, err
	}
	var asker people.Person
	if a.AskedBy != "" {
		if asker, err = tx.Person(a.AskedBy); err != nil {
			return t, err
		}
		t.AskedBy = asker.Login
	}
	t.Why = d.notSecond(tree, t, asker)
	return t, nil
}

// notSecond is why the desk's person is no second one to agree to something.
func (d Desk) notSecond(tree press.Tree, t ToAgree, asker people.Person) error {
	me := d.Person
	places := t.Grants
	if len(places) == 0 {
		places = []people.Grant{{}}
	}
	for _, g := range places {
		if !me.May(trailOf(tree, g.Section), g.Language, people.Operator, people.Approver) {
			return fmt.Errorf("%w: it takes an operator, or an approver there", ErrMayNot)
		}
	}
	switch {
	case me.ID == t.Of.ID:
		return fmt.Errorf("%w: it is about you", ErrNotSecond)
	case me.ID == t.Agreement.AskedBy && (len(t.Grants) > 0 || t.LinkedBy != ""):
		return fmt.Errorf("%w: you have asked for it", ErrNotSecond)
	case me.ID == t.LinkedBy:
		return fmt.Errorf("%w: you have had the link by which they chose what they sign in by", ErrNotSecond)
	case sameAddress(me, t.Of), sameAddress(me, asker):
		return fmt.Errorf("%w: you have the same address", ErrNotSecond)
	case !t.Came && t.Reason == "":
		return ErrNotCome
	}
	return nil
}

func sameAddress(a, b people.Person) bool {
	return a.Email != "" && strings.EqualFold(strings.TrimSpace(a.Email), strings.TrimSpace(b.Email))
}

// Agree is the second person's agreement to what they were shown of somebody, as its digest
// says. more tells that yet another one has to agree: it was asked for on the machine of the
// site, or by somebody who might not any more.
func (d Desk) Agree(ctx context.Context, login, shown string) (more bool, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		t, err := d.asked(tx, login)
		switch {
		case err != nil:
			return err
		case t.Shown() != shown:
			return ErrChanged
		case t.Why != nil:
			return t.Why
		}
		why, err := tx.KeepReason(t.Of.Login, t.Reason)
		if err != nil {
			return err
		}
		facts := map[string]string{"grants": describeGrants(t.Grants), "asked_by": t.AskedBy, "reason": why}
		if len(t.Grants) > 0 && !stillAsks(tx, t.Agreement) {
			t.Agreement.AskedBy, more = d.Person.ID, true
			if err := tx.SetAgreement(t.Agreement); err != nil {
				return err
			}
			return d.Note(tx, "agreed as the first of two", t.Of.Login, facts)
		}
		if len(t.Grants) > 0 {
			if err := tx.SetGrants(t.Of.ID, append(slices.Clone(t.Of.Grants), t.Grants...)); err != nil {
				return err
			}
		}
		if err := tx.DropAgreement(t.Of.ID); err != nil {
			return err
		}
		return d.Note(tx, "agreed", t.Of.Login, facts)
	})
	return more && err == nil, err
}

// stillAsks tells whether who has asked for something could ask for it now.
func stillAsks(tx *storage.Tx, a people.Agreement) bool {
	if a.AskedBy == "" {
		return false
	}
	p, err := tx.Person(a.AskedBy)
	return err == nil && p.MayAnywhere(people.Operator, people.Approver)
}

// Disagree takes back what waits for somebody: they have what they have.
func (d Desk) Disagree(ctx context.Context, login string) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		t, err := d.asked(tx, login)
		if err != nil {
			return err
		}
		if errors.Is(t.Why, ErrMayNot) && !errors.Is(t.Why, ErrNotSecond) && !d.Person.MayAnywhere(people.Operator) {
			return t.Why
		}
		if len(t.Grants) == 0 {
			return fmt.Errorf("%w: no role of %s waits", press.ErrConflict, t.Of.Login)
		}
		facts := map[string]string{"grants": describeGrants(t.Grants), "asked_by": t.AskedBy}
		t.Agreement.Grants = nil
		if t.LinkedBy == "" && t.Reason == "" {
			err = tx.DropAgreement(t.Of.ID)
		} else {
			err = tx.SetAgreement(t.Agreement)
		}
		if err != nil {
			return err
		}
		return d.Note(tx, "did not agree", t.Of.Login, facts)
	})
}

// asked is what waits of somebody.
func (d Desk) asked(tx *storage.Tx, login string) (t ToAgree, err error) {
	p, err := tx.PersonByLogin(login)
	if err != nil {
		return t, err
	}
	a, there, err := tx.Agreement(p.ID)
	if err == nil && !there {
		err = fmt.Errorf("%w: there is nothing to agree to of %s", press.ErrNotFound, login)
	}
	if err != nil {
		return t, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return t, err
	}
	return d.toAgree(tx, tree, a)
}

// checkLinks is that the desk's person is no stranger to none of some writers: who has had the
// link by which one of them chose what they sign in by might be that one.
func (d Desk) checkLinks(tx *storage.Tx, writers []string) error {
	linked, err := tx.LinkedBy(d.Person.ID)
	if err != nil {
		return err
	}
	return d.strangerTo(writers, linked)
}

// strangerTo is [Desk.checkLinks], for whom the desk's person had the links of some people.
func (d Desk) strangerTo(writers, linked []string) error {
	if slices.ContainsFunc(writers, func(w string) bool { return slices.Contains(linked, w) }) {
		return fmt.Errorf("%w: %s made the link of one who did, and nobody else has agreed to them yet", ErrOwn, d.Person.Login)
	}
	return nil
}
