package newsroom

import (
	"errors"
	"testing"

	"communique/storage/people"
	"communique/storage/press"
)

// TestSigningIn: what somebody was held against must still stand when they are let in, and a
// one-time password is taken with it; an invitation is taken once.
func TestSigningIn(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	i, err := r.Invite(t.Context(), people.Person{Login: "a.silva"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if p, err := r.Invited(t.Context(), i.Token); err != nil || p.Login != "a.silva" {
			t.Errorf("whom the invitation is for: %q, %v", p.Login, err)
		}
	}
	if _, err := r.TakeInvitation(t.Context(), i.Token, "hash one"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.TakeInvitation(t.Context(), i.Token, "hash two"); !errors.Is(err, press.ErrNotFound) {
		t.Errorf("once more: %v", err)
	}
	known := func() Known {
		t.Helper()
		k, err := r.KnownByLogin(t.Context(), "a.silva")
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := known()
	if first.Password.Secret != "hash one" || first.TOTP.Secret != "" {
		t.Errorf("they sign in by %+v", first)
	}
	if _, err := r.SetSecondFactor(t.Context(), first, "JBSWY3DPEHPK3PXP", 10); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		what string
		err  error
		want error
	}{
		{"the password that was compared was changed", r.SignIn(t.Context(), first, NoStep), ErrChanged},
		{"a second factor that was set up twice", func() error { _, err := r.SetSecondFactor(t.Context(), first, "OTHER", 11); return err }(), ErrChanged},
		{"the step by which it was set up", r.SignIn(t.Context(), known(), 10), ErrUsed},
		{"the next one", r.SignIn(t.Context(), known(), 11), nil},
		{"the same again", r.Confirm(t.Context(), known(), 11), ErrUsed},
		{"a later one", r.Confirm(t.Context(), known(), 12), nil},
	} {
		if !errors.Is(step.err, step.want) {
			t.Errorf("%s: %v, want %v", step.what, step.err, step.want)
		}
	}
	k := known()
	if _, err := r.ChangePassword(t.Context(), k, "hash three"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ChangePassword(t.Context(), k, "hash four"); !errors.Is(err, ErrChanged) {
		t.Errorf("a password that was changed meanwhile: %v", err)
	}
}

// TestTwoAreNeededForGood: once somebody has taken an invitation the last one stays, also when
// what they signed in by is void.
func TestTwoAreNeededForGood(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	invite := func() Invitation {
		t.Helper()
		i, err := r.Invite(t.Context(), people.Person{Login: "a.silva"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	if _, err := r.TakeInvitation(t.Context(), invite().Token, "hash"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if off, err := r.RemovePerson(t.Context(), "a.silva"); off || !errors.Is(err, ErrLastOperator) {
			t.Errorf("removed: %t, %v", off, err)
		}
		if invite().First {
			t.Error("they are the first one again")
		}
	}
}
