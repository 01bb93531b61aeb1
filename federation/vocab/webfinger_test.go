package vocab

import (
	"errors"
	"strings"
	"testing"
)

// FuzzReadJRD: what another server's WebFinger answers names an actor, or none.
func FuzzReadJRD(f *testing.F) {
	f.Add([]byte(`{"subject":"acct:ana@a.example","links":[{"rel":"self","type":"application/activity+json","href":"https://a.example/ana"}]}`))
	f.Add([]byte(`{"links":[{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"x"}]}`))
	f.Add([]byte(`{"links":{"rel":"self"}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		j, err := ReadJRD(document)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		if id, ok := j.Self(); ok && id == "" {
			t.Error("the empty id is somebody's")
		}
	})
}

// FuzzParseHandle: a handle is a name and a host, and can be put together again.
func FuzzParseHandle(f *testing.F) {
	for _, s := range []string{"acct:ministry@mfa.example", "@a@b", "a@b@c", "ACCT:a@b:80", "@", "a@", "acct:", "a@b/c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		user, host, ok := ParseHandle(text)
		if !ok {
			return
		}
		if user == "" || host == "" || strings.ContainsAny(host, "@/?#") || !strings.HasSuffix(text, user+"@"+host) {
			t.Errorf("%q is %q at %q", text, user, host)
		}
		if again, at, ok := ParseHandle("acct:" + user + "@" + host); !ok || again != user || at != host {
			t.Errorf("%q is %q at %q, and then %q at %q", text, user, host, again, at)
		}
	})
}
