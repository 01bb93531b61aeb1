package newsroom

import (
	"errors"
	"testing"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// staff are people who have taken their invitations, each at the desk.
type staff struct {
	*room
	links map[string]string
}

func newStaff(t *testing.T) *staff {
	t.Helper()
	return &staff{room: newRoom(t), links: map[string]string{}}
}

// grants reads roles as people write them.
func (s *staff) grants(roles ...string) (all []people.Grant) {
	s.t.Helper()
	for _, text := range roles {
		g, err := s.ParseGrant(s.t.Context(), text)
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, g)
	}
	return all
}

// invite has somebody invite another one, who does not come yet.
func (s *staff) invite(by Desk, login string, roles ...string) Given {
	s.t.Helper()
	i, err := by.Invite(s.t.Context(), people.Person{Login: login}, s.grants(roles...))
	if err != nil {
		s.t.Fatal(err)
	}
	s.links[login] = i.Token
	return i.Given
}

// come has somebody take their invitation, if they have not yet.
func (s *staff) come(login string) {
	s.t.Helper()
	if s.links[login] == "" {
		return
	}
	defer delete(s.links, login)
	if _, err := s.TakeInvitation(s.t.Context(), s.links[login], "hash"); err != nil {
		s.t.Fatal(err)
	}
}

// at is somebody at the desk, as they are now.
func (s *staff) at(login string) Desk {
	s.t.Helper()
	d, err := s.As(s.t.Context(), login)
	if err != nil {
		s.t.Fatal(err)
	}
	d.Author.Via = Browser
	return d
}

// machine is the machine of the site, with a reason to do without a second person.
func (s *staff) machine(reason string) Desk {
	s.t.Helper()
	d, err := s.OnMachine(reason)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// agree has somebody agree to what waits of another one.
func (s *staff) agree(by, login string) error {
	s.t.Helper()
	_, err := s.at(by).Agree(s.t.Context(), login, s.shown(by, login))
	return err
}

func (s *staff) shown(by, login string) string {
	s.t.Helper()
	all, _, err := s.at(by).Agreements(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, a := range all {
		if a.Of.Login == login {
			return a.Shown()
		}
	}
	return ""
}

func (s *staff) may(login string, role people.Role) bool {
	s.t.Helper()
	return s.at(login).Person.MayAnywhere(role)
}

// ready are an operator, an approver and a writer who have come, and know of each other.
func ready(t *testing.T) *staff {
	t.Helper()
	s := newStaff(t)
	for _, one := range [][]string{{"leo", "operator"}, {"eva", "approver"}, {"ana", "author"}} {
		s.invite(s.Desk, one[0], one[1:]...)
		s.come(one[0])
	}
	return s
}

// TestNobodyIsTwo: what one person asks for that would let them approve their own work waits
// until another one has agreed.
func TestNobodyIsTwo(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		asks func(s *staff) // what leo does to be two
		whom string
		role people.Role
	}{
		"another self as approver": {func(s *staff) { s.invite(s.at("leo"), "leo2", "approver") }, "leo2", people.Approver},
		"one who may do without":   {func(s *staff) { s.invite(s.at("leo"), "leo2", "alone") }, "leo2", people.Alone},
		"a second operator":        {func(s *staff) { s.invite(s.at("leo"), "leo2", "operator") }, "leo2", people.Operator},
		"an author who then rises": {func(s *staff) {
			s.invite(s.at("leo"), "leo2", "author")
			s.come("leo2")
			if _, err := s.at("leo").Grant(t.Context(), "leo2", s.grants("author", "approver")); err != nil {
				t.Error(err)
			}
		}, "leo2", people.Approver},
		"a wider place": {func(s *staff) {
			s.invite(s.machine("a test"), "leo2", "approver::fr")
			s.come("leo2")
			if _, err := s.at("leo").Grant(t.Context(), "leo2", s.grants("approver")); err != nil {
				t.Error(err)
			}
			if s.may("leo2", people.Approver) {
				t.Error("the role that was given up is had still")
			}
		}, "leo2", people.Approver},
	} {
		s := ready(t)
		tt.asks(s)
		s.come(tt.whom)
		if s.may(tt.whom, tt.role) {
			t.Errorf("%s: %s is %s though nobody else has agreed", name, tt.whom, tt.role)
		}
		for _, same := range []string{"leo", tt.whom} {
			if err := s.agree(same, tt.whom); !errors.Is(err, ErrMayNot) {
				t.Errorf("%s: %s agrees to it: %v", name, same, err)
			}
		}
		if err := s.agree("ana", tt.whom); !errors.Is(err, ErrMayNot) {
			t.Errorf("%s: an author agrees to it: %v", name, err)
		}
		if err := s.agree("eva", tt.whom); err != nil {
			t.Errorf("%s: a second person agrees: %v", name, err)
		}
		if !s.may(tt.whom, tt.role) {
			t.Errorf("%s: two have agreed, and %s is not %s", name, tt.whom, tt.role)
		}
	}
}

// TestOwnRole: an operator does not make themselves approver.
func TestOwnRole(t *testing.T) {
	t.Parallel()
	s := ready(t)
	if _, err := s.at("leo").Grant(t.Context(), "leo", s.grants("operator", "editor", "approver")); err != nil {
		t.Fatal(err)
	}
	if s.may("leo", people.Approver) || !s.may("leo", people.Editor) {
		t.Error("what takes no second person is there at once, and what takes one is not")
	}
	if err := s.agree("leo", "leo"); !errors.Is(err, ErrNotSecond) {
		t.Errorf("they agree with themselves: %v", err)
	}
	if err := s.at("eva").Disagree(t.Context(), "leo"); err != nil {
		t.Fatal(err)
	}
	if got := s.shown("eva", "leo"); got != "" {
		t.Error("what was refused waits")
	}
	if _, err := s.at("ana").Agree(t.Context(), "leo", ""); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("what was refused: %v", err)
	}
}

