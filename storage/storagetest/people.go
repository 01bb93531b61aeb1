package storagetest

import (
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// person adds somebody.
func (w *world) person(login string, grants ...people.Grant) (p people.Person) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		if p, err = tx.AddPerson(people.Person{Login: login, Name: "Ana Silva", Email: login + "@mfa.example"}); err != nil || len(grants) == 0 {
			return err
		}
		return tx.SetGrants(p.ID, grants)
	})
	return w.reread(p)
}

// reread reads somebody anew.
func (w *world) reread(p people.Person) (now people.Person) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		now, err = tx.Person(p.ID)
		return err
	})
	return now
}

// logins are those of the people who were not removed.
func (w *world) logins() (logins []string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		all, err := tx.People()
		for _, p := range all {
			logins = append(logins, p.Login)
		}
		return err
	})
	return logins
}

// invited is whom an invitation is for, or nobody.
func (w *world) invited(hash string) (login string) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		p, err := tx.Invited(hash)
		login = p.Login
		if errors.Is(err, press.ErrNotFound) {
			return nil
		}
		return err
	})
	return login
}

var peopleTests = map[string]func(*testing.T, *world){
	"somebody is found by id and login, with what they may do": func(_ *testing.T, w *world) {
		w.view(func(tx *storage.Tx) error {
			any, err := tx.HasPeople()
			w.same("anybody", false, any)
			return err
		})
		grants := []people.Grant{{Role: people.Approver, Section: w.ministry, Language: "fr"}, {Role: people.Author}}
		p := w.person("a.silva", grants...)
		w.same("grants", grants, p.Grants)
		w.same("name", "Ana Silva", p.Name)
		w.same("created", w.clock.Now().Truncate(time.Microsecond), p.Created)
		w.view(func(tx *storage.Tx) error {
			by, err := tx.PersonByLogin("a.silva")
			w.same("by login", p, by)
			return err
		})
		other := w.person("b.costa", people.Grant{Role: people.Reader})
		w.same("all", []string{"a.silva", "b.costa"}, w.logins())
		w.view(func(tx *storage.Tx) error {
			all, err := tx.People()
			w.same("each with their own", []people.Person{p, other}, all)
			return err
		})
	},

	"somebody is where they say, which ends no session": func(_ *testing.T, w *world) {
		p := w.person("a.silva")
		for _, zone := range []string{"Asia/Tokyo", "America/Argentina/Buenos_Aires", ""} {
			w.update(func(tx *storage.Tx) error { return tx.SetZone(p.ID, zone) })
			p.Zone = zone
			w.view(func(tx *storage.Tx) error {
				now, err := tx.Person(p.ID)
				w.same("they", p, now)
				return err
			})
		}
		for _, none := range []string{"Tokyo", "Local", "../../etc/passwd", "Asia/Tokyo\x00"} {
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error { return tx.SetZone(p.ID, none) })
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.SetZone("nobody", "Asia/Tokyo") })
	},

	"no two have one login, also when the first was removed": func(_ *testing.T, w *world) {
		p := w.person("a.silva")
		again := func(tx *storage.Tx) error {
			_, err := tx.AddPerson(people.Person{Login: "a.silva"})
			return err
		}
		w.refused(press.ErrConflict, again)
		w.update(func(tx *storage.Tx) error { return tx.RemovePerson(p.ID) })
		w.refused(press.ErrConflict, again)
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, err := tx.AddPerson(people.Person{Login: "A Silva"})
			return err
		})
	},

	"who is removed has nothing left but a name": func(_ *testing.T, w *world) {
		p := w.person("a.silva", people.Grant{Role: people.Operator})
		w.update(func(tx *storage.Tx) error { return tx.SetCredential(p.ID, people.Password, "hash") })
		w.update(func(tx *storage.Tx) error { return tx.RemovePerson(p.ID) })
		p = w.reread(p)
		w.same("name", "Ana Silva", p.Name)
		w.same("email", "", p.Email)
		w.same("may", false, p.MayAnywhere(people.Roles()...))
		w.same("all", []string(nil), w.logins())
		w.view(func(tx *storage.Tx) error {
			any, err := tx.HasPeople()
			w.same("anybody", false, any)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Credential(p.ID, people.Password)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.PersonByLogin("a.silva")
			return err
		})
		for _, change := range []func(tx *storage.Tx) error{
			func(tx *storage.Tx) error { return tx.SetGrants(p.ID, nil) },
			func(tx *storage.Tx) error { return tx.SetCredential(p.ID, people.Password, "hash") },
			func(tx *storage.Tx) error { return tx.Invite(p.ID, "hash", w.clock.Now().Add(time.Hour)) },
			func(tx *storage.Tx) error { return tx.RemovePerson(p.ID) },
		} {
			w.refused(press.ErrNotFound, change)
		}
	},

	"a role that does not exist is refused": func(_ *testing.T, w *world) {
		p := w.person("a.silva", people.Grant{Role: people.Author})
		err := w.store.Update(w.t.Context(), func(tx *storage.Tx) error {
			return tx.SetGrants(p.ID, []people.Grant{{Role: "emperor"}})
		})
		if !errors.Is(err, press.ErrInvalid) {
			w.t.Errorf("got %v", err)
		}
		w.same("still", p.Grants, w.reread(p).Grants)
	},
}

