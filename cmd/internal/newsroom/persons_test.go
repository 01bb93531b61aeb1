package newsroom

import (
	"errors"
	"testing"
	"time"

	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// newRules is an office whose people have taken their invitations, in which rui is operator as well.
func newRules(t *testing.T) *staff {
	t.Helper()
	s := newStaff(t)
	machine := s.machine("a test")
	for _, one := range [][]string{{"leo", "operator"}, {"bea", "operator"}, {"rui", "editor", "approver"}, {"eva", "approver"}, {"fay", "approver::fr"}} { // the first one is an operator in any case
		s.invite(machine, one[0], one[1:]...)
		s.come(one[0])
	}
	return s
}

// rule is that of an act for the whole site, as somebody is shown it.
func (s *staff) rule(by Desk, act people.Act) PersonsRule {
	s.t.Helper()
	all, _, err := by.PersonsRules(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range all {
		if r.Act == act && r.Section == press.Root {
			return r
		}
	}
	s.t.Fatalf("there is no rule of %s", act)
	return PersonsRule{}
}

// submitted is a text that somebody has written and handed in.
func (s *staff) submitted(by Desk, title string) manuscripts.Manuscript {
	s.t.Helper()
	m, err := by.Propose(s.t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte(source(title))}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// released is whether somebody may release a text.
func (s *staff) released(by Desk, m manuscripts.Manuscript) error {
	s.t.Helper()
	look, err := by.Look(s.t.Context(), m.ID)
	if err != nil || look.Lacks != nil {
		s.t.Fatal(err, look.Lacks)
	}
	_, err = by.Approve(s.t.Context(), m.ID, Approving{Revision: m.Revision, Digest: look.Digest})
	return err
}

// TestSwitchingTheRuleOff: that one person is enough takes two to say, and releases nothing that
// waits; that two are needed again takes one.
func TestSwitchingTheRuleOff(t *testing.T) {
	t.Parallel()
	s := newRules(t)
	leo, bea, rui, eva, fay := s.at("leo"), s.at("bea"), s.at("rui"), s.at("eva"), s.at("fay")
	waiting := s.submitted(rui, "Waiting")
	if _, err := rui.SetPersons(t.Context(), press.Root, people.Release, 1); !errors.Is(err, ErrMayNot) {
		t.Errorf("who is no operator asks: %v", err)
	}
	if waits, err := leo.SetPersons(t.Context(), press.Root, people.Release, 1); err != nil || !waits {
		t.Fatalf("one operator switches it off: %v, %v", waits, err)
	}
	if err := s.released(rui, waiting); !errors.Is(err, ErrOwn) {
		t.Errorf("while it is asked for: %v", err)
	}
	shown := s.rule(bea, people.Release).Shown()
	for who, by := range map[string]Desk{"leo, who has asked": leo, "fay, of one language": fay, "the machine": s.machine("a test")} {
		if err := by.AgreeToPersons(t.Context(), press.Root, people.Release, shown); !errors.Is(err, ErrMayNot) {
			t.Errorf("%s agrees: %v", who, err)
		}
	}
	if err := eva.AgreeToPersons(t.Context(), press.Root, people.Release, "other"); !errors.Is(err, ErrChanged) {
		t.Errorf("something else than was shown: %v", err)
	}
	s.clock.Pass(time.Second)
	if err := eva.AgreeToPersons(t.Context(), press.Root, people.Release, shown); err != nil {
		t.Fatal(err)
	}
	if err := eva.AgreeToPersons(t.Context(), press.Root, people.Release, shown); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if err := s.released(rui, waiting); !errors.Is(err, ErrOwn) {
		t.Errorf("what waited goes out by one: %v", err)
	}
	s.clock.Pass(time.Second)
	later := s.submitted(rui, "Later")
	if err := s.released(rui, later); err != nil {
		t.Errorf("what was begun since: %v", err)
	}
	if err := s.released(eva, waiting); err != nil {
		t.Errorf("what waited, by a second one: %v", err)
	}
	s.clock.Pass(time.Second)
	last := s.submitted(rui, "Last")
	if waits, err := bea.SetPersons(t.Context(), press.Root, people.Release, 2); err != nil || waits {
		t.Fatalf("switched on again: %v, %v", waits, err)
	}
	if err := s.released(rui, last); !errors.Is(err, ErrOwn) {
		t.Errorf("switched on again: %v", err)
	}
}

// TestRulesBySection: a rule holds below its section, and that of a section above does not loosen
// what waits below.
func TestRulesBySection(t *testing.T) {
	t.Parallel()
	s := newRules(t)
	leo, eva := s.at("leo"), s.at("eva")
	rui := s.at("rui")
	tree, err := leo.tree(t)
	if err != nil {
		t.Fatal(err)
	}
	below, ok := tree.ByPath("the-ministry/statements")
	if !ok {
		t.Fatal("there is no section")
	}
	set := func(section press.SectionID, persons int, want bool) {
		t.Helper()
		s.clock.Pass(time.Second)
		waits, err := leo.SetPersons(t.Context(), section, people.Release, persons)
		if err != nil || waits != want {
			t.Fatalf("%d persons in section %d wait: %v, %v", persons, section, waits, err)
		}
		if !waits {
			return
		}
		all, _, err := eva.PersonsRules(t.Context())
		for _, r := range all {
			if err == nil && r.Section == section && r.Act == people.Release {
				s.clock.Pass(time.Second)
				err = eva.AgreeToPersons(t.Context(), section, people.Release, r.Shown())
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	set(below.ID, 2, false)
	set(press.Root, 1, true)
	s.clock.Pass(time.Second)
	waiting := s.submitted(rui, "Waiting")
	if err := s.released(rui, waiting); !errors.Is(err, ErrOwn) {
		t.Errorf("its section asks for two: %v", err)
	}
	set(below.ID, 0, true)
	if err := s.released(rui, waiting); !errors.Is(err, ErrOwn) {
		t.Errorf("what waited when its section took the rule from above: %v", err)
	}
	s.clock.Pass(time.Second)
	if err := s.released(rui, s.submitted(rui, "Later")); err != nil {
		t.Errorf("what was begun since: %v", err)
	}
	if _, err := leo.SetPersons(t.Context(), press.Root, "other", 1); !errors.Is(err, press.ErrInvalid) {
		t.Errorf("another act: %v", err)
	}
	if _, err := leo.SetPersons(t.Context(), 4711, people.Release, 2); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("another section: %v", err)
	}
}

// tree is that of the sections.
func (d Desk) tree(t *testing.T) (press.Tree, error) {
	t.Helper()
	_, tree, err := d.People(t.Context())
	return tree, err
}

// TestMovedSectionKeepsItsRule: where fewer persons would be enough a section that is moved keeps its
// rule, for all that is begun in it after; where more are needed it takes these.
func TestMovedSectionKeepsItsRule(t *testing.T) {
	t.Parallel()
	s := newRules(t)
	leo, bea, rui := s.at("leo"), s.at("bea"), s.at("rui")
	if _, err := leo.AddSections(t.Context(), []string{"Office"}, NewSections{}); err != nil {
		t.Fatal(err)
	}
	_, tree, err := leo.PersonsRules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	office, _ := tree.ByPath("office")
	if _, err := leo.SetPersons(t.Context(), office.ID, people.Release, 1); err != nil {
		t.Fatal(err)
	}
	rules, _, err := bea.PersonsRules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if r.Section == office.ID {
			if err := bea.AgreeToPersons(t.Context(), office.ID, people.Release, r.Shown()); err != nil {
				t.Fatal(err)
			}
		}
	}
	moved, err := leo.MoveSection(t.Context(), "the-ministry/statements", "office", false)
	if err != nil || len(moved.Kept) != 1 || moved.Kept[0] != people.Release {
		t.Fatalf("moved: kept %v, %v", moved.Kept, err)
	}
	s.clock.Pass(time.Minute)
	m, err := rui.Propose(t.Context(), Proposal{Kind: manuscripts.NewArticle, Text: []byte("---\ntitle: After\nsection: office/statements\n---\n\nText.\n")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.released(rui, m); !errors.Is(err, ErrOwn) {
		t.Errorf("who wrote it releases what is begun after: %v", err)
	}
	if moved, err = leo.MoveSection(t.Context(), "office/statements", "the-ministry", false); err != nil || len(moved.Kept) != 0 {
		t.Errorf("moved back: kept %v, %v", moved.Kept, err)
	}
}