// TestTakenOver: who makes a new link for an approver, and might take it, is not one by that;
// the second person agrees when the other has come, and can be asked.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	s := ready(t)
	s.invite(s.machine("a test"), "rui", "approver")
	s.come("rui") // two can agree but for eva
	s.invite(s.at("leo"), "eva")
	if s.may("eva", people.Approver) {
		t.Error("an approver stays one whose link somebody else has")
	}
	if err := s.agree("rui", "eva"); !errors.Is(err, ErrNotCome) {
		t.Errorf("agreed before they came: %v", err)
	}
	s.come("eva")
	if err := s.agree("leo", "eva"); !errors.Is(err, ErrNotSecond) {
		t.Errorf("by who made the link: %v", err)
	}
	old := s.shown("rui", "eva")
	if _, err := s.at("leo").Grant(t.Context(), "eva", s.grants("approver", "alone")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.at("rui").Agree(t.Context(), "eva", old); !errors.Is(err, ErrChanged) {
		t.Errorf("agreed to what was not shown: %v", err)
	}
	if err := s.agree("rui", "eva"); err != nil || !s.may("eva", people.Approver) {
		t.Errorf("agreed: %v", err)
	}
}

// TestOwnWriter: an approver who has made somebody's link approves nothing that they write,
// until another one has agreed that they are another.
func TestOwnWriter(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	for _, one := range [][]string{{"leo", "operator", "approver"}, {"eva", "approver"}} {
		s.invite(s.Desk, one[0], one[1:]...)
		s.come(one[0])
	}
	s.invite(s.at("leo"), "leo2", "author")
	s.come("leo2")
	o := &office{room: s.room}
	m := o.propose(s.at("leo2"), "Treaty on harbours signed")
	if _, err := o.approve(s.at("leo"), m); !errors.Is(err, ErrOwn) {
		t.Errorf("approved by who made the writer's link: %v", err)
	}
	if err := s.agree("leo", "leo2"); !errors.Is(err, ErrNotSecond) {
		t.Errorf("agreed by who made the link: %v", err)
	}
	if err := s.agree("eva", "leo2"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.approve(s.at("leo"), m); err != nil {
		t.Errorf("approved when another one has agreed to the writer: %v", err)
	}
}

// TestSecondsAreLeft: nobody takes away those by whom they would be held.
func TestSecondsAreLeft(t *testing.T) {
	t.Parallel()
	s := ready(t)
	leo := s.at("leo")
	if _, err := leo.RemovePerson(t.Context(), "eva"); !errors.Is(err, ErrLastSecond) {
		t.Errorf("removed: %v", err)
	}
	if _, err := leo.Grant(t.Context(), "eva", s.grants("author")); !errors.Is(err, ErrLastSecond) {
		t.Errorf("degraded: %v", err)
	}
	if _, err := leo.Invite(t.Context(), people.Person{Login: "eva"}, nil); !errors.Is(err, ErrLastSecond) {
		t.Errorf("a new link: %v", err)
	}
	if _, err := s.RemovePerson(t.Context(), "eva"); !errors.Is(err, ErrLastSecond) {
		t.Errorf("on the machine, without a reason: %v", err)
	}
	if _, err := leo.OnMachine("I am in a hurry."); !errors.Is(err, ErrMayNot) {
		t.Errorf("at the desk, with a reason: %v", err)
	}
	if _, err := s.machine("She has left the ministry.").RemovePerson(t.Context(), "eva"); err != nil {
		t.Errorf("on the machine, with a reason: %v", err)
	}
}

// TestOnTheMachine: while nobody could agree the machine gives roles, and says so; then two
// have to agree to what is asked for there, or it is done for a reason that all are told.
func TestOnTheMachine(t *testing.T) {
	t.Parallel()
	s := newStaff(t)
	if g := s.invite(s.Desk, "leo", "operator"); g.Reason != "" || len(g.Waits) != 0 {
		t.Errorf("the first one: %+v", g)
	}
	s.come("leo")
	if g := s.invite(s.Desk, "eva", "approver"); g.Reason != SettingUp {
		t.Errorf("the first approver: %+v", g)
	}
	s.come("eva")
	if err := s.agree("leo", "eva"); err != nil {
		t.Errorf("the operator knows of it: %v", err)
	}
	if g := s.invite(s.Desk, "rui", "approver"); len(g.Waits) != 1 || s.may("rui", people.Approver) {
		t.Errorf("another one: %+v", g)
	}
	s.come("rui")
	if more, err := s.at("leo").Agree(t.Context(), "rui", s.shown("leo", "rui")); !more || err != nil || s.may("rui", people.Approver) {
		t.Errorf("agreed by one: %v, %v", more, err)
	}
	if err := s.agree("leo", "rui"); !errors.Is(err, ErrNotSecond) {
		t.Errorf("once more by the same: %v", err)
	}
	if err := s.agree("eva", "rui"); err != nil || !s.may("rui", people.Approver) {
		t.Errorf("agreed by two: %v", err)
	}
	if g := s.invite(s.machine("The house is empty."), "ines", "alone"); g.Reason != "The house is empty." || !s.may("ines", people.Alone) {
		t.Errorf("for a reason: %+v", g)
	}
	if got := (&office{room: s.room}).did("ines"); got != "ada invited" {
		t.Errorf("the audit says %s", got)
	}
}

// TestOneAddress: persons count, not accounts.
func TestOneAddress(t *testing.T) {
	t.Parallel()
	s := ready(t)
	invite := func(login, email string) error {
		_, err := s.at("leo").Invite(t.Context(), people.Person{Login: login, Email: email}, s.grants("author"))
		return err
	}
	if err := invite("b.costa", "b.costa@mfa.example"); err != nil {
		t.Fatal(err)
	}
	if err := invite("c.dias", "B.Costa@MFA.example"); !errors.Is(err, ErrSameAddress) {
		t.Errorf("another one with that address: %v", err)
	}
}

// TestBackupRevivesNoRight: what waited when a backup was made waits no longer.
func TestBackupRevivesNoRight(t *testing.T) {
	t.Parallel()
	s := ready(t)
	s.invite(s.at("leo"), "leo2", "approver")
	if err := s.Store.Update(t.Context(), func(tx *storage.Tx) error { return tx.EndAll() }); err != nil {
		t.Fatal(err)
	}
	if err := s.at("eva").Disagree(t.Context(), "leo2"); !errors.Is(err, press.ErrConflict) {
		t.Errorf("what waits: %v", err)
	}
}