var credentialTests = map[string]func(*testing.T, *world){
	"each change moves the epoch": func(_ *testing.T, w *world) {
		p := w.person("a.silva")
		for _, change := range []func(tx *storage.Tx) error{
			func(tx *storage.Tx) error { return tx.SetGrants(p.ID, []people.Grant{{Role: people.Author}}) },
			func(tx *storage.Tx) error { return tx.SetCredential(p.ID, people.Password, "one") },
			func(tx *storage.Tx) error { return tx.SetCredential(p.ID, people.Password, "two") },
			func(tx *storage.Tx) error { return tx.DropCredentials(p.ID) },
			(*storage.Tx).EndAll,
			func(tx *storage.Tx) error { return tx.RemovePerson(p.ID) },
		} {
			before := w.reread(p).Epoch
			w.update(change)
			if after := w.reread(p).Epoch; after <= before {
				w.t.Errorf("the epoch went from %d to %d", before, after)
			}
		}
	},

	"a credential takes the place of the one before": func(_ *testing.T, w *world) {
		p := w.person("a.silva")
		for _, secret := range []string{"one", "two"} {
			w.update(func(tx *storage.Tx) error { return tx.SetCredential(p.ID, people.Password, secret) })
			w.view(func(tx *storage.Tx) error {
				c, err := tx.Credential(p.ID, people.Password)
				w.same("secret", secret, c.Secret)
				return err
			})
		}
		w.update(func(tx *storage.Tx) error { return tx.DropCredentials(p.ID) })
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Credential(p.ID, people.Password)
			return err
		})
	},

	"a one-time password works once, and none before it": func(_ *testing.T, w *world) {
		p := w.person("a.silva")
		w.update(func(tx *storage.Tx) error { return tx.SetCredential(p.ID, people.TOTP, "key") })
		for _, step := range []struct {
			step int64
			want bool
		}{{7, true}, {7, false}, {6, false}, {8, true}} {
			w.update(func(tx *storage.Tx) error {
				taken, err := tx.TakeStep(p.ID, step.step)
				w.same("taken", step.want, taken)
				return err
			})
		}
	},

	"an invitation is taken once, in time, and if nothing has changed since": func(_ *testing.T, w *world) {
		p := w.person("a.silva")
		until := func() time.Time { return w.clock.Now().Add(time.Hour) }
		invite := func(hash string) {
			w.update(func(tx *storage.Tx) error { return tx.Invite(p.ID, hash, until()) })
		}
		invite("first")
		invite("second")
		w.same("an earlier one", "", w.invited("first"))
		w.same("the last", "a.silva", w.invited("second"))
		w.update(func(tx *storage.Tx) error {
			_, err := tx.TakeInvitation("second")
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.TakeInvitation("second")
			return err
		})
		invite("third")
		w.clock.Pass(time.Hour)
		w.same("too late", "", w.invited("third"))
		invite("fourth")
		w.update(func(tx *storage.Tx) error { return tx.SetGrants(p.ID, nil) })
		w.same("after a change", "", w.invited("fourth"))
		invite("fifth")
		w.update((*storage.Tx).EndAll)
		w.same("after all were ended", "", w.invited("fifth"))
	},

	"a session is kept until its time, or until it is ended": func(_ *testing.T, w *world) {
		put := func(hash, data string, lasts time.Duration) {
			w.update(func(tx *storage.Tx) error { return tx.PutSession(hash, []byte(data), w.clock.Now().Add(lasts)) })
		}
		read := func(hash string) (data string) {
			w.view(func(tx *storage.Tx) error {
				got, err := tx.Session(hash)
				data = string(got)
				if errors.Is(err, press.ErrNotFound) {
					return nil
				}
				return err
			})
			return data
		}
		put("one", "a", time.Hour)
		put("one", "b", time.Hour)
		put("two", "c", time.Minute)
		w.same("the last data", "b", read("one"))
		w.clock.Pass(time.Minute)
		w.same("over", "", read("two"))
		w.update((*storage.Tx).DropEndedSessions)
		w.same("still", "b", read("one"))
		w.update(func(tx *storage.Tx) error { return tx.EndSession("one") })
		w.same("ended", "", read("one"))
		put("three", "d", time.Hour)
		w.update((*storage.Tx).EndAll)
		w.same("all ended", "", read("three"))
	},
	"what is to be agreed to of somebody waits until it is taken away": func(_ *testing.T, w *world) {
		p, asks := w.person("a.silva"), w.person("b.costa")
		read := func() (a people.Agreement, there bool) {
			w.view(func(tx *storage.Tx) (err error) {
				a, there, err = tx.Agreement(p.ID)
				return err
			})
			return a, there
		}
		set := func(a people.Agreement) {
			w.update(func(tx *storage.Tx) error { return tx.SetAgreement(a) })
		}
		waits := people.Agreement{Person: p.ID, AskedBy: asks.ID, LinkedBy: asks.ID, Grants: []people.Grant{{Role: people.Approver, Section: w.ministry, Language: "fr"}, {Role: people.Operator}}}
		set(people.Agreement{Person: p.ID, Reason: "night", Grants: []people.Grant{{Role: people.Alone}}})
		set(waits)
		waits.Asked = w.clock.Now().Truncate(time.Microsecond)
		got, there := read()
		w.same("there", true, there)
		w.same("in place of what was", waits, got)
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Agreements()
			w.same("all", []people.Agreement{waits}, all)
			return err
		})
		w.update((*storage.Tx).EndAll)
		got, _ = read()
		w.same("no right waits after all were ended", 0, len(got.Grants))
		w.same("who had the link is known still", asks.ID, got.LinkedBy)
		w.update(func(tx *storage.Tx) error { return tx.DropAgreement(p.ID) })
		_, there = read()
		w.same("taken away", false, there)
		set(waits)
		w.update(func(tx *storage.Tx) error { return tx.RemovePerson(p.ID) })
		_, there = read()
		w.same("of who was removed", false, there)
	},
	"a passkey is bound to the host of the first, and to one person": func(_ *testing.T, w *world) {
		p, other := w.person("a.silva"), w.person("b.costa")
		add := func(of people.Person, id, rp string) error {
			return w.store.Update(w.t.Context(), func(tx *storage.Tx) error {
				return tx.AddPasskey(of.ID, people.Passkey{ID: id, RP: rp, Name: "telephone", Credential: []byte(`{}`)})
			})
		}
		for _, step := range []struct {
			of     people.Person
			id, rp string
			want   error
		}{
			{p, "one", "desk.mfa.example", nil},
			{p, "two", "desk.mfa.example", nil},
			{p, "one", "desk.mfa.example", press.ErrConflict},
			{other, "two", "desk.mfa.example", press.ErrConflict},
			{other, "three", "elsewhere.example", press.ErrConflict},
		} {
			if err := add(step.of, step.id, step.rp); !errors.Is(err, step.want) {
				w.t.Errorf("%s for %s: %v, want %v", step.id, step.of.Login, err, step.want)
			}
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.UsePasskey(other.ID, "one", []byte(`{}`)) })
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.DropPasskey(other.ID, "one") })
		w.update(func(tx *storage.Tx) error { return tx.UsePasskey(p.ID, "one", []byte(`{"used":1}`)) })
		before := w.reread(p).Epoch
		w.update(func(tx *storage.Tx) error { return tx.DropPasskey(p.ID, "two") })
		w.same("its epoch moves", true, w.reread(p).Epoch > before)
		w.view(func(tx *storage.Tx) error {
			all, err := tx.Passkeys(p.ID)
			w.same("left", 1, len(all))
			w.same("used", `{"used":1}`, string(all[0].Credential))
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.DropCredentials(p.ID) })
		w.view(func(tx *storage.Tx) error {
			rp, err := tx.PasskeyHost()
			w.same("bound to nothing when there is none", "", rp)
			return err
		})
	},
	"whom a provider knows is one person, also when they were removed": func(_ *testing.T, w *world) {
		p, other := w.person("a.silva"), w.person("b.costa")
		const issuer = "https://login.mfa.example"
		came := func() (came bool) {
			w.view(func(tx *storage.Tx) (err error) {
				came, err = tx.Came(p.ID)
				return err
			})
			return came
		}
		w.same("before they have come", false, came())
		w.refused(people.ErrUnknown, func(tx *storage.Tx) error {
			_, err := tx.Identified(issuer, "1")
			return err
		})
		w.update(func(tx *storage.Tx) error { return tx.AddIdentity(p.ID, issuer, "1") })
		w.same("they can sign in", true, came())
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { return tx.AddIdentity(other.ID, issuer, "1") })
		w.update(func(tx *storage.Tx) error { return tx.RemovePerson(p.ID) })
		w.view(func(tx *storage.Tx) error {
			got, err := tx.Identified(issuer, "1")
			w.same("removed", false, got.Removed.IsZero())
			return err
		})
		w.refused(people.ErrUnknown, func(tx *storage.Tx) error {
			_, err := tx.Identified("https://other.example", "1")
			return err
		})
	},

	"a rule of how many persons it takes is asked for, and then holds": func(_ *testing.T, w *world) {
		rules := func() (all []people.Rule) {
			w.view(func(tx *storage.Tx) (err error) {
				all, err = tx.Rules()
				return err
			})
			return all
		}
		at := w.clock.Now().Truncate(time.Microsecond)
		w.same("before", []people.Rule(nil), rules())
		w.update(func(tx *storage.Tx) error { return tx.AskForRule(w.ministry, people.Release, 1, "ana") })
		w.same("asked", []people.Rule{{Section: w.ministry, Act: people.Release, Since: at, Asked: 1, AskedBy: "ana", AskedAt: at}}, rules())
		w.update(func(tx *storage.Tx) error { return tx.AskForRule(w.ministry, people.Release, people.NotAsked, "") })
		w.same("no longer", people.NotAsked, rules()[0].Asked)
		w.update(func(tx *storage.Tx) error { return tx.AskForRule(w.ministry, people.Release, 1, "ana") })
		w.clock.Pass(time.Hour)
		since := w.clock.Now().Truncate(time.Microsecond)
		w.update(func(tx *storage.Tx) error { return tx.SetRule(w.ministry, people.Release, 1) })
		loose := people.Rule{Section: w.ministry, Act: people.Release, Persons: 1, Since: since, Asked: people.NotAsked}
		w.same("it holds", []people.Rule{loose}, rules())
		w.clock.Pass(time.Hour)
		w.update(func(tx *storage.Tx) error { return tx.AskForRule(w.ministry, people.Release, 0, "ana") })
		w.same("since, while another is asked for", since, rules()[0].Since)
		w.update(func(tx *storage.Tx) error { return tx.SetRule(press.Root, people.Withdrawal, 2) })
		w.update((*storage.Tx).EndAll)
		left := rules()
		w.same("of a backup that is put back", 1, len(left))
		w.same("what takes two", people.Withdrawal, left[0].Act)
	},
}
