package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// usual is how many persons an act takes where no rule says else.
func usual(act people.Act) int {
	if act == people.Withdrawal {
		return 1 // what is wrong must not wait for a second
	}
	return 2
}

// holding is the rule that holds for an act in a section: that of the nearest section above it, or
// its own.
func holding(rules []people.Rule, tree press.Tree, act people.Act, section press.SectionID) people.Rule {
	places := []press.SectionID{press.Root}
	for _, s := range tree.Trail(section) {
		places = append(places, s.ID)
	}
	for _, at := range slices.Backward(places) {
		for _, r := range rules {
			if r.Section == at && r.Act == act && r.Persons > 0 {
				return r
			}
		}
	}
	return people.Rule{Section: press.Root, Act: act, Persons: usual(act)}
}

func holds(tx *storage.Tx, act people.Act, section press.SectionID) (r people.Rule, err error) {
	rules, err := tx.Rules()
	if err != nil {
		return r, err
	}
	return holdsBy(tx, rules, act, section)
}

// holdsBy is holds by all the rules that there are.
func holdsBy(tx *storage.Tx, rules []people.Rule, act people.Act, section press.SectionID) (r people.Rule, err error) {
	if len(rules) == 0 {
		return people.Rule{Act: act, Persons: usual(act)}, nil
	}
	tree, err := tx.Tree()
	return holding(rules, tree, act, section), err
}

// oneIsEnough tells whether whoever may approve a manuscript may have written it: where the rule
// says so, and said so before the manuscript was begun. What waited then takes two still.
func oneIsEnough(tx *storage.Tx, rules []people.Rule, m manuscripts.Manuscript) (bool, error) {
	if m.Kind == manuscripts.Withdrawal { // who needs nobody else withdraws without proposing it
		return false, nil
	}
	sections := []press.SectionID{m.Section}
	if m.Article != "" {
		a, err := tx.Article(m.Article)
		if err != nil {
			return false, err
		}
		sections = append(sections, a.Section)
	}
	for _, s := range sections {
		r, err := holdsBy(tx, rules, people.Release, s)
		if err != nil || r.Persons != 1 || !m.Created.After(r.Since) {
			return false, err
		}
	}
	return true, nil
}

// twoWithdraw tells whether it takes two to withdraw what is in a section.
func twoWithdraw(tx *storage.Tx, section press.SectionID) (bool, error) {
	r, err := holds(tx, people.Withdrawal, section)
	return r.Persons > 1, err
}

// TwoWithdraw tells whether it takes two to withdraw an article: then it is proposed.
func (d Desk) TwoWithdraw(ctx context.Context, a press.Article) (two bool, err error) {
	if a.State != press.Published {
		return false, nil
	}
	err = d.view(ctx, func(tx *storage.Tx) error {
		two, err = twoWithdraw(tx, a.Section)
		return err
	})
	return two, err
}

// PersonsRule is how many persons an act takes in a section, for people.
type PersonsRule struct {
	people.Rule
	Holds   int    // with what comes from above
	AskedBy string // a login
	// Why is why the desk's person may not agree to what is asked for; nil if they may.
	Why error
}

// Shown is a digest of what somebody agrees to.
func (r PersonsRule) Shown() string {
	return digest(fmt.Appendf(nil, "%d\n%s\n%d\n%d\n%s\n%d", r.Section, r.Act, r.Holds, r.Asked, r.Rule.AskedBy, r.AskedAt.UnixMicro()))
}

// PersonsRules are all rules of how many persons an act takes, the one for the whole site first, and
// the sections.
func (d Desk) PersonsRules(ctx context.Context) (all []PersonsRule, tree press.Tree, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		rules, err := tx.Rules()
		if err != nil {
			return err
		}
		for _, act := range people.Acts() {
			if !slices.ContainsFunc(rules, func(r people.Rule) bool { return r.Section == press.Root && r.Act == act }) {
				rules = append(rules, people.Rule{Section: press.Root, Act: act, Asked: people.NotAsked})
			}
		}
		slices.SortStableFunc(rules, func(a, b people.Rule) int { return int(a.Section - b.Section) })
		for _, r := range rules {
			one, err := d.personsRule(tx, rules, tree, r)
			if err != nil {
				return err
			}
			all = append(all, one)
		}
		return nil
	})
	return all, tree, err
}

func (d Desk) personsRule(tx *storage.Tx, rules []people.Rule, tree press.Tree, r people.Rule) (one PersonsRule, err error) {
	one = PersonsRule{Rule: r, Holds: holding(rules, tree, r.Act, r.Section).Persons}
	if r.Asked == people.NotAsked {
		return one, nil
	}
	asker, err := tx.Person(r.AskedBy)
	if err != nil {
		return one, err
	}
	one.AskedBy = asker.Login
	switch me := d.Person; {
	case !me.May(trailOf(tree, r.Section), "", people.Operator, people.Approver):
		one.Why = fmt.Errorf("%w: it takes an operator, or an approver there", ErrMayNot)
	case me.ID == asker.ID:
		one.Why = fmt.Errorf("%w: you have asked for it", ErrNotSecond)
	case sameAddress(me, asker):
		one.Why = fmt.Errorf("%w: you have the same address", ErrNotSecond)
	case !asker.MayAnywhere(people.Operator):
		one.Why = fmt.Errorf("%w: who has asked for it is no operator any more: ask for it anew", press.ErrConflict)
	default:
		one.Why = d.checkLinks(tx, []string{asker.ID})
	}
	return one, nil
}

// SetPersons says how many persons an act takes in a section and below: 1, 2, or 0 for as many as
// above. More than before hold at once; for fewer a second person has to agree, and waits tells
// that. What was begun before takes what it took, whatever is agreed to.
func (d Desk) SetPersons(ctx context.Context, section press.SectionID, act people.Act, persons int) (waits bool, err error) {
	if persons < 0 || persons > 2 || !slices.Contains(people.Acts(), act) {
		return false, fmt.Errorf("%w rule: it takes 1 or 2 persons, or as many as above", press.ErrInvalid)
	}
	if persons == 0 && section == press.Root {
		persons = usual(act)
	}
	err = d.noted(ctx, func(tx *storage.Tx) error {
		if !d.Person.MayAnywhere(people.Operator) {
			return fmt.Errorf("%w: it takes an operator", ErrMayNot)
		}
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		if _, ok := tree.Section(section); !ok && section != press.Root {
			return fmt.Errorf("%w: there is no section %d", press.ErrNotFound, section)
		}
		rules, err := tx.Rules()
		if err != nil {
			return err
		}
		before := holding(rules, tree, act, section).Persons
		after := holding(withRule(rules, section, act, persons), tree, act, section).Persons
		if waits = after < before; waits {
			err = tx.AskForRule(section, act, persons, d.Person.ID)
		} else {
			err = tx.SetRule(section, act, persons)
		}
		if err != nil {
			return err
		}
		did := "changed how many persons it takes"
		if waits {
			did = "asked for fewer persons"
		}
		return d.Note(tx, did, ruleName(section, act), personsFacts(before, after))
	})
	return waits && err == nil, err
}

// withRule are rules with one in place of that of its section and act.
func withRule(rules []people.Rule, section press.SectionID, act people.Act, persons int) []people.Rule {
	others := slices.DeleteFunc(slices.Clone(rules), func(r people.Rule) bool { return r.Section == section && r.Act == act })
	return append(others, people.Rule{Section: section, Act: act, Persons: persons})
}

func ruleName(section press.SectionID, act people.Act) string {
	return fmt.Sprintf("%s in section %d", act, section)
}

func personsFacts(before, after int) map[string]string {
	return map[string]string{"before": fmt.Sprint(before), "after": fmt.Sprint(after)}
}

// AgreeToPersons is the second person's agreement to a rule as they were shown it: fewer persons are
// enough for what is begun from now on.
func (d Desk) AgreeToPersons(ctx context.Context, section press.SectionID, act people.Act, shown string) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		r, tree, rules, err := d.askedRule(tx, section, act)
		switch {
		case err != nil:
			return err
		case r.Shown() != shown:
			return ErrChanged
		case r.Why != nil:
			return r.Why
		}
		after := holding(withRule(rules, section, act, r.Asked), tree, act, section).Persons
		// As a rule of its own: that of above may have held for longer than what waits here.
		if err := tx.SetRule(section, act, after); err != nil {
			return err
		}
		facts := personsFacts(r.Holds, after)
		facts["asked_by"] = r.AskedBy
		d.alarm(ctx, "fewer persons are enough from now on", "section", section, "act", act)
		return d.Note(tx, "agreed to fewer persons", ruleName(section, act), facts)
	})
}

// DisagreeToPersons has a rule not be asked for any more.
func (d Desk) DisagreeToPersons(ctx context.Context, section press.SectionID, act people.Act) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		r, _, _, err := d.askedRule(tx, section, act)
		if err != nil {
			return err
		}
		if errors.Is(r.Why, ErrMayNot) && !errors.Is(r.Why, ErrNotSecond) {
			return r.Why
		}
		if err := tx.AskForRule(section, act, people.NotAsked, ""); err != nil {
			return err
		}
		return d.Note(tx, "did not agree to fewer persons", ruleName(section, act), facts("asked_by", r.AskedBy))
	})
}

// askedRule is the rule that is asked for.
func (d Desk) askedRule(tx *storage.Tx, section press.SectionID, act people.Act) (r PersonsRule, tree press.Tree, rules []people.Rule, err error) {
	if tree, err = tx.Tree(); err != nil {
		return r, tree, nil, err
	}
	if rules, err = tx.Rules(); err != nil {
		return r, tree, nil, err
	}
	at := slices.IndexFunc(rules, func(r people.Rule) bool { return r.Section == section && r.Act == act && r.Asked != people.NotAsked })
	if at < 0 {
		return r, tree, nil, fmt.Errorf("%w: nothing of it is asked for", press.ErrNotFound)
	}
	r, err = d.personsRule(tx, rules, tree, rules[at])
	return r, tree, rules, err
}
